"""Intervals for shares, rates and means, 95 % unless told otherwise."""

from __future__ import annotations

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray

LEVEL = 0.95


def normal_quantile(level: float = LEVEL) -> float:
    """The number of standard errors on each side of a two-sided interval."""
    return float(special.ndtri(0.5 + level / 2))


def student_quantile(freedom: float, level: float = LEVEL) -> float:
    """The number of standard errors on each side where the error itself is estimated."""
    return float(special.stdtrit(freedom, 0.5 + level / 2))


def wilson(
    successes: FloatArray, trials: FloatArray, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Wilson score interval of a share; without trials it is 0 to 1.

    Source: Wilson 1927, JASA 22.
    """
    z = normal_quantile(level)
    n = np.where(trials > 0, trials, 1.0)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = np.where(trials > 0, np.minimum(np.maximum(centre - half, 0.0), share), 0.0)
    high = np.where(trials > 0, np.maximum(np.minimum(centre + half, 1.0), share), 1.0)
    return low, high


def poisson_rate(
    events: FloatArray, exposure: FloatArray, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Exact interval of a rate per unit of exposure; without exposure it is 0 to infinity.

    Source: Garwood 1936, Biometrika 28: chi-square quantiles, here as gamma quantiles.
    """
    tail = (1 - level) / 2
    low = np.where(events > 0, special.gammaincinv(np.maximum(events, 1), tail), 0.0)
    high = special.gammaincinv(events + 1, 1 - tail)
    safe = np.where(exposure > 0, exposure, 1.0)
    return (
        np.where(exposure > 0, low / safe, 0.0),
        np.where(exposure > 0, high / safe, np.inf),
    )
