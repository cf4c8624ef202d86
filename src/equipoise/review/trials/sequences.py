"""Intervals that hold at every look, so that a person may watch a trial and stop it at any time.

Asymptotic confidence sequences with Robbins' normal mixture, one-sided: Waudby-Smith, Arbour,
Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences"
(Annals of Statistics 52(6), 2024). They ask for no plan of looks. Being asymptotic, they ask for
some outcomes before the first look.
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from equipoise.numeric.arrays import FloatArray

CONCENTRATION = 100.0  # of the mixture around the shares: departures of a tenth or so of a share
MOST_LOG = 690.0  # as large as a double's logarithm may be, and a little less


def boundary(time: ArrayLike, error: float) -> FloatArray:
    """How many standard errors the bound lies from the estimate, on one side.

    `time` is variance so far over that of the mixture; `error` the chance that the bound is ever
    on the wrong side.
    """
    t = np.asarray(time, dtype=np.float64)
    radius = np.sqrt(2 * (1 + 1 / t) * np.log1p(np.sqrt(1 + t) / (2 * error)))
    return np.asarray(radius)


@cache
def tightest(error: float) -> float:
    """The time at which the boundary is nearest: where a trial of known size should end."""
    from scipy.optimize import minimize_scalar  # large, and only a plan needs it

    def reach(log_time: float) -> float:
        return float(boundary(np.exp(log_time), error))

    return float(np.exp(minimize_scalar(reach, bounds=(-3, 9), method="bounded").x))


def inflation(error: float, power: float) -> float:
    """How many times the outcomes of a trial with one look, for the same power at the last look.

    One side, at the time at which the boundary is nearest. Most trials end earlier than that.
    """
    normal = NormalDist()
    once = normal.inv_cdf(1 - error) + normal.inv_cdf(power)
    always = float(boundary(tightest(error), error)) + normal.inv_cdf(power)
    return (always / once) ** 2


def ratio_evidence(counts: ArrayLike, shares: ArrayLike) -> float:
    """Evidence that arms were not filled by their shares; 20 or more forbids it at 5 %, whenever.

    Bayes factor of a Dirichlet mixture around the shares against the shares, a martingale under
    them. `counts` and `shares` are (arms,). Source: Lindon and Malek, "Anytime-valid inference for
    multinomial count data" (NeurIPS 2022).
    """
    n, p = np.asarray(counts, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    prior = p * CONCENTRATION
    total = gammaln(prior.sum()) - gammaln(prior.sum() + n.sum())
    parts = gammaln(prior + n) - gammaln(prior) - n * np.log(p)
    return float(np.exp(min(total + parts.sum(), MOST_LOG)))
