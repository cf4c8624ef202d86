"""Trees that a file writes node by node, put end to end as `equipoise.risk.trees` wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.foreign import MAX_NODES, MAX_TREES
from equipoise.risk.foreign.levels import check_words, set_of_bits
from equipoise.risk.trees import AS_NAN, CATEGORICAL, DEFAULT_LEFT, NAN_BY_DEFAULT, Trees


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a tree comes to; NaN refuses to score. `cover` is how much training data fell here."""

    value: float
    cover: float = 1.0


@dataclass(frozen=True, slots=True)
class Split:
    """`left` where the value is at most `threshold`, or among `codes`; missing goes its own way."""

    feature: int
    left: Split | Leaf
    right: Split | Leaf
    threshold: float = 0.0
    codes: tuple[int, ...] | None = None
    missing_left: bool = False


@dataclass
class Grove:
    """Collects trees; `trees` and `covers` give them as arrays."""

    splits: list[int] = field(default_factory=lambda: [0])
    leaves: list[int] = field(default_factory=lambda: [0])
    features: list[int] = field(default_factory=list)
    thresholds: list[float] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    leaf_covers: list[float] = field(default_factory=list)
    bounds: list[int] = field(default_factory=lambda: [0])
    words: list[int] = field(default_factory=list)

    def add(self, root: Split | Leaf) -> None:
        """Put one tree behind the others. BadInput beyond the bounds on trees and splits."""
        first, first_leaf = len(self.features), len(self.values)
        if isinstance(root, Leaf):
            self._leaf(root)
        # parents come before their children, which the check of foreign trees relies on
        waiting: list[tuple[Split, list[int] | None, int]] = (
            [(root, None, 0)] if isinstance(root, Split) else []
        )
        while waiting:
            split, side, parent = waiting.pop()
            place = len(self.features)
            if side is not None:
                side[parent] = place - first
            self._split(split)
            for child, at in ((split.right, self.right), (split.left, self.left)):
                if isinstance(child, Leaf):
                    at[place] = -1 - (len(self.values) - first_leaf)
                    self._leaf(child)
                else:
                    waiting.append((child, at, place))
        self.splits.append(len(self.features))
        self.leaves.append(len(self.values))
        if len(self.splits) - 1 > MAX_TREES:
            raise BadInput(f"the model has more than {MAX_TREES:,} trees", mend="save fewer trees")

    def _leaf(self, leaf: Leaf) -> None:
        self.values.append(leaf.value)
        self.leaf_covers.append(leaf.cover)

    def _split(self, split: Split) -> None:
        kind, threshold = AS_NAN << 2, split.threshold
        if split.codes is not None:
            kind, threshold = CATEGORICAL | NAN_BY_DEFAULT, float(len(self.bounds) - 1)
            self.words.extend(set_of_bits(split.codes))
            self.bounds.append(check_words(len(self.words)))
        self.features.append(split.feature)
        self.thresholds.append(threshold)
        self.kinds.append(kind | (DEFAULT_LEFT if split.missing_left else 0))
        self.left.append(0)
        self.right.append(0)
        if len(self.features) > MAX_NODES:
            raise BadInput(f"the model has more than {MAX_NODES:,} splits", mend="save fewer trees")

    def trees(self) -> Trees:
        """Every tree added, end to end."""
        return Trees(
            _whole(self.splits), _whole(self.leaves), _whole(self.features),
            np.array(self.thresholds, dtype=np.float64), _whole(self.kinds), _whole(self.left),
            _whole(self.right), np.array(self.values, dtype=np.float64), _whole(self.bounds),
            _whole(self.words),
        )  # fmt: skip

    def covers(self) -> FloatArray:
        """How much training data fell into each leaf."""
        return np.array(self.leaf_covers, dtype=np.float64)


def _whole(values: Sequence[int]) -> Array:
    return np.array(values, dtype=np.int64)
