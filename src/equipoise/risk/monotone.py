"""An exact monotonicity certificate over the thresholds of a boosted ensemble.

A tree cuts the feature space into boxes, one per leaf. A tree rises in feature f exactly when, for
every two leaves whose boxes overlap in all other features and follow one another along f, the
later leaf's value is not smaller. That is checked for every pair of leaves, so it is a proof over
all inputs, not a sample of them. If every tree rises, so does their sum, in floating point too
(rounding never reverses an order). The reverse does not hold: trees may make up for each other. A
refusal therefore names the tree and two inputs on which it goes the wrong way.

Statements are about values that are present; a missing value follows its own branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.risk.trees import Trees

CATEGORICAL, DEFAULT_LEFT = 1, 2
NO_MISSING, ZERO_MISSING = 0, 1


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree of LightGBM's text: split nodes as arrays; children below 0 are leaves ~child."""

    feature: Array
    threshold: FloatArray
    decision: Array
    left: Array
    right: Array
    value: FloatArray
    category_sets: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Two inputs that differ in one feature only, on which one tree goes the wrong way."""

    tree: int
    feature: str
    low: dict[str, float | None]
    high: dict[str, float | None]
    value_low: float
    value_high: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whether every tree keeps every declared direction; `counterexample` when one does not."""

    holds: bool
    directions: dict[str, int]
    trees: int
    leaves: int
    pairs_checked: int
    counterexample: Counterexample | None = None

    def as_dict(self) -> dict[str, Any]:
        """The certificate as plain data."""
        counterexample = self.counterexample
        return {
            "holds": self.holds,
            "directions": self.directions,
            "trees": self.trees,
            "leaves": self.leaves,
            "pairs_checked": self.pairs_checked,
            "counterexample": None
            if counterexample is None
            else {
                "tree": counterexample.tree,
                "feature": counterexample.feature,
                "low": counterexample.low,
                "high": counterexample.high,
                "value_low": counterexample.value_low,
                "value_high": counterexample.value_high,
            },
        }


def certify(
    model_text: str, directions: Mapping[str, int], features: Sequence[str] | None = None
) -> Certificate:
    """Check every tree of a LightGBM model text against `directions` (+1 rises, -1 falls).

    `features` renames the model's columns, in order. Features without a direction are free.
    Raises BadInput on text that is not such a model.
    """
    written, trees = read_model(model_text)
    return certify_trees(trees, list(features) if features is not None else written, directions)


def certify_trees(
    trees: list[Tree], features: Sequence[str], directions: Mapping[str, int]
) -> Certificate:
    """The same of trees over named columns."""
    names = list(features)
    wanted = {name: sign for name, sign in directions.items() if sign and name in names}
    signs = {names.index(name): sign for name, sign in wanted.items()}
    pairs = 0
    for number, tree in enumerate(trees):
        checked, counterexample = _check(tree, number, signs, names)
        pairs += checked
        if counterexample is not None:
            return Certificate(False, wanted, len(trees), _leaves(trees), pairs, counterexample)
    return Certificate(True, wanted, len(trees), _leaves(trees), pairs)


def trees_of(joined: Trees) -> list[Tree]:
    """Trees that stand end to end, one by one. Raises BadInput where zero stands for missing."""
    if np.any(((joined.kinds >> 2) & 3) == ZERO_MISSING):
        raise BadInput("a model that takes zero for missing carries no certificate")
    sets = tuple(_members(joined.words[a:b]) for a, b in pairwise(joined.bounds))
    splits, leaves = pairwise(joined.splits.tolist()), pairwise(joined.leaves.tolist())
    return [
        Tree(
            joined.features[a:b],
            joined.thresholds[a:b],
            joined.kinds[a:b],
            joined.left[a:b],
            joined.right[a:b],
            joined.values[c:d],
            sets,
        )
        for (a, b), (c, d) in zip(splits, leaves, strict=True)
    ]


def _leaves(trees: list[Tree]) -> int:
    return sum(tree.value.size for tree in trees)


def read_model(text: str) -> tuple[list[str], list[Tree]]:
    """Feature names and trees of a LightGBM model text. Raises BadInput when it cannot be read."""
    head, *blocks = text.split("\nTree=")
    fields = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
    if not text.startswith("tree") or "feature_names" not in fields:
        raise BadInput("this is not a LightGBM model text", mend="fit the workspace again")
    try:
        trees = [_tree(block.split("\n\n", 1)[0]) for block in blocks]
    except (KeyError, ValueError, IndexError) as error:
        raise BadInput(f"the LightGBM model text cannot be read: {error}") from error
    return fields["feature_names"].split(" "), trees


def _tree(block: str) -> Tree:
    fields = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
    if fields.get("is_linear", "0") != "0":
        raise BadInput("linear trees carry no monotonicity certificate", mend="turn them off")

    def numbers(key: str, kind: type) -> Array:
        return np.array(fields.get(key, "").split(), dtype=kind)

    decision = numbers("decision_type", int)
    if np.any(((decision >> 2) & 3) == ZERO_MISSING):
        raise BadInput("a model that takes zero for missing carries no certificate")
    words, bounds = numbers("cat_threshold", np.int64), numbers("cat_boundaries", int)
    sets = tuple(_members(words[a:b]) for a, b in pairwise(bounds))
    return Tree(
        feature=numbers("split_feature", int),
        threshold=numbers("threshold", float),
        decision=decision,
        left=numbers("left_child", int),
        right=numbers("right_child", int),
        value=numbers("leaf_value", float),
        category_sets=sets,
    )


