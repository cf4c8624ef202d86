"""Defaults that come together: one factor behind all of them.

Source: Vasicek 2002, Loan portfolio value, Risk 15; the model behind the Basel Framework, CRE31.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(64)


def conditional_pd(
    pd: FloatArray | float, correlation: float, factor: FloatArray | float
) -> FloatArray:
    """The PD once the factor is known: standard normal, the lower the worse."""
    reach = special.ndtri(pd) - np.sqrt(correlation) * factor
    return np.asarray(special.ndtr(reach / np.sqrt(1 - correlation)))


def chance_of_as_many(defaults: int, loans: int, pd: float, correlation: float) -> float:
    """The chance of at least so many defaults among loans of one PD.

    Binomial given the factor, and the factor summed over by Gauss and Hermite's rule; without a
    correlation the plain binomial.
    """
    if defaults <= 0:
        return 1.0
    if correlation == 0:
        return float(special.betainc(defaults, loans - defaults + 1, pd))
    given = conditional_pd(pd, correlation, _NODES)
    tails = special.betainc(defaults, loans - defaults + 1, given)
    return float((_WEIGHTS * tails).sum() / _WEIGHTS.sum())


def most_defaults(loans: int, pd: float, correlation: float, level: float) -> int:
    """The fewest defaults that are exceeded with a chance of at most 1 - level."""
    low, high = 0, loans
    while low < high:
        middle = (low + high) // 2
        if chance_of_as_many(middle + 1, loans, pd, correlation) <= 1 - level:
            high = middle
        else:
            low = middle + 1
    return low


def variance_between(pd: float, correlation: float) -> float:
    """The variance of the rate, given the factor, over its mean squared."""
    given = conditional_pd(pd, correlation, _NODES)
    mean = (_WEIGHTS * given).sum() / _WEIGHTS.sum()
    return float((_WEIGHTS * (given - mean) ** 2).sum() / _WEIGHTS.sum() / mean**2)
