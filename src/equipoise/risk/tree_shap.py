"""TreeSHAP of trees in flat arrays: what each feature adds to the sum, beside its mean.

Path-dependent TreeSHAP (Lundberg, Erion and Lee 2018, arXiv 1802.03888, algorithm 2), leaf by leaf:
along the path to a leaf each feature counts once, with the share of the training data that its
splits let through and whether the row goes that way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import Array, FloatArray, IntArray
from equipoise.numeric.compiled import kernel
from equipoise.risk.trees import Trees, _goes_left


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths to all leaves, end to end.

    Leaf `l` has the steps `starts[l]` to `starts[l + 1]`; a step is a split (`nodes`), the side it
    takes (`lefts`), the feature's place among the path's features (`slots`), and the share of the
    split's training data on that side (`shares`).
    """

    starts: IntArray
    nodes: IntArray
    lefts: Array
    slots: IntArray
    shares: FloatArray
    widths: IntArray


def paths_of(trees: Trees, covers: FloatArray) -> Paths:
    """The paths of every tree; `covers` (leaves,) is the training data that reached each leaf."""
    nodes: list[int] = []
    lefts: list[bool] = []
    slots: list[int] = []
    shares: list[float] = []
    starts, widths = [0], []
    for tree in range(trees.splits.size - 1):
        first, leaf = int(trees.splits[tree]), int(trees.leaves[tree])
        count = int(trees.splits[tree + 1]) - first
        below = _covers_below(trees, first, count, covers[leaf:])
        ways = _ways(trees, first, count)
        for at in range(int(trees.leaves[tree + 1]) - leaf):
            places: dict[int, int] = {}
            for node, left in ways.get(at, []):
                child = int(trees.left[node] if left else trees.right[node])
                through = below[child] if child >= 0 else float(covers[leaf - child - 1])
                whole = below[node - first]
                nodes.append(node)
                lefts.append(left)
                feature = int(trees.features[node])
                slots.append(places.setdefault(feature, len(places)))
                shares.append(through / whole if whole > 0 else 0.5)
            starts.append(len(nodes))
            widths.append(len(places))
    whole_numbers = (np.array(each, dtype=np.int64) for each in (starts, nodes, slots, widths))
    starts_, nodes_, slots_, widths_ = whole_numbers
    return Paths(starts_, nodes_, np.array(lefts, dtype=bool), slots_, np.array(shares), widths_)


def _covers_below(trees: Trees, first: int, count: int, covers: FloatArray) -> list[float]:
    """Training data that reached each split of one tree; a child never stands before its parent."""
    below = [0.0] * count
    waiting, order = ([0] if count else []), []
    while waiting:
        at = waiting.pop()
        order.append(at)
        children = (int(trees.left[first + at]), int(trees.right[first + at]))
        waiting.extend(child for child in children if child >= 0)
    for at in reversed(order):
        for child in (int(trees.left[first + at]), int(trees.right[first + at])):
            below[at] += below[child] if child >= 0 else float(covers[-child - 1])
    return below


def _ways(trees: Trees, first: int, count: int) -> dict[int, list[tuple[int, bool]]]:
    """For each leaf of one tree, the splits on its path and the sides taken."""
    ways: dict[int, list[tuple[int, bool]]] = {}
    waiting: list[tuple[int, list[tuple[int, bool]]]] = [(0, [])] if count else []
    while waiting:
        at, way = waiting.pop()
        node = first + at
        for left in (True, False):
            child = int(trees.left[node] if left else trees.right[node])
            longer = [*way, (node, left)]
            if child >= 0:
                waiting.append((child, longer))
            else:
                ways[-child - 1] = longer
    return ways


def contributions(trees: Trees, paths: Paths, matrix: FloatArray, features: int) -> FloatArray:
    """SHAP values of the trees' sum, (rows, features); a row sums to raw less the mean."""
    shap = np.zeros((len(matrix), features))
    # a leaf that refuses to score explains nothing of a row that is scored
    values = np.where(np.isnan(trees.values), 0.0, trees.values)
    widest = int(paths.widths.max(initial=0)) + 1
    _contributions(
        np.ascontiguousarray(matrix, dtype=np.float64), trees.features, trees.thresholds,
        trees.kinds, values, trees.bounds, trees.words, paths.starts, paths.nodes,
        paths.lefts, paths.slots, paths.shares, paths.widths, widest, shap,
    )  # fmt: skip
    return shap


@kernel
def _contributions(  # noqa: PLR0917 - numba passes arrays by position
    matrix: FloatArray,
    features: IntArray,
    thresholds: FloatArray,
    kinds: IntArray,
    values: FloatArray,
    bounds: IntArray,
    words: IntArray,
    starts: IntArray,
    nodes: IntArray,
    lefts: Array,
    slots: IntArray,
    shares: FloatArray,
    widths: IntArray,
    widest: int,
    into: FloatArray,
) -> None:
    zeros, ones = np.empty(widest), np.empty(widest)
    names = np.empty(widest, dtype=np.int64)
    weights = np.empty(widest + 1)
    for row in range(len(matrix)):
        for leaf in range(len(values)):
            width = widths[leaf]
            if width == 0:
                continue
            zeros[:width] = 1.0
            ones[:width] = 1.0
            for step in range(starts[leaf], starts[leaf + 1]):
                node, slot = nodes[step], slots[step]
                names[slot] = features[node]
                zeros[slot] *= shares[step]
                value = matrix[row, features[node]]
                goes = _goes_left(value, thresholds[node], kinds[node], bounds, words)
                if goes != lefts[step]:
                    ones[slot] = 0.0
            _extend(zeros, ones, width, weights)
            for slot in range(width):
                total = _unwound(zeros[slot], ones[slot], width, weights)
                into[row, names[slot]] += total * (ones[slot] - zeros[slot]) * values[leaf]


@kernel
def _extend(zeros: FloatArray, ones: FloatArray, width: int, weights: FloatArray) -> None:
    """Weights of subsets by size, after each feature of the path has been added."""
    weights[: width + 1] = 0.0
    weights[0] = 1.0
    for added in range(1, width + 1):
        zero, one = zeros[added - 1], ones[added - 1]
        for size in range(added - 1, -1, -1):
            weights[size + 1] += one * weights[size] * (size + 1) / (added + 1)
            weights[size] *= zero * (added - size) / (added + 1)


@kernel
def _unwound(zero: float, one: float, width: int, weights: FloatArray) -> float:
    """The sum of the weights once a feature is taken out of the path again."""
    total = 0.0
    if one == 0.0:
        if zero == 0.0:
            return 0.0
        for size in range(width):
            total += weights[size] / (zero * (width - size) / (width + 1))
        return total
    following = weights[width]
    for size in range(width - 1, -1, -1):
        part = following * (width + 1) / ((size + 1) * one)
        total += part
        following = weights[size] - part * zero * (width - size) / (width + 1)
    return total
