"""Partial pooling: a group of few cases is thought to be like the others until it shows more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.distributions import beta_below
from equipoise.review.fairness.intervals import Interval

ALIKE = np.logspace(0, 5, 61)  # how many cases of its own outweigh what others say of a group
HALVINGS = 30
NEXT_TO_NOTHING = 1e-6  # of the weight of the most probable likeness


@dataclass(frozen=True, slots=True)
class Pooled:
    """Bad rates (k,) drawn towards what is expected, and how alike the groups are, in cases."""

    rates: tuple[Interval, ...]
    alike: float


def pooled_rates(bads: FloatArray, known: FloatArray, expected: FloatArray, level: float) -> Pooled:
    """Bad rates of groups (k,) that share a beta distribution about their expected rates (k,).

    The expected rates are first moved together to the bads of all. `bads` and `known` need not be
    whole. Beta-binomial empirical Bayes, with how alike the groups are averaged over under the
    uniform shrinkage prior, as an estimate of it in its place makes intervals too narrow. Source:
    Morris 1983, JASA 78; the prior, Christiansen and Morris 1997, JASA 92.
    """
    ratio = (float(bads.sum()) + 0.5) / (float(known @ expected) + 0.5)
    mean = np.clip(ratio * expected, 1e-6, 1 - 1e-6)
    a, b = ALIKE[:, None] * mean, ALIKE[:, None] * (1 - mean)
    fit = (special.betaln(a + bads, b + known - bads) - special.betaln(a, b)).sum(axis=1)
    usual = known.size / float(np.sum(1 / np.maximum(known, 1.0)))
    # the prior's density in the logarithm of the likeness, over which the grid is even
    fit += np.log(ALIKE) - 2 * np.log(ALIKE + usual)
    weight = np.exp(fit - fit.max())
    kept = weight > NEXT_TO_NOTHING
    a, b, weight = a[kept], b[kept], weight[kept] / weight[kept].sum()
    alike = float(np.exp(weight @ np.log(ALIKE[kept])))
    rates = tuple(
        _rate(a[:, at] + bads[at], b[:, at] + known[at] - bads[at], weight, level)
        for at in range(known.size)
    )
    return Pooled(rates, alike)


def _rate(a: FloatArray, b: FloatArray, weight: FloatArray, level: float) -> Interval:
    """Mean and ends of a mixture of beta distributions (grid,)."""
    low, high = (_quantile(end, a, b, weight) for end in (0.5 - level / 2, 0.5 + level / 2))
    return Interval(float(weight @ (a / (a + b))), low, high)


def _quantile(share: float, a: FloatArray, b: FloatArray, weight: FloatArray) -> float:
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = float(weight @ beta_below(middle, a, b)) < share
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2
