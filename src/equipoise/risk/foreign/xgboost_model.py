"""XGBoost's own JSON or UBJSON of a model (`booster.save_model('model.json')`) into our trees.

Format: XGBoost's `doc/model.schema` and `tree_model.cc`. XGBoost compares and sums in float32, from
the base score's margin, tree by tree; so do we. Read: boosters gbtree and dart, objectives
binary:logistic, binary:logitraw and reg:logistic, random forests, splits on categories. Refused by
name: linear boosters, several targets or classes, leaves that are vectors, other objectives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.risk.foreign import MAX_FEATURES, MAX_NODES, ForeignFeature, ForeignModel, TreeSum
from equipoise.risk.foreign.growing import Grove, Leaf, Split
from equipoise.risk.foreign.levels import MAX_VALUE, named_feature, on_values
from equipoise.risk.foreign.rounding import previous_number
from equipoise.risk.foreign.structure import check_trees
from equipoise.risk.foreign.ubjson import parse
from equipoise.risk.foreign.xgboost_categories import stored_categories
from equipoise.risk.single import logit32

_OBJECTIVES = ("binary:logistic", "binary:logitraw", "reg:logistic")
_MEND = "train with objective 'binary:logistic' and save it by `booster.save_model('model.json')`"
_AGAIN = "save the model again by `booster.save_model('model.json')`"

Plain = Mapping[str, Any]


def read(raw: bytes) -> ForeignModel:
    """An XGBoost model of one probability. BadInput names what cannot be read exactly."""
    try:
        return _model(_plain(raw))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise BadInput(
            f"the XGBoost model is damaged: {type(error).__name__} {error}", mend=_AGAIN
        ) from None


def _plain(raw: bytes) -> Plain:
    """The file's content: JSON has a quote after its first brace, UBJSON a length."""
    if raw[:1] != b"{":
        raise BadInput("this is no XGBoost model in JSON or UBJSON", mend=_AGAIN)
    if raw[1:].lstrip()[:1] in (b'"', b"}"):
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                f"the XGBoost model is cut off or no JSON: {error}", mend=_AGAIN
            ) from None
    else:
        data = parse(raw)
    if not isinstance(data, dict) or "learner" not in data:
        raise BadInput("the XGBoost model has no 'learner'", mend=_AGAIN)
    return data


def _model(data: Plain) -> ForeignModel:
    learner = data["learner"]
    objective = _objective(learner)
    booster, weights = _booster(learner["gradient_booster"])
    names = _names(learner)
    grove = Grove()
    scale = np.ones(len(booster["trees"])) if weights is None else weights
    if len(scale) != len(booster["trees"]):
        raise BadInput("the XGBoost dart model has not one weight for each tree", mend=_AGAIN)
    for number, (tree, weight) in enumerate(zip(booster["trees"], scale, strict=True)):
        grove.add(_tree(tree, number, np.float32(weight)))
    trees = grove.trees()
    check_trees(trees, len(names))
    features = [ForeignFeature(name) for name in names]
    for place, values in stored_categories(booster.get("cats"), len(names)).items():
        features[place] = named_feature(names[place], values)
        if features[place].kind == "number":
            trees = on_values(trees, place, names[place], values)
    return ForeignModel(
        format="XGBoost model",
        model=TreeSum(trees, grove.covers(), _start(learner, objective), precision="float32"),
        features=tuple(features),
        output="log_odds",
        event="1",
        notes=_notes(learner, booster, features, objective),
    )


def _objective(learner: Plain) -> str:
    name = str(learner["objective"]["name"])
    if name not in _OBJECTIVES:
        raise BadInput(
            f"the XGBoost model's objective is '{name}', which predicts no probability that is "
            f"read here ({', '.join(_OBJECTIVES)} do)",
            mend=_MEND,
        )
    settings = learner["learner_model_param"]
    classes, targets = int(settings.get("num_class", 0)), int(settings.get("num_target", 1))
    if classes > 1 or targets > 1:
        raise BadInput(
            f"the XGBoost model predicts {max(classes, targets)} outputs, not one", mend=_MEND
        )
    return name


def _booster(booster: Plain) -> tuple[Plain, Sequence[float] | None]:
    """The trees' section and, of a dart model, a weight for each tree."""
    name = booster["name"]
    if not booster.keys() & {"model", "gbtree"}:
        raise BadInput("the XGBoost file is a configuration, without trees", mend=_AGAIN)
    if name == "gbtree":
        return booster["model"], None
    if name == "dart":
        return booster["gbtree"]["model"], booster["weight_drop"]
    raise BadInput(f"the XGBoost booster is '{name}'; gbtree and dart are read", mend=_MEND)


def _names(learner: Plain) -> list[str]:
    count = int(learner["learner_model_param"]["num_feature"])
    names = [str(each) for each in learner.get("feature_names") or []]
    if not 1 <= count <= MAX_FEATURES:
        raise BadInput(f"the XGBoost model has {count:,} features; 1 to {MAX_FEATURES:,} are read")
    if names and len(names) != count:
        raise BadInput(f"the XGBoost model names {len(names)} of its {count} features", mend=_AGAIN)
    return names or [f"f{at}" for at in range(count)]


