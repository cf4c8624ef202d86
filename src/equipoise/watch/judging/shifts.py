"""How far a distribution is from its baseline, and how far periods like those go by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.distributions import chi2_quantile
from equipoise.risk.stability import stability_index

FEWEST_PERIODS = 6


@dataclass(frozen=True, slots=True)
class Shift:
    """A period against its baseline: the index, what sampling alone reaches in 95 of 100 (`bound`,
    by the chi-squared law), and the chance of as much if periods only differ as they used to."""

    index: float
    bound: float
    chance: float


@dataclass(frozen=True, slots=True)
class Restlessness:
    """How far the history's own periods lie from one another, in chi-squared per degree of freedom
    (`scale`, at least 1), over so many degrees, known from so many periods."""

    scale: float
    freedom: float
    periods: int

    def chance(self, statistic: float) -> float:
        """The chance of as large a statistic. Fisher's F: the scale is an estimate too."""
        known = self.freedom * (self.periods - 1)
        return float(special.fdtrc(self.freedom, known, statistic / self.freedom / self.scale))


def restlessness(history: FloatArray, smoothing: float) -> Restlessness | None:
    """From counts (periods, bins), each period against all others together; None of too few.

    A factor common to many bins leaves fewer degrees of freedom than bins: by Satterthwaite's rule
    as many as match the statistics' mean and variance.
    """
    rows = history.sum(axis=1)
    usable = history[rows > 0]
    if usable.shape[0] < FEWEST_PERIODS:
        return None
    bins = int((usable.sum(axis=0) > 0).sum())
    if bins < 2:
        return None
    whole = usable.sum(axis=0)
    statistics = np.array([_statistic(whole - each, each, smoothing) for each in usable])
    mean, variance = float(statistics.mean()), float(statistics.var(ddof=1))
    freedom = min(float(bins - 1), max(1.0, 2 * mean**2 / variance if variance else bins - 1.0))
    return Restlessness(max(1.0, mean / freedom), freedom, usable.shape[0])


def shift(baseline: FloatArray, period: FloatArray, rest: Restlessness, smoothing: float) -> Shift:
    """A period's counts (bins,) against the baseline's. `smoothing` is what an empty bin counts as,
    without which the index would be infinite: it is part of the indicator, and reported."""
    n, m = float(baseline.sum()), float(period.sum())
    bins = int(((baseline + period) > 0).sum())
    if min(n, m) == 0 or bins < 2:
        return Shift(float("nan"), float("nan"), 1.0)
    index = stability_index(baseline, period, smoothing)
    error = 1 / n + 1 / m
    return Shift(index, chi2_quantile(0.95, bins - 1) * error, rest.chance(index / error))


def _statistic(baseline: FloatArray, period: FloatArray, smoothing: float) -> float:
    error = 1 / baseline.sum() + 1 / period.sum()
    return stability_index(baseline, period, smoothing) / float(error)
