"""Whether a foreign file's trees are trees: checked once, since compiled code trusts them."""

from __future__ import annotations

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array
from equipoise.risk.foreign import MAX_DEPTH, MAX_NODES, MAX_TREES
from equipoise.risk.trees import AS_NAN, CATEGORICAL, DEFAULT_LEFT, NAN_BY_DEFAULT, Trees

_KINDS = CATEGORICAL | DEFAULT_LEFT | AS_NAN << 2 | 1 << 2 | NAN_BY_DEFAULT
_WORD = 32


def check_trees(trees: Trees, features: int) -> None:
    """BadInput where a tree reads outside its arrays, runs in a circle or is too large.

    `features` is how many inputs the model has. Each split must come after its parent.
    """
    count = len(trees.splits) - 1
    if not 1 <= count <= MAX_TREES:
        raise BadInput(f"the model has {count:,} trees; from 1 to {MAX_TREES:,} are read")
    if len(trees.features) > MAX_NODES:
        raise BadInput(f"the model has {len(trees.features):,} splits, more than {MAX_NODES:,}")
    lengths = {
        len(each)
        for each in (trees.features, trees.thresholds, trees.kinds, trees.left, trees.right)
    }
    if len(lengths) != 1 or np.any(np.diff(trees.leaves) != np.diff(trees.splits) + 1):
        raise _damaged("its trees do not have one leaf more than splits each")
    _check_splits(trees, features)
    for tree in range(count):
        _check_children(trees, tree)


def _check_splits(trees: Trees, features: int) -> None:
    if np.any((trees.features < 0) | (trees.features >= features)):
        raise _damaged(f"a split reads a feature beyond the {features} that the file lists")
    if np.any(np.isnan(trees.thresholds)):
        raise _damaged("a split has no threshold")
    if np.any((trees.kinds & ~_KINDS) | ((trees.kinds >> 2 & 3) == 3)):
        raise _damaged("a split is of an unknown decision type")
    places = trees.thresholds[(trees.kinds & CATEGORICAL) > 0]
    sets = len(trees.bounds) - 1
    if np.any((places < 0) | (places >= sets) | (places != np.floor(places))):
        raise _damaged("a split on categories has no set of them")
    bounds = trees.bounds
    if np.any(np.diff(bounds) < 0) or bounds[0] != 0 or bounds[-1] != len(trees.words):
        raise _damaged("the sets of categories are cut off")
    if np.any((trees.words < 0) | (trees.words >= 2**_WORD)):
        raise _damaged("a set of categories is no set of bits")


def _check_children(trees: Trees, tree: int) -> None:
    first, last = trees.splits[tree], trees.splits[tree + 1]
    children = np.concatenate([trees.left[first:last], trees.right[first:last]])
    splits = int(last - first)
    if not splits:
        return
    parents = np.tile(np.arange(splits), 2)
    inner = children >= 0
    if np.any(children[inner] <= parents[inner]):
        raise _damaged(f"tree {tree} runs in a circle")
    once = np.bincount(np.where(inner, children, splits - 1 - children), minlength=2 * splits + 1)
    if len(once) != 2 * splits + 1 or once[0] != 0 or np.any(once[1:] != 1):
        raise _damaged(
            f"tree {tree} has a split or a leaf that no split, or more than one, leads to"
        )
    if _depth(children[:splits], children[splits:]) > MAX_DEPTH:
        raise BadInput(f"tree {tree} is deeper than {MAX_DEPTH} splits")


def _depth(left: Array, right: Array) -> int:
    depth = np.ones(len(left), dtype=np.int64)
    for node in range(len(left)):
        for child in (left[node], right[node]):
            if child >= 0:
                depth[child] = depth[node] + 1
    return int(depth.max())


def _damaged(what: str) -> BadInput:
    return BadInput(f"the model file is damaged: {what}", mend="save the model again")
