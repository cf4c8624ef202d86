"""What each row of the blocks is to one fit."""

from __future__ import annotations

import numpy as np

from equipoise.cluster.blocks import Block
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray

GOOD, BAD = 1, 2  # 0 is a row that the fit does not use


class Roles:
    """What each row of the blocks is to one fit: unused, good or bad; and its weight."""

    def __init__(
        self, height: int, places: IntArray, flags: BoolArray, weights: FloatArray
    ) -> None:
        self.state = np.zeros(height, dtype=np.uint8)
        self.state[places] = np.where(flags, BAD, GOOD)
        self.weight: FloatArray | None = None
        if not np.all(weights == 1.0):
            self.weight = np.zeros(height)
            self.weight[places] = weights

    def of(self, block: Block) -> tuple[IntArray, BoolArray, FloatArray]:
        """The used rows of a block, by number within it, their flags and weights."""
        part = slice(block.start, block.start + block.rows)
        state = self.state[part]
        used = np.flatnonzero(state)
        weights = np.ones(used.size) if self.weight is None else self.weight[part][used]
        return used, state[used] == BAD, weights
