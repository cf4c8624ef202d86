"""LightGBM's own text of a model (`booster.save_model('model.txt')`) into our trees.

Format: LightGBM's `gbdt_model_text.cpp` and `tree.cpp`. Read exactly: objectives `binary` (with its
sigmoid parameter) and `cross_entropy`; boosting gbdt, dart, goss and averaged random forests;
missing as NaN or as zero; splits on categories. Refused by name: linear trees, several classes,
ranking, regressions and custom objectives.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.foreign import MAX_FEATURES, ForeignFeature, ForeignModel, TreeSum
from equipoise.risk.foreign.levels import named_feature, on_values
from equipoise.risk.foreign.pandas_categories import matched
from equipoise.risk.foreign.structure import check_trees
from equipoise.risk.trees import Trees

_PROBABILITIES = {"binary", "cross_entropy", "xentropy"}
_MEND = "train with objective 'binary' and save it by `booster.save_model('model.txt')`"


def read(raw: bytes) -> ForeignModel:
    """A LightGBM model of one probability. BadInput names what cannot be read exactly."""
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"the LightGBM model is not UTF-8 text: {error}", mend=_MEND) from None
    header = _header(text)
    slope = _slope(header)
    # files older than 2.3 go from the trees to the importances
    body = re.split(r"\nend of trees|\nfeature[ _]importances:", text, maxsplit=1)
    if len(body) != 2:
        raise BadInput(
            "the LightGBM model is cut off: it has no line 'end of trees'",
            mend="copy or save the whole file again",
        )
    trees = _trees(body[0])
    names = header.get("feature_names", "").split(" ")
    if not 1 <= len(names) <= MAX_FEATURES or names == [""]:
        raise BadInput(f"the LightGBM model names {len(names)} features", mend=_MEND)
    _check_count(header, trees)
    check_trees(trees, len(names))
    trees, features = _with_categories(trees, names, header, body[1])
    return ForeignModel(
        format="LightGBM model",
        model=TreeSum(
            trees,
            covers=_covers(body[0], len(trees.values)),
            divisor=len(trees.splits) - 1 if "average_output" in header else 1,
            slope=slope,
        ),
        features=features,
        output="log_odds",
        event="1",
        notes=_notes(names),
    )


def _header(text: str) -> dict[str, str]:
    lines = text.split("\nTree=", 1)[0].split("\n")
    if lines[0].strip() != "tree":
        raise BadInput("this is no LightGBM model: its first line is not 'tree'", mend=_MEND)
    pairs = (line.partition("=") for line in lines[1:])
    return {name: value for name, _, value in pairs if name}


def _slope(header: dict[str, str]) -> float:
    """What the sum is multiplied by to be log-odds: LightGBM's `sigmoid` parameter."""
    if header.get("num_class", "1") != "1" or header.get("num_tree_per_iteration", "1") != "1":
        raise BadInput(
            f"the LightGBM model predicts {header.get('num_class')} classes, not one probability",
            mend=_MEND,
        )
    words = header.get("objective", "").split()
    if not words:
        raise BadInput(
            "the LightGBM model names no objective: it was trained with a custom one, whose "
            "prediction the file does not define",
            mend=_MEND,
        )
    if words[0] not in _PROBABILITIES:
        raise BadInput(
            f"the LightGBM model's objective is '{words[0]}', which predicts no probability that "
            "is read here (binary and cross_entropy are)",
            mend=_MEND,
        )
    settings = dict(word.split(":", 1) for word in words[1:] if ":" in word)
    try:
        slope = float(settings.get("sigmoid", "1"))
    except ValueError:
        slope = 0.0
    if not 0 < slope < np.inf:
        raise BadInput(f"the LightGBM model's objective '{' '.join(words)}' is damaged", mend=_MEND)
    return slope


def _trees(text: str) -> Trees:
    if re.search(r"^is_linear=[^0\n]", text, re.MULTILINE):
        raise BadInput(
            "the LightGBM model has linear trees (linear_tree=true), which are not read",
            mend="train with linear_tree=false",
        )
    try:
        return Trees.read(text)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"a tree of the LightGBM model is damaged: {error}", mend="save the model again"
        ) from None


def _check_count(header: dict[str, str], trees: Trees) -> None:
    sizes, count = header.get("tree_sizes", "").split(), len(trees.splits) - 1
    if sizes and len(sizes) != count:
        raise BadInput(
            f"the LightGBM model lists {len(sizes)} trees and holds {count}",
            mend="copy or save the whole file again",
        )


def _covers(text: str, leaves: int) -> FloatArray:
    """Training rows by leaf; empty where the file does not count them."""
    lines = re.findall(r"^leaf_count=(.*)$", text, re.MULTILINE)
    try:
        counts = np.array([float(each) for line in lines for each in line.split()])
    except ValueError:
        counts = np.empty(0)
    return counts if len(counts) == leaves and np.all(counts >= 0) else np.empty(0)


def _with_categories(
    trees: Trees, names: list[str], header: dict[str, str], tail: str
) -> tuple[Trees, tuple[ForeignFeature, ...]]:
    """The features with the categories that pandas had; integers among those become the inputs."""
    features = [ForeignFeature(name) for name in names]
    by_place = matched(
        _pandas_lists(tail),
        header.get("feature_infos", "").split(" "),
        _declared_categorical(tail),
        names,
    )
    for place, values in by_place.items():
        features[place] = named_feature(names[place], values)
        if features[place].kind == "number":
            trees = on_values(trees, place, names[place], values)
    return trees, tuple(features)


def _pandas_lists(tail: str) -> list[list[Any]]:
    line = re.search(r"^pandas_categorical:(.*)$", tail, re.MULTILINE)
    try:
        lists = json.loads(line.group(1)) if line else None
    except (ValueError, RecursionError):
        lists = 0
    if lists is None:
        return []
    if not isinstance(lists, list) or not all(isinstance(each, list) for each in lists):
        raise BadInput("the LightGBM model's line 'pandas_categorical' is damaged", mend=_MEND)
    return lists


def _declared_categorical(tail: str) -> set[int]:
    line = re.search(r"^\[categorical_(?:feature|column): ([\d,]*)\]$", tail, re.MULTILINE)
    return {int(each) for each in line.group(1).split(",") if each} if line else set()


def _notes(names: list[str]) -> tuple[str, ...]:
    if names == [f"Column_{at}" for at in range(len(names))]:
        return (
            "the file has no names of its own for its features: Column_0 is the first column of "
            "the training matrix",
        )
    return ()
