"""What one booked loan is worth while default comes at a constant monthly hazard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class LoanWorth:
    """Of each booked loan: present values in money; `balance_years` is what it owes if repaid."""

    interest: FloatArray
    expected_loss: FloatArray
    capital_years: FloatArray
    balance_years: FloatArray


def instalment(amount: FloatArray, apr: FloatArray, months: FloatArray) -> FloatArray:
    """Level monthly payment of an annuity at apr / 12 a month; the amount over months at 0."""
    rate = apr / 12
    return amount / _geometric(1 / (1 + rate), months)


def monthly_hazard(pd: FloatArray, window_months: float) -> FloatArray:
    """Constant monthly chance of default that gives `pd` over the window."""
    return -np.expm1(np.log1p(-pd) / window_months)


def loan_worth(
    *,
    pd: FloatArray,
    lgd: FloatArray,
    amount: FloatArray,
    apr: FloatArray,
    months: FloatArray,
    window_months: float,
    funding_rate: float,
) -> LoanWorth:
    """Interest less funding, loss, and balances of annuity loans; arrays (n,) broadcast.

    Interest is earned on the balance while the loan survives; a loss is LGD times the balance
    owed in the month of default; both discounted at the funding rate.
    """
    hazard = monthly_hazard(pd, window_months)
    alive = 1 - hazard
    discounted = _weighted_balances(amount, apr, months, alive / (1 + funding_rate / 12))
    held = _weighted_balances(amount, apr, months, alive) / alive
    return LoanWorth(
        interest=(apr - funding_rate) / 12 * discounted,
        expected_loss=lgd * hazard / alive * discounted,
        capital_years=held / 12,
        balance_years=_weighted_balances(amount, apr, months, np.ones_like(alive)) / 12,
    )


def _weighted_balances(
    amount: FloatArray, apr: FloatArray, months: FloatArray, weight: FloatArray
) -> FloatArray:
    """Sum over m = 1..months of weight^m times the balance before the m-th payment."""
    # B_{m-1} = amount (g^n - g^(m-1)) / (g^n - 1) with g = 1 + apr/12: two geometric sums;
    # in powers of 1/g so that long terms at high rates stay finite
    growth = 1 + np.maximum(apr, 1e-9) / 12
    shrunk = growth ** (-months)
    ahead = _geometric(weight, months)
    grown = _geometric(weight * growth, months) / growth
    return np.asarray(amount * (ahead - grown * shrunk) / (1 - shrunk))


def _geometric(x: FloatArray, n: FloatArray) -> FloatArray:
    """x + x^2 + ... + x^n."""
    step = np.log(x)
    near = np.abs(step) < 1e-12
    safe = np.where(near, 1.0, step)
    return np.where(near, n, x * np.expm1(n * safe) / np.expm1(safe))
