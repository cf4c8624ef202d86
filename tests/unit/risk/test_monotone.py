"""The certificate proves what it says, and refuses what is false."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.risk.monotone import certify


def data(seed: int = 0, rows: int = 3000):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 4))
    X[:, 3] = rng.integers(0, 6, rows)
    X[rng.random(rows) < 0.2, 1] = np.nan
    log_odds = X[:, 0] + np.nan_to_num(X[:, 1]) ** 2 + 0.5 * (X[:, 3] % 2)
    return X, (rng.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)


def grown(signs, method="basic", seed: int = 0, leaves: int = 15):
    X, y = data(seed)
    parameters = {
        "objective": "binary",
        "num_leaves": leaves,
        "learning_rate": 0.2,
        "verbose": -1,
        "num_threads": 1,
        "min_data_in_leaf": 5,
        "seed": seed,
    }
    if signs:
        parameters |= {"monotone_constraints": signs, "monotone_constraints_method": method}
    names = ["a", "b", "c", "d"]
    train = lightgbm.Dataset(X, y, feature_name=names, categorical_feature=[3])
    return lightgbm.train(parameters, train, 30)


@pytest.mark.parametrize("seed", range(5))
def test_constrained_trees_are_certified_and_a_grid_agrees(seed):
    booster = grown([1, 0, 0, 0], seed=seed)
    certificate = certify(booster.model_to_string(), {"a": 1})
    assert certificate.holds
    assert certificate.pairs_checked > 0
    X, _ = data(seed + 100, 200)
    X = np.repeat(X, 50, axis=0)
    X[:, 0] = np.tile(np.linspace(-3, 3, 50), 200)
    raw = booster.predict(X, raw_score=True, num_threads=1).reshape(200, 50)
    assert np.all(np.diff(raw, axis=1) >= 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_refusal_names_two_inputs_on_which_the_tree_really_goes_wrong(seed):
    booster = grown(None, seed=seed)
    for feature, sign in (("b", 1), ("b", -1), ("a", -1), ("c", 1)):
        certificate = certify(booster.model_to_string(), {feature: sign})
        assert not certificate.holds
        result = certificate.counterexample
        assert result.feature == feature
        assert result.low[feature] < result.high[feature]
        assert {k: v for k, v in result.low.items() if k != feature} == {
            k: v for k, v in result.high.items() if k != feature
        }
        low, high = (
            _predict_one_tree(booster, result.tree, each) for each in (result.low, result.high)
        )
        assert (low, high) == (result.value_low, result.value_high)
        assert sign * low > sign * high


def _predict_one_tree(booster, tree, values):
    row = [[np.nan if values.get(n, 0.0) is None else values.get(n, 0.0) for n in "abcd"]]
    X = np.array(row)
    return booster.predict(X, raw_score=True, start_iteration=tree, num_iteration=1)[0]


def test_falling_directions_are_the_mirror_of_rising_ones():
    text = grown([1, 0, 0, 0]).model_to_string()
    assert certify(text, {"a": 1}).holds
    assert not certify(text, {"a": -1}).holds


def test_features_may_be_renamed_and_unused_directions_are_left_out():
    certificate = certify(
        grown([1, 0, 0, 0]).model_to_string(), {"income": 1, "gone": -1}, ["income", "b", "c", "d"]
    )
    assert certificate.holds
    assert certificate.directions == {"income": 1}


def test_a_direction_of_a_category_is_refused():
    with pytest.raises(BadInput, match="category"):
        certify(grown(None).model_to_string(), {"d": 1})


def test_text_that_is_not_a_model_is_refused():
    with pytest.raises(BadInput, match="not a LightGBM"):
        certify("hello", {"a": 1})
