"""Distribution functions that scipy.stats has too, which takes a second of processor to import.

Bit for bit those of scipy.stats, which calls the same special functions.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray


def chi2_above(statistic: float, freedom: float) -> float:
    """The chance of a chi-square variate above `statistic`."""
    return float(special.chdtrc(freedom, statistic))


def chi2_quantile(level: float, freedom: float) -> float:
    """What a chi-square variate stays below with the chance `level`."""
    return float(2 * special.gammaincinv(freedom / 2, level))


def normal_below(z: float) -> float:
    """The chance of a standard normal variate below `z`."""
    return float(special.ndtr(z))


def student_below(t: float, freedom: float) -> float:
    """The chance of a Student variate below `t`."""
    return float(special.stdtr(freedom, t))


def beta_below(
    share: FloatArray | float, a: FloatArray | float, b: FloatArray | float
) -> FloatArray:
    """The chance of a Beta(a, b) variate below `share`, between 0 and 1."""
    return np.asarray(special.betainc(a, b, share))


def beta_quantile(level: float, a: float, b: float) -> float:
    """What a Beta(a, b) variate stays below with the chance `level`."""
    return float(special.betaincinv(a, b, level))


def poisson_binomial(chances: FloatArray) -> FloatArray:
    """The chance of 0, 1, .. n successes of independent trials of unequal chances (n,): (n + 1,).

    Exact, by one convolution to a trial. Source: Hong 2013, Computational Statistics and Data
    Analysis 59.
    """
    mass = np.zeros(chances.size + 1)
    mass[0] = 1.0
    for at, chance in enumerate(chances, 1):
        mass[1 : at + 1] = mass[1 : at + 1] * (1 - chance) + mass[:at] * chance
        mass[0] *= 1 - chance
    return mass
