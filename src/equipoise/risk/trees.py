"""Trees as flat arrays, scored by compiled code: LightGBM's raw score without its library.

Other programs' trees are put into the same arrays (`equipoise.risk.foreign`): LightGBM's decision
types say all that they need, but for where a categorical split sends a missing value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray, IntArray
from equipoise.numeric.compiled import kernel

ZERO = float(np.float32(1e-35))  # LightGBM's kZeroThreshold is a float32
CATEGORICAL, DEFAULT_LEFT = 1, 2
AS_ZERO, AS_NAN = 1, 2
NAN_BY_DEFAULT = 16  # a categorical split's: NaN goes left with DEFAULT_LEFT, not always right


@dataclass(frozen=True, slots=True)
class Trees:
    """Every tree's splits and leaves end to end.

    A child of 0 or more is a split, counted from its tree's first; a negative one is the leaf
    `-child - 1`, likewise. A categorical split's threshold is the place of its set of bits, which
    runs over `words[bounds[k]:bounds[k + 1]]`. `kinds` are LightGBM's decision types: the bits
    CATEGORICAL, DEFAULT_LEFT and, from the third on, what is missing (nothing, `AS_ZERO` or
    `AS_NAN`: a NaN where nothing is missing counts as zero); and NAN_BY_DEFAULT, which is ours.
    """

    splits: IntArray
    leaves: IntArray
    features: IntArray
    thresholds: FloatArray
    kinds: IntArray
    left: IntArray
    right: IntArray
    values: FloatArray
    bounds: IntArray
    words: IntArray

    @classmethod
    def read(cls, text: str) -> Trees:
        """Read LightGBM's text of a model. Raises BadInput where a tree is damaged or linear."""
        return _joined([_fields(block) for block in text.split("\nTree=")[1:]])

    def raw(self, matrix: FloatArray, start: float = 0.0) -> FloatArray:
        """The sum from `start` (rows,) of a matrix (rows, features); NaN is missing."""
        totals = np.full(len(matrix), start)
        _raw(
            np.ascontiguousarray(matrix, dtype=np.float64), self.splits, self.leaves,
            self.features, self.thresholds, self.kinds, self.left, self.right, self.values,
            self.bounds, self.words, totals,
        )  # fmt: skip
        return totals

    def raw32(self, matrix: FloatArray, start: float = 0.0) -> FloatArray:
        """The same with inputs and every partial sum rounded to float32, as XGBoost has it."""
        # numba compiles the same code for a float32 total; thresholds are compared as float64
        totals = np.full(len(matrix), start, dtype=np.float32)
        with np.errstate(over="ignore"):
            rounded = matrix.astype(np.float32).astype(np.float64)
        _raw(
            np.ascontiguousarray(rounded), self.splits, self.leaves, self.features,
            self.thresholds, self.kinds, self.left, self.right, self.values.astype(np.float32),
            self.bounds, self.words, totals,
        )  # fmt: skip
        return totals.astype(np.float64)


def ranked_shares(features: Sequence[str], weights: FloatArray) -> dict[str, float]:
    """Each feature's share of all that they weigh, the largest first."""
    shares = weights / max(float(weights.sum()), 1e-300)
    ranked = sorted(zip(features, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    return dict(ranked)


def _fields(block: str) -> dict[str, str]:
    lines = block.split("\n\n", 1)[0].splitlines()[1:]
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    if "leaf_value" not in fields or fields.get("is_linear", "0") != "0":
        raise BadInput(
            "a tree of the boosted model is damaged or has linear leaves",
            field="model",
            mend="fit the model again, and seal the strategy from that fit",
        )
    return fields


def _joined(trees: list[dict[str, str]]) -> Trees:
    splits, leaves, bounds = [0], [0], [0]
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "split_feature", "threshold", "decision_type", "left_child", "right_child",
            "leaf_value", "cat_threshold",
        )
    }  # fmt: skip
    for tree in trees:
        sets = len(bounds) - 1
        words = len(columns["cat_threshold"])
        for name, column in columns.items():
            numbers = [float(each) for each in tree.get(name, "").split()]
            if name == "threshold":
                types = [int(each) for each in tree.get("decision_type", "").split()]
                numbers = [
                    v + sets if kind & CATEGORICAL else v
                    for v, kind in zip(numbers, types, strict=True)
                ]
            column.extend(numbers)
        ends = [int(each) for each in tree.get("cat_boundaries", "0").split()]
        if ends[-1] != len(columns["cat_threshold"]) - words:
            raise BadInput("a tree of the boosted model is damaged: a set is cut off")
        bounds.extend(words + end for end in ends[1:])
        splits.append(len(columns["split_feature"]))
        leaves.append(len(columns["leaf_value"]))

    def whole(values: list[Any]) -> IntArray:
        return np.array(values, dtype=np.int64)

    return Trees(
        whole(splits), whole(leaves), whole(columns["split_feature"]),
        np.array(columns["threshold"], dtype=np.float64), whole(columns["decision_type"]),
        whole(columns["left_child"]), whole(columns["right_child"]),
        np.array(columns["leaf_value"], dtype=np.float64), whole(bounds),
        whole(columns["cat_threshold"]),
    )  # fmt: skip


@kernel
def _goes_left(
    value: float, threshold: float, kind: int, bounds: IntArray, words: IntArray
) -> bool:
    missing = (kind >> 2) & 3
    if kind & CATEGORICAL:
        # truncated towards zero as LightGBM does; what no set can hold goes right
        if np.isnan(value) and kind & NAN_BY_DEFAULT:
            return bool(kind & DEFAULT_LEFT)
        if np.isnan(value) or value <= -1.0 or value >= 2147483648.0:
            return False
        code, place = int(value), int(threshold)
        word = bounds[place] + code // 32
        return bool(word < bounds[place + 1] and (words[word] >> (code % 32)) & 1 == 1)
    if np.isnan(value) and missing != AS_NAN:
        value = 0.0
    if (missing == AS_NAN and np.isnan(value)) or (missing == AS_ZERO and abs(value) <= ZERO):
        return bool(kind & DEFAULT_LEFT)
    return bool(value <= threshold)


@kernel
def _raw(  # noqa: PLR0917 - numba passes arrays by position
    matrix: FloatArray,
    splits: IntArray,
    leaves: IntArray,
    features: IntArray,
    thresholds: FloatArray,
    kinds: IntArray,
    left: IntArray,
    right: IntArray,
    values: Array,
    bounds: IntArray,
    words: IntArray,
    scores: Array,
) -> None:
    for row in range(len(matrix)):
        total = scores[row]
        for tree in range(len(splits) - 1):
            first = splits[tree]
            node = 0 if splits[tree + 1] > first else -1
            while node >= 0:
                at = first + node
                go = _goes_left(matrix[row, features[at]], thresholds[at], kinds[at], bounds, words)
                node = left[at] if go else right[at]
            total += values[leaves[tree] - node - 1]
        scores[row] = total
