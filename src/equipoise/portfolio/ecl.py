"""Expected credit losses: what defaults cost, period by period, by stage and scenario (IFRS 9)."""

from __future__ import annotations

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray, IntArray

WEIGHTS_SUM_TO = 1e-9


def marginal_default(hazard: FloatArray) -> FloatArray:
    """The chance to default in each period and in none before, of hazards (..., T)."""
    alive = np.cumprod(1 - hazard, axis=-1)
    before = np.concatenate([np.ones_like(alive[..., :1]), alive[..., :-1]], axis=-1)
    return np.asarray(before * hazard)


def period_losses(
    hazard: FloatArray,
    lgd: FloatArray | float,
    exposure: FloatArray,
    rate: FloatArray | float,
    times: FloatArray,
) -> FloatArray:
    """The present value of losses of each period (..., T), in the exposure's money.

    `exposure` (..., T) is what is owed if default comes in the period; `rate` (...) is the
    effective interest rate a year; `times` (T,) is how many years ahead a period's losses are
    discounted from. Source: IFRS 9 5.5.17 and B5.5.44.
    """
    grown = np.power(1 + np.asarray(rate)[..., None], times)
    return np.asarray(marginal_default(hazard) * np.asarray(lgd)[..., None] * exposure / grown)


def expected_credit_loss(
    losses: FloatArray, stage: IntArray, times: FloatArray, in_default: FloatArray
) -> FloatArray:
    """The allowance of each loan (n,): by its stage, of `losses` (n, T) as `period_losses` gives.

    Stage 1: defaults within the next 12 months; stage 2: over the whole life; stage 3: the default
    is here, and what is lost of it (`in_default`, in money) is the allowance.
    Source: IFRS 9 5.5.3, 5.5.5.
    """
    within = times <= 1 + 1e-9
    year, life = losses[:, within].sum(axis=1), losses.sum(axis=1)
    return np.asarray(np.where(stage == 1, year, np.where(stage == 2, life, in_default)))


def weighted(by_scenario: FloatArray, weights: FloatArray) -> FloatArray:
    """The probability-weighted mean of allowances (S, n) by scenario.

    Raises BadInput for weights (S,) that are negative or do not sum to one.
    """
    if np.any(weights < 0) or abs(float(weights.sum()) - 1) > WEIGHTS_SUM_TO:
        raise BadInput(
            f"the scenarios' weights sum to {float(weights.sum()):.6g}",
            field="weight",
            mend="give each scenario a chance, and let them sum to 1",
        )
    return np.asarray(weights @ by_scenario)


def lifetime_loss(losses: FloatArray) -> FloatArray:
    """The allowance where every loan's whole life counts from the first day (n,).

    Source: ASC 326-20-30 (CECL). With a `rate` of 0 in `period_losses` nothing is discounted, as
    loss-rate methods do.
    """
    return np.asarray(losses.sum(axis=-1))


def remaining_maturity_loss(
    balances: FloatArray, annual_loss_rate: FloatArray | float, months: FloatArray
) -> FloatArray:
    """CECL by the weighted-average remaining maturity (WARM) method, in the balances' money (n,).

    `balances` (n, T) is what is owed at the end of each of T periods of `months` months, today's
    first; what is lost a year, as a share, is taken from the mean balance of each period.
    Source: the method of the US agencies' webcast of April 2019, whose text was not compared.
    """
    mean = (balances[:, :-1] + balances[:, 1:]) / 2
    return np.asarray(mean.sum(axis=1) * (months / 12) * annual_loss_rate)
