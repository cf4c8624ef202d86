"""Sums of each indicator by period: all that its value, its interval and its verdict need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Sums:
    """One indicator over T periods, all (T,): rows that count `n`, the sum of `of` and of its
    squares, the sum of `over` and of its squares, and of the products; of an `expected`, `over` is
    the sum of chances and `over_squares` that of their squares. `counts` (T, bins) are a
    distribution's rows by bin, its last bin the missing ones; of a gini the rows where `of` is true
    by bin of `over`, then the others'; (T, 0) otherwise.
    """

    n: FloatArray
    of: FloatArray
    squares: FloatArray
    over: FloatArray
    over_squares: FloatArray
    products: FloatArray
    counts: FloatArray

    def pooled(self, window: int) -> Sums:
        """The same over the last `window` periods each; shorter where the series begins."""
        if window == 1:
            return self
        return Sums(*(_rolling(getattr(self, name), window) for name in self.__slots__))

    def until(self, periods: int) -> Sums:
        """The first so many periods."""
        return Sums(*(getattr(self, name)[:periods] for name in self.__slots__))


def _rolling(values: FloatArray, window: int) -> FloatArray:
    total = np.cumsum(values, axis=0)
    before = np.zeros_like(total)
    before[window:] = total[:-window]
    return np.asarray(total - before)
