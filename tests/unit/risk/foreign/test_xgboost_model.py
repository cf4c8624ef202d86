"""XGBoost's own predictions are the oracle, to the bit of its float32."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xgboost
from foreign_models import coded, probabilities, sums
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.risk.foreign.xgboost_model import read


def _training(seed: int, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=(rows, 2)), rng.integers(0, 40, rows)])
    x[:, 1] = np.round(x[:, 1], 1)
    x[rng.random(rows) < 0.2, 0] = np.nan
    lift = np.where(x[:, 2] % 3 == 0, 1.0, -1.0) + np.nan_to_num(x[:, 0], nan=1.5) - x[:, 1]
    return x, (rng.random(rows) < 1 / (1 + np.exp(-lift))).astype(float)


def _rows(seed: int) -> np.ndarray:
    """Numbers that float32 rounds, on both sides of thresholds, and missing ones."""
    rng = np.random.default_rng(seed)
    rows = np.column_stack([rng.normal(size=(300, 2)), rng.integers(0, 45, 300)])
    near = np.round(rows, 1) + rng.normal(scale=1e-9, size=rows.shape)
    rows = np.where(rng.random(rows.shape) < 0.3, near, rows)
    rows[:, 2] = np.round(rows[:, 2])
    return np.where(rng.random(rows.shape) < 0.2, np.nan, rows)


def _booster(seed: int = 0, trees: int = 8, **options: object) -> xgboost.Booster:
    x, y = _training(seed)
    chosen = {
        "objective": "binary:logistic", "nthread": 1, "max_depth": 3, "seed": 1, "verbosity": 0,
        **options,
    }  # fmt: skip
    kinds = ["q", "q", "c"] if options.get("max_cat_to_onehot") else None
    data = xgboost.DMatrix(x, y, feature_types=kinds, enable_categorical=bool(kinds))
    return xgboost.train(chosen, data, trees)


def _predictions(booster: xgboost.Booster, rows: np.ndarray, *, margin: bool) -> np.ndarray:
    kinds = booster.feature_types
    data = xgboost.DMatrix(rows, feature_types=kinds, enable_categorical=bool(kinds))
    return booster.predict(data, output_margin=margin).astype(np.float64)


def _assert_same(booster: xgboost.Booster, rows: np.ndarray) -> None:
    for raw in (booster.save_raw("json"), booster.save_raw("ubj")):
        model = read(bytes(raw))
        np.testing.assert_array_equal(sums(model, rows), _predictions(booster, rows, margin=True))
        expected = _predictions(booster, rows, margin=False)
        np.testing.assert_array_equal(probabilities(model, rows), expected)


@settings(max_examples=12)
@given(
    seed=st.integers(0, 10_000),
    depth=st.integers(1, 4),
    base_score=st.sampled_from([None, 0.5, 0.03, 0.9]),
    onehot=st.sampled_from([None, 1, 64]),
    method=st.sampled_from(["hist", "exact"]),
)
def test_probabilities_equal_xgboosts_to_the_bit(
    *, seed: int, depth: int, base_score: float | None, onehot: int | None, method: str
) -> None:
    options: dict[str, object] = {"max_depth": depth, "base_score": base_score}
    options |= {"max_cat_to_onehot": onehot} if onehot else {"tree_method": method}
    _assert_same(_booster(seed, 6, **options), _rows(seed + 1))


@pytest.mark.parametrize(
    "options",
    [
        {"booster": "dart", "rate_drop": 0.5, "one_drop": 1},
        {"num_parallel_tree": 5, "subsample": 0.6},
        {"objective": "reg:logistic"},
        {"grow_policy": "lossguide", "max_leaves": 6, "max_depth": 0},
        {"scale_pos_weight": 4.0, "monotone_constraints": "(1,-1,0)"},
        {"tree_method": "exact", "gamma": 2.0},
    ],
)
def test_every_way_of_boosting_is_read(options: dict[str, object]) -> None:
    _assert_same(_booster(**options), _rows(7))


def test_raw_logits_become_probabilities() -> None:
    booster, rows = _booster(objective="binary:logitraw"), _rows(2)
    model = read(bytes(booster.save_raw("json")))
    np.testing.assert_array_equal(sums(model, rows), _predictions(booster, rows, margin=False))
    assert "sigmoid" in " ".join(model.notes)


def test_many_base_scores_give_xgboosts_margins() -> None:
    rng = np.random.default_rng(1)
    data = xgboost.DMatrix(np.zeros((1, 1)), label=[1.0])
    for score in [*rng.random(60).tolist(), 1e-6, 0.999999]:
        options = {"objective": "binary:logistic", "base_score": score, "nthread": 1, "eta": 0.0}
        booster = xgboost.train(options, data, 1)
        (margin,) = sums(read(bytes(booster.save_raw("json"))), np.zeros((1, 1)))
        assert margin == float(booster.predict(data, output_margin=True)[0])


def _frame() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({
        "net income": rng.normal(size=600).round(2),
        "home": pd.Categorical(rng.choice(["rent", "own", "other", "free"], 600)),
        "branch": pd.Categorical(rng.choice([3, 70, 9], 600)),
    })  # fmt: skip
    lift = frame["net income"] + (frame["home"] == "rent") - (frame["branch"] == 70)
    return frame, (rng.random(600) < 1 / (1 + np.exp(-lift))).astype(float).to_numpy()


@pytest.mark.parametrize("form", ["json", "ubj"])
def test_stored_categories_are_read_by_their_names(form: str) -> None:
    frame, y = _frame()
    data = xgboost.DMatrix(frame, y, enable_categorical=True)
    booster = xgboost.train({"objective": "binary:logistic", "nthread": 1}, data, 8)
    model = read(bytes(booster.save_raw(form)))
    assert [each.name for each in model.features] == ["net income", "home", "branch"]
    assert model.features[1].categories == ("free", "other", "own", "rent")
    assert model.features[2].kind == "number"
    columns = {name: frame[name].tolist() for name in frame}
    columns["home"][:60] = [None] * 60
    frame["home"] = pd.Categorical(columns["home"], frame["home"].cat.categories)
    expected = booster.predict(xgboost.DMatrix(frame, enable_categorical=True))
    result = probabilities(model, coded(model, columns))
    np.testing.assert_array_equal(result, expected.astype(np.float64))


def test_categories_that_xgboost_cuts_off_are_refused() -> None:
    """It counts characters and stores bytes: of "élève" the file keeps "élè"."""
    frame, y = _frame()
    frame["home"] = frame["home"].cat.rename_categories({"other": "élève"})
    data = xgboost.DMatrix(frame, y, enable_categorical=True)
    booster = xgboost.train({"objective": "binary:logistic", "nthread": 1}, data, 1)
    with pytest.raises(BadInput, match="beyond ASCII"):
        read(bytes(booster.save_raw("json")))


def test_categories_without_names_stay_codes_and_are_said() -> None:
    notes = read(bytes(_booster(max_cat_to_onehot=1).save_raw("json"))).notes
    assert any("f2 as codes" in note for note in notes)


def test_early_stopping_is_said_with_both_readings() -> None:
    x, y = _training(3)
    data, valid = xgboost.DMatrix(x, y), xgboost.DMatrix(*_training(4))
    options = {"objective": "binary:logistic", "eta": 0.9, "max_depth": 6, "nthread": 1}
    booster = xgboost.train(
        options,
        data,
        60,
        evals=[(valid, "valid")],
        early_stopping_rounds=3,
        verbose_eval=False,
    )
    note = next(each for each in read(bytes(booster.save_raw("json"))).notes if "early" in each)
    assert f"best round is {booster.best_iteration + 1} of {booster.num_boosted_rounds()}" in note
    _assert_same(booster, _rows(5))
    _assert_same(booster[: booster.best_iteration + 1], _rows(5))


def test_the_form_of_older_versions_is_read() -> None:
    """1.x and 2.x wrote no stored categories, a bare base score and true for 1."""
    booster, rows = _booster(base_score=0.2), _rows(3)
    data = json.loads(booster.save_raw("json"))
    learner = data["learner"]
    learner["learner_model_param"]["base_score"] = "2E-1"
    del learner["learner_model_param"]["num_target"], learner["feature_types"]
    model = learner["gradient_booster"]["model"]
    del model["cats"], model["iteration_indptr"]
    for tree in model["trees"]:
        tree["default_left"] = [bool(each) for each in tree["default_left"]]
        for name in ("categories", "categories_nodes", "categories_segments", "categories_sizes"):
            del tree[name]
        del tree["split_type"]
    expected = _predictions(booster, rows, margin=True)
    np.testing.assert_array_equal(sums(read(json.dumps(data).encode()), rows), expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"booster": "gblinear"}, "booster is 'gblinear'"),
        ({"objective": "multi:softprob", "num_class": 2}, "objective is 'multi:softprob'"),
        ({"objective": "rank:pairwise"}, "objective is 'rank:pairwise'"),
        ({"objective": "survival:cox"}, "objective is 'survival:cox'"),
        ({"objective": "reg:squarederror"}, "objective is 'reg:squarederror'"),
        ({"objective": "binary:hinge"}, "objective is 'binary:hinge'"),
    ],
)
def test_what_is_no_probability_is_refused_by_name(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read(bytes(_booster(trees=1, **options).save_raw("json")))


def test_a_configuration_is_no_model() -> None:
    with pytest.raises(BadInput, match="a configuration, without trees"):
        read(_booster(trees=1).save_config().encode())


def test_several_targets_are_refused() -> None:
    x, y = _training(1)
    options = {"objective": "binary:logistic", "nthread": 1}
    booster = xgboost.train(options, xgboost.DMatrix(x, np.column_stack([y, 1 - y])), 2)
    with pytest.raises(BadInput, match="2 outputs"):
        read(bytes(booster.save_raw("json")))


def _changed(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> bytes:
    """The file of a small model after `change(learner, first tree)`."""
    data = json.loads(_booster(trees=2).save_raw("json"))
    change(data["learner"], data["learner"]["gradient_booster"]["model"]["trees"][0])
    return json.dumps(data).encode()


def _put(name: str, place: int, value: object) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    def change(_: dict[str, Any], tree: dict[str, Any]) -> None:
        tree[name][place] = value

    return change


def _set(name: str, value: str) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    return lambda learner, _: learner["learner_model_param"].update({name: value})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_put("left_children", 0, 0), "circle|damaged"),
        (_put("left_children", 1, 0), "circle|damaged"),
        (_put("left_children", 1, 900), "circle|damaged"),
        (_put("right_children", 1, -3), "circle|damaged"),
        (_put("left_children", 1, "x"), "damaged"),
        (_put("split_indices", 0, 17), "beyond the 3"),
        (_put("split_conditions", 0, None), "damaged"),
        (_put("split_conditions", 0, float("nan")), "no threshold"),
        (_put("split_conditions", -1, float("inf")), "leaf"),
        (_put("split_type", 0, 1), "has no set"),
        (lambda _, tree: tree.pop("right_children"), "damaged"),
        (lambda _, tree: tree["tree_param"].update(size_leaf_vector="2"), "vectors"),
        (_set("base_score", "[1E-1,2E-1]"), "2 base"),
        (_set("base_score", "2"), "no probability"),
        (_set("num_feature", "0"), "0 features"),
        (lambda learner, _: learner.update(feature_names=["a"]), "names 1 of its 3"),
        (lambda learner, _: learner.pop("gradient_booster"), "damaged"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(
    change: Callable[[dict[str, Any], dict[str, Any]], None], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read(_changed(change))


def test_a_set_of_huge_codes_takes_no_memory() -> None:
    def change(_: dict[str, Any], tree: dict[str, Any]) -> None:
        tree["split_type"][0] = 1
        tree |= {
            "categories": [2**31 - 1], "categories_nodes": [0], "categories_segments": [0],
            "categories_sizes": [1],
        }  # fmt: skip

    with pytest.raises(BadInput, match="set of categories"):
        read(_changed(change))


@pytest.mark.parametrize("raw", [b"{}", b"{", b'{"a": 1}', b"[1]", b"{L\x00\x00", b'{"a":' * 9000])
def test_what_is_no_model_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read(raw)


@settings(max_examples=60)
@given(place=st.integers(0, 1_000_000), byte=st.integers(0, 255), cut=st.booleans())
def test_damaged_ubjson_is_refused_or_read(place: int, byte: int, cut: bool) -> None:
    """Whatever byte is changed, the answer is a model or a refusal, never a crash."""
    raw = bytearray(_UBJ)
    place %= len(raw)
    raw[place] = byte
    try:
        model = read(bytes(raw[:place] if cut else raw))
    except BadInput:
        return
    sums(model, np.zeros((3, len(model.features))))


_UBJ = bytes(_booster(trees=1, max_cat_to_onehot=1).save_raw("ubj"))