def _members(words: Array) -> frozenset[int]:
    return frozenset(
        32 * at + bit for at, word in enumerate(words) for bit in range(32) if int(word) >> bit & 1
    )


@dataclass(slots=True)
class _Boxes:
    """The leaves' boxes along one feature: (low, high], or a set of codes; and missing or not.

    For a categorical feature the last column of `codes` stands for every code not seen in a split.
    """

    low: FloatArray
    high: FloatArray
    missing: BoolArray
    codes: BoolArray | None

    def overlap(self) -> BoolArray:
        if self.codes is not None:
            as_numbers = self.codes.astype(np.float32)
            return np.asarray(as_numbers @ as_numbers.T > 0)
        meet = np.maximum.outer(self.low, self.low) < np.minimum.outer(self.high, self.high)
        return np.asarray(meet | np.logical_and.outer(self.missing, self.missing))

    def common(self, first: int, second: int) -> float | None:
        """A value inside both boxes; None for missing."""
        if self.codes is not None:
            return float(np.flatnonzero(self.codes[first] & self.codes[second])[0])
        low = max(self.low[first], self.low[second])
        high = min(self.high[first], self.high[second])
        return _inside(low, high) if low < high else None


def _inside(low: float, high: float) -> float:
    if np.isfinite(high):
        return float(high)
    return float(np.nextafter(low, np.inf)) if np.isfinite(low) else 0.0


def _boxes(tree: Tree) -> dict[int, _Boxes]:
    count = tree.value.size
    boxes: dict[int, _Boxes] = {}
    for feature in np.unique(tree.feature).tolist():
        nodes = np.flatnonzero(tree.feature == feature)
        codes = None
        if tree.decision[nodes[0]] & CATEGORICAL:
            sets = [tree.category_sets[int(tree.threshold[node])] for node in nodes]
            codes = np.ones((count, max(max(each, default=0) for each in sets) + 2), dtype=bool)
        boxes[feature] = _Boxes(
            np.full(count, -np.inf), np.full(count, np.inf), np.ones(count, dtype=bool), codes
        )
    for node in range(tree.feature.size):
        for side, child in ((True, int(tree.left[node])), (False, int(tree.right[node]))):
            _narrow(boxes[int(tree.feature[node])], tree, node, side, _below(tree, child))
    return boxes


def _below(tree: Tree, child: int) -> list[int]:
    """Leaves under a child."""
    leaves, waiting = [], [child]
    while waiting:
        at = waiting.pop()
        if at < 0:
            leaves.append(~at)
        else:
            waiting += [int(tree.left[at]), int(tree.right[at])]
    return leaves


def _narrow(box: _Boxes, tree: Tree, node: int, left: bool, leaves: list[int]) -> None:
    threshold, decision = float(tree.threshold[node]), int(tree.decision[node])
    if box.codes is not None:
        members = tree.category_sets[int(threshold)]
        inside = np.isin(np.arange(box.codes.shape[1] - 1), list(members))
        allowed = np.append(inside, False) if left else np.append(~inside, True)
        box.codes[leaves] &= allowed
        return
    if left:
        box.high[leaves] = np.minimum(box.high[leaves], threshold)
    else:
        box.low[leaves] = np.maximum(box.low[leaves], threshold)
    if (decision >> 2) & 3 == NO_MISSING:
        goes_left = threshold >= 0.0  # LightGBM then reads a missing value as zero
    else:
        goes_left = bool(decision & DEFAULT_LEFT)
    box.missing[leaves] &= goes_left == left


def _check(
    tree: Tree, number: int, signs: Mapping[int, int], names: list[str]
) -> tuple[int, Counterexample | None]:
    constrained = [f for f in np.unique(tree.feature).tolist() if f in signs]
    if not constrained:
        return 0, None
    boxes = _boxes(tree)
    overlaps = {feature: box.overlap() for feature, box in boxes.items()}
    pairs = 0
    for feature in constrained:
        box = boxes[feature]
        if box.codes is not None:
            raise BadInput(f"'{names[feature]}' is a category and has no direction")
        ordered = np.less_equal.outer(box.high, box.low)
        ordered &= np.logical_and.outer(box.low < box.high, box.low < box.high)
        for other, overlap in overlaps.items():
            if other != feature:
                ordered &= overlap
        pairs += int(ordered.sum())
        signed = signs[feature] * tree.value
        wrong = ordered & np.greater.outer(signed, signed)
        for low, high in _positions(wrong):
            return pairs, _counterexample(
                tree, number, feature=feature, leaves=(low, high), boxes=boxes, names=names
            )
    return pairs, None


def _positions(mask: BoolArray) -> Iterator[tuple[int, int]]:
    for low, high in np.argwhere(mask):
        yield int(low), int(high)


def _counterexample(
    tree: Tree,
    number: int,
    *,
    feature: int,
    leaves: tuple[int, int],
    boxes: Mapping[int, _Boxes],
    names: list[str],
) -> Counterexample:
    low, high = leaves
    shared = {names[f]: box.common(low, high) for f, box in boxes.items() if f != feature}
    box, name = boxes[feature], names[feature]
    first = _inside(float(box.low[low]), float(box.high[low]))
    second = _inside(float(box.low[high]), float(box.high[high]))
    return Counterexample(
        tree=number,
        feature=name,
        low={**shared, name: first},
        high={**shared, name: second},
        value_low=float(tree.value[low]),
        value_high=float(tree.value[high]),
    )
