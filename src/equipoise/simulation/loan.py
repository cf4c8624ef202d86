"""Closed forms of a level-instalment loan under a constant monthly hazard of default.

Shapes broadcast. Rates are fractions a year, terms in months, money in the lender's currency.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from equipoise.numeric.arrays import FloatArray, IntArray

RETAIL_CONFIDENCE = 0.999
LOWEST_PD = 0.0005


def instalment(
    amount: FloatArray | float, apr: FloatArray | float, term: IntArray | FloatArray | int
) -> FloatArray:
    """Monthly instalment of an annuity loan."""
    rate = np.asarray(apr, dtype=np.float64) / 12
    return np.asarray(amount * rate / -np.expm1(-np.asarray(term) * np.log1p(rate)))


def balance_after(
    amount: FloatArray, apr: FloatArray, term: IntArray | FloatArray, months: IntArray | FloatArray
) -> FloatArray:
    """Balance after so many instalments were paid."""
    growth = np.log1p(apr / 12)
    return np.asarray(amount * (1 - np.expm1(months * growth) / np.expm1(term * growth)))


def monthly_hazard(pd: FloatArray, window_months: int) -> FloatArray:
    """Constant monthly hazard that gives `pd` over the window."""
    return -np.expm1(np.log1p(-pd) / window_months)


def weighted_balances(
    amount: FloatArray, apr: FloatArray, term: IntArray | FloatArray, weight: FloatArray | float
) -> FloatArray:
    """Sum over months m = 1..term of weight**m times the balance after m - 1 instalments.

    The balances are a difference of geometric series, so the sum has a closed form.
    """
    growth = 1 + apr / 12
    end = growth**term
    plain = weight * _geometric(np.asarray(weight, dtype=np.float64), term)
    growing = weight * _geometric(np.asarray(weight * growth, dtype=np.float64), term)
    return np.asarray(amount * (end * plain - growing) / (end - 1))


def _geometric(ratio: FloatArray, count: IntArray | FloatArray) -> FloatArray:
    """1 + ratio + ... + ratio**(count - 1)."""
    gap = 1 - ratio
    near = np.abs(gap) < 1e-10
    return np.where(near, count, (1 - ratio**count) / np.where(near, 1.0, gap))


def capital_requirement(pd: FloatArray, lgd: FloatArray) -> FloatArray:
    """Capital per unit of exposure. Source: Basel Framework, CRE31, other retail exposures."""
    pd = np.clip(pd, LOWEST_PD, 1 - 1e-9)
    share = -np.expm1(-35 * pd) / -np.expm1(-35.0)
    correlation = 0.03 * share + 0.16 * (1 - share)
    stressed = ndtr(
        (ndtri(pd) + np.sqrt(correlation) * ndtri(RETAIL_CONFIDENCE)) / np.sqrt(1 - correlation)
    )
    return np.asarray(lgd * (stressed - pd))
