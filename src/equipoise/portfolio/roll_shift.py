"""Roll rates under a scenario: every bucket's odds of getting later moved by one number a quarter,
chosen so that as many come to default as the scenario says."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.compiled import kernel
from equipoise.portfolio.term_structure import at_odds

QUARTER = 3  # months
# Periods that a shift is held for: the fewest in which a loan that pays can come to default. One
# would be met by those late already, and overshoot in the next.
_HELD = 2
_FURTHEST = 30.0  # log-odds: what no shift as large as this brings to default, none does
_CLOSE = 1e-13
_NOTHING = 1e-15  # a share of the book that is rounding


@kernel
def shifted(rolls: FloatArray, shift: float) -> FloatArray:
    """Chances of a step (B, B + 2) with the odds of being at least so late times exp(shift).

    That holds for each lateness, default being the last, of those not repaid; who is repaid stays.
    Chances stay within 0 and 1, rows keep their sum, what was never seen stays impossible.
    Source: proportional odds, McCullagh 1980, JRSS B 42; one shift for a whole matrix: Belkin,
    Suchower and Forest 1998, CreditMetrics Monitor.
    """
    moved = rolls.copy()
    if shift == 0.0:
        return moved
    by, default = np.exp(shift), rolls.shape[1] - 2
    for bucket in range(rolls.shape[0]):
        goes_on = 1.0 - rolls[bucket, default + 1]
        tail = later = 0.0  # the chance to be so late or later, and the moved one beyond it
        for to in range(default, -1, -1):
            tail += rolls[bucket, to]
            share = min(max(tail / goes_on, 0.0), 1.0) if goes_on > 0.0 else 0.0
            reaches = by * share / (1.0 - share + by * share) if to > 0 else 1.0
            moved[bucket, to] = goes_on * max(reaches - later, 0.0)
            later = reaches
    return moved


def roll_shifts(
    rolls: FloatArray, mix: FloatArray, log_odds: FloatArray, step: int = 1
) -> FloatArray:
    """The shift of each quarter (Q,) by which a book spread over buckets by `mix` (B,) defaults as
    a scenario says, where `rolls` are chances of so many months.

    In each quarter as many of those left are to default as would without a scenario, the odds of it
    times exp(log_odds), (Q,). From where loans are by then, a quarter's shift brings that many to
    default in this quarter and the next together. Where a step is longer than a quarter its
    quarters have one shift, and what they ask for is met over this step and the next. Where no
    shift brings so many, one that brings nearly all that can; where nobody would default without a
    scenario, its log-odds.
    """
    period = max(step, QUARTER)
    steps, quarters = period // step, period // QUARTER
    periods = -(-log_odds.size // quarters)
    missing = (periods + _HELD - 1) * quarters - log_odds.size
    odds = np.r_[log_odds, np.full(missing, log_odds[-1])].reshape(-1, quarters)  # the last go on
    wanted = _wanted(_default_rates(rolls, mix, len(odds), steps), odds)
    shifts = np.zeros(periods)
    at = mix / max(float(mix.sum()), 1e-300)
    for place in range(periods):
        goal = wanted[place : place + _HELD]
        shifts[place] = _shift(rolls, at, goal, steps) if goal.any() else odds[place].mean()
        at = _walked(shifted(rolls, shifts[place]), at, steps)[1]
        at = at / at.sum() if at.sum() > 0 else mix
    return np.repeat(shifts, quarters)[: log_odds.size]


def _wanted(plain: FloatArray, log_odds: FloatArray) -> FloatArray:
    """What share is to default in each period (T,) of quarters whose odds move by `log_odds`
    (T, quarters), where `plain` would without a scenario, as many in each quarter."""
    with np.errstate(divide="ignore"):  # where all default
        quarterly = -np.expm1(np.log1p(-plain) / log_odds.shape[1])
        moved = at_odds(quarterly[:, None], np.exp(log_odds))
        return np.asarray(-np.expm1(np.log1p(-moved).sum(axis=1)))


def _shift(rolls: FloatArray, at: FloatArray, wanted: FloatArray, steps: int) -> float:
    if abs(_too_many(rolls, at, wanted, steps, 0.0)) <= _NOTHING:
        return 0.0
    for end in (-_FURTHEST, _FURTHEST):
        if _too_many(rolls, at, wanted, steps, end) * end <= 0:
            return end
    return float(
        brentq(lambda s: _too_many(rolls, at, wanted, steps, s), -_FURTHEST, _FURTHEST, xtol=_CLOSE)
    )


def _default_rates(rolls: FloatArray, mix: FloatArray, periods: int, steps: int) -> FloatArray:
    """What share of those left at the start of each period (T,), of so many steps, defaults."""
    at, rates = mix, np.zeros(periods)
    for place in range(periods):
        left = at.sum()
        gone, at = _walked(rolls, at, steps)
        rates[place] = gone / left if left > 0 else 0.0
    return np.minimum(rates, 1.0)


@kernel
def _walked(rolls: FloatArray, at: FloatArray, steps: int) -> tuple[float, FloatArray]:
    """What share defaults within so many steps, and where the others are then (B,)."""
    gone = 0.0
    for _ in range(steps):
        then = np.zeros(at.size)
        for bucket in range(at.size):
            gone += at[bucket] * rolls[bucket, at.size]
            for to in range(at.size):
                then[to] += at[bucket] * rolls[bucket, to]
        at = then
    return gone, at


@kernel
def _too_many(
    rolls: FloatArray, at: FloatArray, wanted: FloatArray, steps: int, shift: float
) -> float:
    """How many more than `wanted`, a share of those left a period, default under a shift."""
    moved, more = shifted(rolls, shift), 0.0
    for share in wanted:
        left = at.sum()
        gone, at = _walked(moved, at, steps)
        more += gone - share * left
    return more
