"""LightGBM's own predictions are the oracle, on rows with missing and unseen values."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.risk.trees import Trees


def _booster(**options: object) -> lightgbm.Booster:
    rng = np.random.default_rng(3)
    x = np.column_stack([rng.normal(size=(3000, 3)), rng.integers(0, 40, 3000)])
    x[rng.random(3000) < 0.2, 0] = np.nan
    lift = np.where(x[:, 3] % 3 == 0, 1.0, -1.0) + np.nan_to_num(x[:, 0], nan=1.5) - x[:, 1]
    y = (rng.random(3000) < 1 / (1 + np.exp(-lift))).astype(float)
    settings = {"objective": "binary", "verbose": -1, "seed": 1, "num_threads": 1, **options}
    data = lightgbm.Dataset(x, y, categorical_feature=[3], free_raw_data=False)
    return lightgbm.train(settings, data, 30)


def _rows() -> np.ndarray:
    rng = np.random.default_rng(4)
    rows = np.column_stack([rng.normal(size=(2000, 3)), rng.integers(-3, 90, 2000)])
    rows[rng.random(rows.shape) < 0.15] = np.nan
    rows[rng.random(rows.shape) < 0.05] = 0.0
    return rows


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"monotone_constraints": [1, -1, 0, 0]},
        {"zero_as_missing": True},
        {"use_missing": False},
        {"num_leaves": 2, "max_cat_to_onehot": 64},
    ],
)
def test_raw_scores_equal_lightgbms_to_the_bit(options: dict[str, object]) -> None:
    booster, rows = _booster(**options), _rows()
    expected = booster.predict(rows, raw_score=True, num_threads=1)
    np.testing.assert_array_equal(Trees.read(booster.model_to_string()).raw(rows), expected)


def test_one_row_scores_as_it_does_among_many() -> None:
    trees, rows = Trees.read(_booster().model_to_string()), _rows()[:50]
    alone = np.array([trees.raw(row[None, :])[0] for row in rows])
    np.testing.assert_array_equal(alone, trees.raw(rows))


def test_a_tree_without_leaves_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        Trees.read("tree\n\nTree=0\nnum_leaves=3\n\n")
