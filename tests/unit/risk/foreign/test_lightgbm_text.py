"""LightGBM's own predictions are the oracle, to the bit."""

from __future__ import annotations

import re

import lightgbm
import numpy as np
import pandas as pd
import pytest
from foreign_models import coded, probabilities, sums
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.risk.foreign import TreeSum
from equipoise.risk.foreign.lightgbm_text import read

TINY = [0.0, -0.0, 1e-35, 1.0000000180025095e-35, 1.1e-35, -1e-35, 5e-324, 1e300, np.inf, -np.inf]


def _training(seed: int, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=(rows, 2)), rng.integers(0, 40, rows)])
    x[:, 1] = np.round(x[:, 1], 1)
    x[rng.random(rows) < 0.2, 0] = np.nan
    x[rng.random(rows) < 0.2, 1] = 0.0
    lift = np.where(x[:, 2] % 3 == 0, 1.0, -1.0) + np.nan_to_num(x[:, 0], nan=1.5) - x[:, 1]
    return x, (rng.random(rows) < 1 / (1 + np.exp(-lift))).astype(float)


def _rows(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = np.column_stack([rng.normal(size=(300, 2)), rng.integers(-3, 90, 300)])
    odd = rng.choice([*TINY, np.nan, -0.5, 0.5], rows.shape)
    return np.where(rng.random(rows.shape) < 0.2, odd, rows)


def _booster(seed: int = 0, trees: int = 8, **options: object) -> lightgbm.Booster:
    x, y = _training(seed)
    chosen = {
        "objective": "binary", "verbose": -1, "seed": 1, "num_threads": 1, "num_leaves": 8,
        "min_data_in_leaf": 5, "min_data_per_group": 5, "cat_smooth": 1, **options,
    }  # fmt: skip
    return lightgbm.train(chosen, lightgbm.Dataset(x, y, categorical_feature=[2]), trees)


def _assert_same(booster: lightgbm.Booster, rows: np.ndarray) -> None:
    model = read(booster.model_to_string().encode())
    expected = booster.predict(rows, num_threads=1)
    np.testing.assert_array_equal(probabilities(model, rows), expected)


@settings(max_examples=12)
@given(
    seed=st.integers(0, 10_000),
    leaves=st.integers(2, 12),
    sigmoid=st.sampled_from([1.0, 1.0, 0.7, 2.0]),
    zero=st.booleans(),
    use_missing=st.booleans(),
    onehot=st.sampled_from([1, 64]),
)
def test_probabilities_equal_lightgbms_to_the_bit(
    *, seed: int, leaves: int, sigmoid: float, zero: bool, use_missing: bool, onehot: int
) -> None:
    booster = _booster(
        seed, 6, num_leaves=leaves, sigmoid=sigmoid, zero_as_missing=zero,
        use_missing=use_missing, max_cat_to_onehot=onehot,
    )  # fmt: skip
    _assert_same(booster, _rows(seed + 1))


@pytest.mark.parametrize(
    "options",
    [
        {"boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1, "sigmoid": 2.0},
        {"boosting": "dart", "drop_rate": 0.5},
        {"objective": "cross_entropy"},
        {"is_unbalance": True, "extra_trees": True},
        {"monotone_constraints": [1, -1, 0], "path_smooth": 1.0},
        {"data_sample_strategy": "goss", "learning_rate": 0.5},
    ],
)
def test_every_way_of_boosting_is_read(options: dict[str, object]) -> None:
    _assert_same(_booster(**options), _rows(7))


def test_a_tree_of_one_leaf_is_read() -> None:
    _assert_same(_booster(min_data_in_leaf=10_000), _rows(3))


def test_covers_are_the_training_rows_of_each_leaf() -> None:
    model = read(_booster(trees=2).model_to_string().encode()).model
    assert isinstance(model, TreeSum)
    assert len(model.covers) == len(model.trees.values)
    assert model.covers.sum() == 2 * 400


def _frame(rows: int = 600) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({
        "net income": rng.normal(size=rows).round(2),
        "home": pd.Categorical(rng.choice(["rent", "own", "élève", "free"], rows)),
        "branch": pd.Categorical(rng.choice([3, 70, 9], rows)),
        "grade": pd.Categorical(rng.choice(list("ABCD"), rows), list("ABCD"), ordered=True),
    })  # fmt: skip
    lift = frame["net income"] + (frame["home"] == "rent") - (frame["branch"] == 70)
    lift += frame["grade"].cat.codes * 0.5
    return frame, (rng.random(rows) < 1 / (1 + np.exp(-lift))).astype(float).to_numpy()


def test_pandas_categories_are_read_by_their_names() -> None:
    frame, y = _frame()
    options = {"objective": "binary", "verbose": -1, "min_data_per_group": 5, "num_threads": 1}
    booster = lightgbm.train(options, lightgbm.Dataset(frame, y), 8)
    model = read(booster.model_to_string().encode())
    assert [each.name for each in model.features] == ["net_income", "home", "branch", "grade"]
    kinds = [each.kind for each in model.features]
    assert kinds == ["number", "category", "number", "category"]
    assert model.features[1].categories == ("free", "own", "rent", "élève")
    columns = {
        "net_income": frame["net income"].tolist(),
        "home": [None if at % 7 == 0 else each for at, each in enumerate(frame["home"])],
        "branch": frame["branch"].tolist(),
        "grade": ["unheard of" if at % 11 == 0 else each for at, each in enumerate(frame["grade"])],
    }
    frame["home"] = pd.Categorical(columns["home"], frame["home"].cat.categories)
    frame["grade"] = pd.Categorical(
        [None if each == "unheard of" else each for each in columns["grade"]],
        list("ABCD"),
        ordered=True,
    )
    result = probabilities(model, coded(model, columns))
    np.testing.assert_array_equal(result, booster.predict(frame, num_threads=1))


def test_two_readings_of_the_categories_are_refused() -> None:
    """An ordered category beside an integer column of the same range: the file does not say."""
    frame, y = _frame()
    frame["late"] = frame["grade"].cat.codes.astype(float)
    booster = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(frame, y), 2)
    with pytest.raises(BadInput, match="does not say which features"):
        read(booster.model_to_string().encode())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"linear_tree": True}, "linear trees"),
        ({"objective": "multiclass", "num_class": 2}, "2 classes"),
        ({"objective": "regression"}, "objective is 'regression'"),
        ({"objective": "cross_entropy_lambda"}, "objective is 'cross_entropy_lambda'"),
    ],
)
def test_what_is_no_probability_is_refused_by_name(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read(_booster(trees=1, **options).model_to_string().encode())


def test_a_custom_objectives_file_is_refused() -> None:
    x, y = _training(1)

    def gradient(scores: np.ndarray, data: lightgbm.Dataset) -> tuple[np.ndarray, np.ndarray]:
        chance = 1 / (1 + np.exp(-scores))
        return chance - data.get_label(), chance * (1 - chance)

    booster = lightgbm.train({"objective": gradient, "verbose": -1}, lightgbm.Dataset(x, y), 2)
    with pytest.raises(BadInput, match="custom"):
        read(booster.model_to_string().encode())


_DAMAGES = [
    (r"(?s)\nend of trees.*", "", "cut off"),
    (r"(?s)\nTree=1\n.*?\nend of trees", "\nend of trees", "lists 2 trees and holds 1"),
    (r"split_feature=\d+", "split_feature=7", "beyond the 3"),
    (r"split_feature=\d+", "split_feature=-1", "beyond the 3"),
    (r"left_child=\S+", "left_child=0", "circle"),
    (r"left_child=\S+", "left_child=-900", "no parent|holds|damaged"),
    (r"leaf_value=\S+ ", "leaf_value=", "one leaf more"),
    (r"threshold=\S+", "threshold=nan", "damaged"),
    (r"threshold=\S+", "threshold=soon", "damaged"),
    (r"decision_type=\S+", "decision_type=64", "unknown decision type"),
    (r"cat_threshold=\S+", "cat_threshold=", "damaged"),
    (r"cat_boundaries=0 \d+", "cat_boundaries=0 900000", "damaged"),
    (r"^tree\n", "graph\n", "no LightGBM model"),
    (r"sigmoid:1", "sigmoid:0", "damaged"),
]


@pytest.mark.parametrize(("pattern", "replacement", "message"), _DAMAGES)
def test_a_damaged_file_is_refused(pattern: str, replacement: str, message: str) -> None:
    text = _booster(trees=2).model_to_string()
    broken = re.sub(pattern, replacement, text, count=1)
    assert broken != text
    with pytest.raises(BadInput, match=message):
        read(broken.encode())


def test_windows_line_ends_change_nothing() -> None:
    text = _booster(trees=2).model_to_string()
    ours, theirs = read(text.encode()), read(text.replace("\n", "\r\n").encode())
    np.testing.assert_array_equal(sums(ours, _rows(1)), sums(theirs, _rows(1)))


def test_the_form_of_version_2_is_read() -> None:
    """It had no end of trees, and a space in the name of what follows."""
    text = _booster(trees=2).model_to_string()
    older = text.replace("\nend of trees\n\nfeature_importances:", "\nfeature importances:")
    assert older != text
    result = sums(read(older.replace("version=v4", "version=v2").encode()), _rows(1))
    np.testing.assert_array_equal(result, sums(read(text.encode()), _rows(1)))


def test_columns_without_names_are_said() -> None:
    (note,) = read(_booster(trees=1).model_to_string().encode()).notes
    assert "Column_0 is the first column" in note
