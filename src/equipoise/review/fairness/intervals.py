"""Intervals of the gap between two groups: shares, means, and both within strata of like risk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.intervals import normal_quantile, student_quantile, wilson


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between two ends; NaN where nothing can be estimated, ends may be infinite."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        return not math.isnan(self.value)

    def as_dict(self) -> dict[str, float | None]:
        """Numbers that JSON can hold: None for NaN and for infinite ends."""
        ends = {"value": self.value, "low": self.low, "high": self.high}
        return {name: end if math.isfinite(end) else None for name, end in ends.items()}


UNKNOWN = Interval(math.nan, math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Within:
    """A gap inside strata: difference and ratio, and the share of people in strata of both."""

    difference: Interval
    ratio: Interval
    overlap: float


def share(hits: float, n: float, level: float) -> Interval:
    """Wilson score interval of a share."""
    if n <= 0:
        return UNKNOWN
    low, high = wilson(np.array(float(hits)), np.array(float(n)), level)
    return Interval(hits / n, float(low), float(high))


def mean(values: FloatArray, level: float) -> Interval:
    """Student's interval of a mean; it needs two values."""
    n = values.size
    if n < 2:
        return UNKNOWN
    centre, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(n)
    half = student_quantile(n - 1, level) * error
    return Interval(centre, centre - half, centre + half)


def difference_of_shares(one: Interval, other: Interval) -> Interval:
    """Difference of two independent shares from their Wilson intervals.

    Source: Newcombe 1998, Statistics in Medicine 17, method 10.
    """
    if not (one.known and other.known):
        return UNKNOWN
    gap = one.value - other.value
    below = math.hypot(one.value - one.low, other.high - other.value)
    above = math.hypot(one.high - one.value, other.value - other.low)
    return Interval(gap, gap - below, gap + above)


def ratio_of_shares(one: Interval, other: Interval) -> Interval:
    """Ratio of two independent shares from their Wilson intervals; the upper end may be infinite.

    Source: Donner and Zou 2012, Statistical Methods in Medical Research 21 (MOVER).
    """
    if not (one.known and other.known) or other.value == 0:
        return UNKNOWN
    product = one.value * other.value
    least = one.low * (2 * one.value - one.low)
    most = one.high * (2 * one.value - one.high)
    bottom_low = other.low * (2 * other.value - other.low)
    bottom_high = other.high * (2 * other.value - other.high)
    # The lower root in its conjugate form, which holds where 2 * share falls below the upper end.
    root = product + math.sqrt(max(product * product - least * bottom_high, 0.0))
    low = least / root if root > 0 else 0.0
    root = product + math.sqrt(max(product * product - most * bottom_low, 0.0))
    high = root / bottom_low if bottom_low > 0 else math.inf
    return Interval(one.value / other.value, max(low, 0.0), high)


def difference_of_means(one: FloatArray, other: FloatArray, level: float) -> Interval:
    """Difference of two independent means. Source: Welch 1947, Biometrika 34."""
    if min(one.size, other.size) < 2:
        return UNKNOWN
    gap = float(one.mean() - other.mean())
    parts = [float(each.var(ddof=1)) / each.size for each in (one, other)]
    total = sum(parts)
    if total == 0:
        return Interval(gap, gap, gap)
    freedom = total**2 / (parts[0] ** 2 / (one.size - 1) + parts[1] ** 2 / (other.size - 1))
    half = student_quantile(freedom, level) * math.sqrt(total)
    return Interval(gap, gap - half, gap + half)


def ratio_of_means(one: FloatArray, other: FloatArray, level: float) -> Interval:
    """Ratio of two independent positive means, by the delta method on its logarithm."""
    if min(one.size, other.size) < 2 or one.mean() <= 0 or other.mean() <= 0:
        return UNKNOWN
    spread = sum(float(x.var(ddof=1)) / x.size / float(x.mean()) ** 2 for x in (one, other))
    return _around(float(one.mean() / other.mean()), math.sqrt(spread), level)


def shares_within(one: Sequence[FloatArray], other: Sequence[FloatArray], level: float) -> Within:
    """Mantel-Haenszel difference and ratio of shares; `one[k]`, `other[k]` are stratum k's 0s, 1s.

    Source: Mantel and Haenszel 1959; variance of the difference, Sato 1989, Biometrics 45; of the
    ratio, Greenland and Robins 1985, Biometrics 41.
    """
    a, n1, b, n0, overlap = _counts(one, other)
    if a.size == 0:
        return Within(UNKNOWN, UNKNOWN, overlap)
    n = n1 + n0
    weight = n1 * n0 / n
    gap = float(np.sum((a * n0 - b * n1) / n) / weight.sum())
    p = (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2
    q = (a * (n0 - b) + b * (n1 - a)) / (2 * n)
    error = math.sqrt(max(float(gap * p.sum() + q.sum()), 0.0)) / float(weight.sum())
    half = normal_quantile(level) * error
    difference = Interval(gap, gap - half, gap + half)
    top, bottom = float(np.sum(a * n0 / n)), float(np.sum(b * n1 / n))
    if top == 0 or bottom == 0:
        return Within(difference, UNKNOWN, overlap)
    spread = float(np.sum((n1 * n0 * (a + b) - a * b * n) / n**2)) / (top * bottom)
    return Within(difference, _around(top / bottom, math.sqrt(max(spread, 0.0)), level), overlap)


def means_within(one: Sequence[FloatArray], other: Sequence[FloatArray], level: float) -> Within:
    """Difference of means within strata, strata weighted as Mantel and Haenszel do.

    The variance pools each group's residuals about its stratum means, so that strata of one person
    count too.
    """
    _, n1, _, n0, overlap = _counts(one, other)
    both = [(x, y) for x, y in zip(one, other, strict=True) if x.size and y.size]
    left = [sum(x.size for x in side) - len(both) for side in zip(*both, strict=True)]
    if not both or min(left) < 1:
        return Within(UNKNOWN, UNKNOWN, overlap)
    weight = n1 * n0 / (n1 + n0)
    gaps = np.array([x.mean() - y.mean() for x, y in both])
    gap = float(weight @ gaps / weight.sum())
    variance = 0.0
    for side, sizes, freedom in zip(zip(*both, strict=True), (n1, n0), left, strict=True):
        pooled = sum(float(np.square(x - x.mean()).sum()) for x in side) / freedom
        variance += pooled * float(np.sum(weight**2 / sizes)) / float(weight.sum()) ** 2
    half = student_quantile(min(left), level) * math.sqrt(variance)
    return Within(Interval(gap, gap - half, gap + half), UNKNOWN, overlap)


def _counts(
    one: Sequence[FloatArray], other: Sequence[FloatArray]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, float]:
    sides = zip(one, other, strict=True)
    rows = [(x.sum(), x.size, y.sum(), y.size) for x, y in sides]
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    shared = table[(table[:, 1] > 0) & (table[:, 3] > 0)]
    people = float(table[:, [1, 3]].sum())
    overlap = float(shared[:, [1, 3]].sum()) / people if people else 0.0
    return shared[:, 0], shared[:, 1], shared[:, 2], shared[:, 3], overlap


def _around(ratio: float, error: float, level: float) -> Interval:
    factor = math.exp(normal_quantile(level) * error)
    return Interval(ratio, ratio / factor, ratio * factor)
