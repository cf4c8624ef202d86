"""Intervals of a change between two strategies over the same people."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.intervals import normal_quantile, student_quantile


@dataclass(frozen=True, slots=True)
class Change:
    """A figure under both strategies, the second less the first, and the interval of that."""

    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio of two sums with its interval."""

    value: float
    low: float | None
    high: float | None


def ratio(top: FloatArray, per: FloatArray, level: float) -> Rate | None:
    """Ratio of two sums over people, by the delta method; None where nothing is lent."""
    whole = float(per.sum())
    if whole == 0:
        return None
    value = float(top.sum()) / whole
    if top.size < 2:
        return Rate(value, None, None)
    pull = (top - value * per) / per.mean()
    quantile = student_quantile(top.size - 1, level)
    half = quantile * float(pull.std(ddof=1)) / math.sqrt(top.size)
    return Rate(value, value - half, value + half)


def total(a: FloatArray, b: FloatArray, level: float) -> Change:
    """Sums over people; the interval is Student's, of the paired differences."""
    return _change(float(a.sum()), float(b.sum()), b - a, a.size, level)


def rate(
    a_top: FloatArray, a_per: FloatArray, b_top: FloatArray, b_per: FloatArray, level: float
) -> Change:
    """Ratios of two sums; the interval is paired, by the delta method."""
    if a_per.sum() == 0 or b_per.sum() == 0:
        return Change(None, None, None, None, None)
    a, b = float(a_top.sum() / a_per.sum()), float(b_top.sum() / b_per.sum())
    pull = (b_top - b * b_per) / b_per.mean() - (a_top - a * a_per) / a_per.mean()
    return _change(a, b, pull, 1.0, level)


def share(a: NDArray[np.bool_], b: NDArray[np.bool_], level: float) -> Change:
    """Shares of the same people. Source: Bonett and Price 2012, J. Educ. Behav. Stat. 37."""
    n = a.size
    if n == 0:
        return Change(None, None, None, None, None)
    came = (int((~a & b).sum()) + 1) / (n + 2)
    left = (int((a & ~b).sum()) + 1) / (n + 2)
    half = normal_quantile(level) * math.sqrt((came + left - (came - left) ** 2) / (n + 2))
    one, two = float(a.mean()), float(b.mean())
    return Change(one, two, two - one, came - left - half, came - left + half)


def _change(a: float, b: float, pull: FloatArray, times: float, level: float) -> Change:
    n = pull.size
    if n < 2:
        return Change(a, b, b - a, None, None)
    quantile = student_quantile(n - 1, level)
    half = times * quantile * float(pull.std(ddof=1)) / math.sqrt(n)
    return Change(a, b, b - a, b - a - half, b - a + half)
