"""How far a distribution is from its baseline, and how far periods like those go by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.distributions import chi2_quantile
from equipoise.risk.stability import stability_index
from equipoise.watch.judging.lasting import prediction

MOST_PERIODS = 120  # of the history, the newest: more hardly say more


@dataclass(frozen=True, slots=True)
class Shift:
    """A period against its baseline: the index, what sampling alone reaches in 95 of 100 (`bound`,
    by the chi-squared law), and the chance of as much if periods only differ as they used to."""

    index: float
    bound: float
    chance: float


@dataclass(frozen=True, slots=True)
class Restlessness:
    """How far periods go by themselves: laws believed so far, (K,), and by each the variance of a
    period's shares, beyond sampling, in the one direction in which the history's differ most."""

    believed: FloatArray
    variances: FloatArray

    def chance(self, index: float, error: float, bins: int) -> float:
        """The chance of as large an index, whose sampling error is 1 / n + 1 / m.

        It is a sum of squares, one of them larger than sampling makes it; by Satterthwaite's rule a
        chi-squared of the same mean and variance.
        """
        excess = self.variances / error
        mean = bins - 1 + excess
        squares = bins - 1 + 2 * excess + excess**2
        tails = special.chdtrc(mean**2 / squares, index / error * mean / squares)
        return float(self.believed @ tails)


def restlessness(history: FloatArray, *, from_the_last: bool = False) -> Restlessness | None:
    """From counts (periods, bins), of a period against all of them, or against the last; None of
    too few. What moves many bins at once shows most in the first principal component of the
    shares, each measured by its own sampling error."""
    newest = history[-MOST_PERIODS:]
    rows, whole = newest.sum(axis=1), newest.sum(axis=0)
    if (whole > 0).sum() < 2:
        return None
    counted, mean = newest[rows > 0][:, whole > 0], whole[whole > 0] / whole.sum()
    off = counted / rows[rows > 0, None] - mean
    off /= np.sqrt(mean)
    *_, directions = np.linalg.svd(off * np.sqrt(rows[rows > 0, None]), full_matrices=False)
    # chance makes the direction look more restless: by so much where it is just told from others
    # (Baik and Silverstein 2006, Journal of Multivariate Analysis 97)
    edge = 1 + np.sqrt((mean.size - 1) / counted.shape[0])
    along, sampling = np.full(rows.size, np.nan), np.full(rows.size, np.nan)
    along[rows > 0], sampling[rows > 0] = off @ directions[0], edge / rows[rows > 0]
    law = prediction(along, sampling)
    if law is None:
        return None
    return Restlessness(law.believed, law.steps if from_the_last else law.variances)


def shift(baseline: FloatArray, period: FloatArray, rest: Restlessness, smoothing: float) -> Shift:
    """A period's counts (bins,) against the baseline's. `smoothing` is what an empty bin counts as,
    without which the index would be infinite: it is part of the indicator, and reported."""
    n, m = float(baseline.sum()), float(period.sum())
    bins = int(((baseline + period) > 0).sum())
    if min(n, m) == 0 or bins < 2:
        return Shift(float("nan"), float("nan"), 1.0)
    index = stability_index(baseline, period, smoothing)
    error = 1 / n + 1 / m
    bound = chi2_quantile(0.95, bins - 1) * error
    return Shift(index, bound, rest.chance(index, error, bins))