def _start(learner: Plain, objective: str) -> float:
    """The margin of the base score, which every version of the format states as a probability.

    But for binary:logitraw, which takes it for a margin (since 1.4, whatever version saved it).
    """
    text = learner["learner_model_param"]["base_score"]
    listed = [each for each in str(text).strip("[] ").split(",") if each]
    if len(listed) != 1:
        raise BadInput(f"the XGBoost model has {len(listed)} base scores, not one", mend=_MEND)
    score = float(listed[0])
    if objective == "binary:logitraw" and np.isfinite(np.float32(score)):
        return float(np.float32(score))
    if not 0 < np.float32(score) < 1:
        raise BadInput(f"the XGBoost model's base score {text} is no probability", mend=_MEND)
    return logit32(score)


def _tree(tree: Plain, number: int, weight: np.float32) -> Split | Leaf:
    """One tree, its nodes put after their parents; unreachable (pruned) ones are left out."""
    if int(tree["tree_param"].get("size_leaf_vector", 0)) > 1:
        raise BadInput("the XGBoost model has vectors for leaves (multi_strategy)", mend=_MEND)
    left, right = tree["left_children"], tree["right_children"]
    count = len(left)
    if not 1 <= count <= 2 * MAX_NODES:
        raise BadInput(f"tree {number} of the XGBoost model has {count:,} nodes")
    order = [0]
    for node in order:
        if left[node] != -1:
            order += [left[node], right[node]]
        if len(order) > count or not all(0 <= each < count for each in order[-2:]):
            raise BadInput(f"tree {number} of the XGBoost model runs in a circle", mend=_AGAIN)
    sets = _sets(tree)
    made: dict[int, Split | Leaf] = {}
    for node in reversed(order):
        if left[node] == -1:
            made[node] = _leaf(tree, node, weight)
        else:
            children = made.pop(left[node]), made.pop(right[node])
            made[node] = _split(tree, node, children, sets.get(node))
    return made[0]


def _leaf(tree: Plain, node: int, weight: np.float32) -> Leaf:
    value = np.float32(tree["split_conditions"][node]) * weight
    if not np.isfinite(value):
        raise BadInput(f"a leaf of the XGBoost model is {value}", mend=_AGAIN)
    return Leaf(float(value), float(tree["sum_hessian"][node]))


def _split(
    tree: Plain, node: int, children: tuple[Split | Leaf, Split | Leaf], members: Any
) -> Split:
    """XGBoost goes left below the threshold, and left where the category is not in the set."""
    left, right = children
    feature, default_left = int(tree["split_indices"][node]), bool(tree["default_left"][node])
    if members is not None:
        return Split(feature, right, left, codes=members, missing_left=not default_left)
    threshold = previous_number(float(tree["split_conditions"][node]), single=True)
    return Split(feature, left, right, threshold=threshold, missing_left=default_left)


def _sets(tree: Plain) -> dict[int, tuple[int, ...]]:
    """The categories that go right, by node."""
    listed = tree.get("categories") or []
    sets = {
        int(node): tuple(int(each) for each in listed[start : start + size])
        for node, start, size in zip(
            tree.get("categories_nodes") or [],
            tree.get("categories_segments") or [],
            tree.get("categories_sizes") or [],
            strict=True,
        )
    }
    kinds = tree.get("split_type") or []
    if {node for node, kind in enumerate(kinds) if kind == 1} != set(sets):
        raise BadInput("a split on categories of the XGBoost model has no set", mend=_AGAIN)
    if any(not 0 <= code <= MAX_VALUE for codes in sets.values() for code in codes):
        raise BadInput("a set of categories of the XGBoost model is damaged", mend=_AGAIN)
    return sets


def _notes(
    learner: Plain, booster: Plain, features: Sequence[ForeignFeature], objective: str
) -> tuple[str, ...]:
    notes = []
    if not learner.get("feature_names"):
        notes.append("the file names no features: f0 is the first column of the training matrix")
    kinds = learner.get("feature_types") or []
    coded = [
        each.name
        for each, kind in zip(features, kinds, strict=False)
        if kind == "c" and each.kind == "number"
    ]
    if coded and not stored_categories(booster.get("cats"), len(features)):
        notes.append(f"the file stores no categories' names: {', '.join(coded)} as codes, from 0")
    best = (learner.get("attributes") or {}).get("best_iteration")
    if best is not None:
        rounds = len(booster.get("iteration_indptr") or booster["trees"]) - 1
        notes.append(
            f"training stopped early: its best round is {int(best) + 1} of {rounds}. All are "
            "summed, as Booster.predict does; scikit-learn's XGBClassifier sums up to the best: "
            "for that, save `booster[: booster.best_iteration + 1]`"
        )
    if objective == "binary:logitraw":
        notes.append("the model's own output is log-odds; the PD is their sigmoid")
    return tuple(notes)
