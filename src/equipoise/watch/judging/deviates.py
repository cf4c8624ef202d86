"""Each kind of indicator on a scale where its sampling error is known and near normal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.numeric.intervals import normal_quantile, poisson_rate, wilson
from equipoise.watch.document.indicators import Indicator
from equipoise.watch.measuring.sums import Sums

FEWEST_EVENTS = 3.0  # that the baseline lets expect, or that came, before a count says anything


@dataclass(frozen=True, slots=True)
class Deviates:
    """T periods: `value` with its 95 % interval from `low` to `high`, all on the indicator's own
    scale (NaN where nothing was counted); `scaled` on the scale of the test, with the variance that
    sampling gives it, `sampling`; `events` as many as the rate rests on, infinite where it rests on
    every row. `by_zero` says where it would divide by zero.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    scaled: FloatArray
    sampling: FloatArray
    events: FloatArray
    by_zero: BoolArray


def deviates(indicator: Indicator, sums: Sums) -> Deviates:
    """Of every kind but a distribution, which is held against its baseline at once."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _MADE[indicator.kind](sums)


def scaled_bound(indicator: Indicator, at: float, deviate: Deviates) -> float:
    """A value of the indicator on the scale of the test."""
    if indicator.kind == "rate":
        return float(np.arcsin(np.sqrt(np.clip(at, 0.0, 1.0))))
    if indicator.kind == "expected":
        return float(np.sqrt(max(at, 0.0)))
    if indicator.kind == "gini":
        area = float(np.clip((1 + at) / 2, 1e-6, 1 - 1e-6))
        return float(np.log(area / (1 - area)))
    return float(np.log(at)) if _is_log(deviate) and at > 0 else at


def _is_log(deviate: Deviates) -> bool:
    known = np.isfinite(deviate.scaled) & np.isfinite(deviate.value)
    return bool(
        known.any()
        and (deviate.value[known] > 0).all()
        and np.allclose(deviate.scaled[known], np.log(deviate.value[known]))
    )


def _rate(sums: Sums) -> Deviates:
    """The arcsine root, whose variance hardly knows the rate.

    Source: Anscombe 1948, Biometrika 35.
    """
    n, events = sums.n, sums.of
    low, high = wilson(events, n)
    return Deviates(
        value=np.where(n > 0, events / n, np.nan),
        low=np.where(n > 0, low, np.nan),
        high=np.where(n > 0, high, np.nan),
        scaled=np.arcsin(np.sqrt((events + 0.375) / (n + 0.75))),
        sampling=1 / (4 * n + 2),
        events=events,
        by_zero=np.zeros(n.size, dtype=bool),
    )


def _mean(sums: Sums) -> Deviates:
    n = sums.n
    value = np.where(n > 0, sums.of / n, np.nan)
    spread = np.maximum(sums.squares / n - value**2, 0.0) * n / np.maximum(n - 1, 1)
    return _continuous(value, spread / n, n, np.zeros(n.size, dtype=bool))


def _ratio(sums: Sums) -> Deviates:
    """A ratio of sums with the variance of its residuals. Source: Cochran 1977, Sampling
    Techniques, section 6.3."""
    n, over = sums.n, sums.over
    value = np.where(over != 0, sums.of / over, np.nan)
    residual = sums.squares - 2 * value * sums.products + value**2 * sums.over_squares
    variance = np.maximum(residual, 0.0) / over**2 * n / np.maximum(n - 1, 1)
    return _continuous(value, variance, n, (n > 0) & (over == 0))


def _continuous(
    value: FloatArray, variance: FloatArray, n: FloatArray, by_zero: BoolArray
) -> Deviates:
    """By its logarithm where it is positive throughout: what is skewed is less so. Elsewhere a
    period varies by at least what all of them do for each row: one in which every row was zero
    has no variance of its own, and would be taken for exact."""
    known = np.isfinite(value)
    positive = bool(known.any()) and bool((value[known] > 0).all())
    if not positive and known.any():
        of_a_row = (variance[known] * n[known] ** 2).sum() / n[known].sum()
        variance = np.maximum(variance, of_a_row / n)
    half = normal_quantile() * np.sqrt(variance)
    return Deviates(
        value=value,
        low=value - half,
        high=value + half,
        scaled=np.log(value) if positive else value,
        sampling=variance / value**2 if positive else variance,
        events=np.full(value.size, np.inf),
        by_zero=by_zero,
    )


def _expected(sums: Sums) -> Deviates:
    """Observed over expected by its root, with the variance of a sum of unequal chances. Its
    interval is Garwood's, which takes the count for Poisson and so is the wider."""
    observed, chances = sums.of, sums.over
    low, high = poisson_rate(observed, chances)
    known = chances > 0
    return Deviates(
        value=np.where(known, observed / chances, np.nan),
        low=np.where(known, low, np.nan),
        high=np.where(known, high, np.nan),
        scaled=np.sqrt((observed + 0.375) / chances),
        sampling=(1 - sums.over_squares / chances) / (4 * chances),
        events=observed,
        by_zero=(sums.n > 0) & ~known,
    )


def _volume(sums: Sums) -> Deviates:
    n = sums.n
    low, high = poisson_rate(n, np.ones(n.size))
    return Deviates(
        value=n,
        low=low,
        high=high,
        scaled=np.log(np.maximum(n, 0.5)),
        sampling=1 / np.maximum(n, 0.5),
        events=n,
        by_zero=np.zeros(n.size, dtype=bool),
    )


def _gini(sums: Sums) -> Deviates:
    """From counts by bin, ties counting half; its variance is that of the placements of either side
    (DeLong, DeLong and Clarke-Pearson 1988). Tested by the logit of the area under the curve."""
    bad, good = np.split(sums.counts, 2, axis=1)
    n_bad, n_good = bad.sum(axis=1), good.sum(axis=1)
    below = (np.cumsum(good, axis=1) - good / 2) / n_good[:, None]
    above = 1 - (np.cumsum(bad, axis=1) - bad / 2) / n_bad[:, None]
    area = (bad * below).sum(axis=1) / n_bad
    spread_bad = (bad * (below - area[:, None]) ** 2).sum(axis=1) / np.maximum(n_bad - 1, 1)
    spread_good = (good * (above - area[:, None]) ** 2).sum(axis=1) / np.maximum(n_good - 1, 1)
    variance = spread_bad / n_bad + spread_good / n_good
    inside = np.clip(area, 1e-6, 1 - 1e-6)
    half = normal_quantile() * 2 * np.sqrt(variance)
    return Deviates(
        value=2 * area - 1,
        low=np.maximum(2 * area - 1 - half, -1.0),
        high=np.minimum(2 * area - 1 + half, 1.0),
        scaled=np.log(inside / (1 - inside)),
        sampling=variance / (inside * (1 - inside)) ** 2,
        events=n_bad,
        by_zero=np.zeros(n_bad.size, dtype=bool),
    )


_MADE = {
    "rate": _rate,
    "mean": _mean,
    "ratio": _ratio,
    "expected": _expected,
    "gini": _gini,
    "volume": _volume,
}
