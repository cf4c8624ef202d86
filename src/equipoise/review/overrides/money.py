"""Money of a group of loans with its interval, right where few of them are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.distributions import normal_below
from equipoise.numeric.intervals import normal_quantile
from equipoise.review.fairness.intervals import Interval

DRAWS = 4000
MANY = 1000  # loans, from which on the mean is normal for all purposes


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money with its interval, and the chances that it is below and above nothing."""

    money: Interval
    below: float
    above: float

    @property
    def p_value(self) -> float:
        """Two-sided: how well the sum goes with nothing won and nothing lost."""
        return min(1.0, 2 * min(self.below, self.above))


def total(
    values: FloatArray,
    weights: FloatArray,
    ends: tuple[float, float],
    size: int,
    *,
    level: float,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Sum:
    """What `size` loans bring together, where those known (n,) brought `values`.

    `weights` (n,) are those of the window's outcomes. `ends` are what a loan of the group brings
    where it stays good and where it goes bad: half a loan of each is added to what was seen, so
    that for loans of equal size the interval is the one of Jeffreys for their bad rate. Source: the
    Bayesian bootstrap, Rubin 1981, Annals of Statistics 9; unequal weights count as many as tell as
    much (Kish 1965).
    """
    value = size * float(np.average(values, weights=weights))
    mass = weights * weights.sum() / np.square(weights).sum()
    concentration = np.append(mass, (0.5, 0.5))
    points = np.append(values, ends)
    if values.size > MANY:
        return _normal(value, points, concentration, size, level)
    parts = rng.standard_gamma(concentration, size=(draws, concentration.size))
    return summed(size * (parts @ points) / parts.sum(axis=1), value, level)


def summed(sums: FloatArray, value: float, level: float) -> Sum:
    """The interval of a sum from its draws; it holds the estimate."""
    low, high = (float(end) for end in np.quantile(sums, (0.5 - level / 2, 0.5 + level / 2)))
    below, above = (
        float((np.count_nonzero(side) + 1) / (sums.size + 1)) for side in (sums <= 0, sums >= 0)
    )
    return Sum(Interval(value, min(low, value), max(high, value)), below, above)


def _normal(
    value: float, points: FloatArray, concentration: FloatArray, size: int, level: float
) -> Sum:
    mass = float(concentration.sum())
    mean = float(np.average(points, weights=concentration))
    spread = float(np.average(np.square(points - mean), weights=concentration))
    error = size * float(np.sqrt(spread / (mass + 1)))
    half = normal_quantile(level) * error
    low, high = size * mean - half, size * mean + half
    below = normal_below(-size * mean / error) if error > 0 else float(mean <= 0)
    return Sum(Interval(value, min(low, value), max(high, value)), below, 1 - below)
