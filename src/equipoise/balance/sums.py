"""Sums that lose nothing to rounding, and so do not depend on the order of their terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of float64, `high`, and what rounding left over of each, `low`.

    Added in any order they give the same `value`, but where the true sum lies within some 1e-30
    of the middle between two float64. Source: Knuth, The Art of Computer Programming 2, 4.2.2.
    """

    high: FloatArray
    low: FloatArray

    @classmethod
    def over(cls, parts: Sequence[FloatArray]) -> Sums:
        """The sum of arrays of one shape, pair by pair."""
        return cls.of([cls(part, np.zeros_like(part)) for part in parts])

    @classmethod
    def of(cls, parts: Sequence[Sums]) -> Sums:
        """The sum of sums of one shape, pair by pair."""
        high: FloatArray = np.stack([part.high for part in parts])
        low: FloatArray = np.stack([part.low for part in parts])
        while len(high) > 1:
            if len(high) % 2:
                none = np.zeros_like(high[:1])
                high, low = np.concatenate([high, none]), np.concatenate([low, none])
            half = cls(high[0::2], low[0::2]) + cls(high[1::2], low[1::2])
            high, low = half.high, half.low
        return cls(high[0], low[0])

    def __add__(self, other: Sums) -> Sums:
        total = self.high + other.high
        came = total - self.high
        left = (self.high - (total - came)) + (other.high - came)
        return Sums(total, self.low + other.low + left)

    @property
    def value(self) -> FloatArray:
        """The sums as float64."""
        rounded: FloatArray = self.high + self.low
        return rounded
