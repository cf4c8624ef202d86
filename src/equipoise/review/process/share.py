"""A share of people that never speaks of fewer than ten."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.intervals import wilson
from equipoise.texts.numbers import FEW

__all__ = ["FEW", "Share"]


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n` people: 0..1 with its 95 % Wilson interval, None where `n` is under FEW."""

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, k: int, n: int) -> Share:
        """The share of `k` among `n`, 0 <= k <= n."""
        if n < FEW:
            return cls(k, n, None, None, None)
        low, high = wilson(np.array(float(k)), np.array(float(n)))
        return cls(k, n, k / n, float(low), float(high))
