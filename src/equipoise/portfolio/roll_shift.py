"""Roll rates under a scenario: a quarter moves every bucket's odds of getting later by one number,
and its odds of default by another, so that as many default as the scenario says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.compiled import kernel
from equipoise.portfolio.term_structure import at_odds

QUARTER = 3  # months
# Periods that lateness is moved for: the fewest in which a loan that pays can come to default. By
# one alone it would be set by those late already, and overshoot in the next.
_HELD = 2
_FURTHEST = 30.0  # log-odds: what no shift as large as this brings to default, none does
_CLOSE = 1e-13
_NOTHING = 1e-15  # a share of the book that is rounding


@dataclass(frozen=True, slots=True)
class Shifts:
    """What a scenario adds in each quarter (Q,) to log-odds: `later` to those of getting later from
    every bucket, `default` to those of default then. `met` is the share of the defaults asked for
    that they bring: 1, but where too few are late for it."""

    later: FloatArray
    default: FloatArray
    met: FloatArray

    def first(self, quarters: int) -> Shifts:
        """Those of the first so many quarters."""
        return Shifts(self.later[:quarters], self.default[:quarters], self.met[:quarters])


@kernel
def shifted(rolls: FloatArray, later: float, default: float = 0.0) -> FloatArray:
    """Chances of a step (B, B + 2) with the odds of being at least so late times exp(later).

    That holds for each lateness, default being the last, of those not repaid; who is repaid stays.
    Then the odds of default are times exp(default), and who does not is as late as before.
    Chances stay within 0 and 1, rows keep their sum, what was never seen stays impossible.
    Source: proportional odds, McCullagh 1980, JRSS B 42; one shift for a whole matrix: Belkin,
    Suchower and Forest 1998, CreditMetrics Monitor.
    """
    moved = rolls.copy()
    if later == 0.0 and default == 0.0:
        return moved
    by, worst = np.exp(later), rolls.shape[1] - 2
    for bucket in range(rolls.shape[0]):
        goes_on = 1.0 - rolls[bucket, worst + 1]
        tail = beyond = 0.0  # the chance to be so late or later, and the moved one beyond it
        for to in range(worst, -1, -1):
            tail += rolls[bucket, to]
            share = min(max(tail / goes_on, 0.0), 1.0) if goes_on > 0.0 else 0.0
            reaches = by * share / (1.0 - share + by * share) if to > 0 else 1.0
            moved[bucket, to] = goes_on * max(reaches - beyond, 0.0)
            beyond = reaches
        if goes_on > 0.0 and default != 0.0:
            _default_moved(moved[bucket], goes_on, np.exp(default))
    return moved


@kernel
def _default_moved(row: FloatArray, goes_on: float, by: float) -> None:
    worst = row.size - 2
    share = row[worst] / goes_on
    if 0.0 < share < 1.0:
        defaults = by * share / (1.0 - share + by * share)
        row[:worst] *= (1.0 - defaults) / (1.0 - share)
        row[worst] = goes_on * defaults


def roll_shifts(rolls: FloatArray, mix: FloatArray, log_odds: FloatArray, step: int = 1) -> Shifts:
    """The shifts by which a book spread over buckets by `mix` (B,) defaults as a scenario says,
    where `rolls` are chances of so many months.

    In each quarter as many of those left are to default as would without a scenario, the odds of it
    times exp(log_odds), (Q,). From where loans are by then, `later` alone would bring that many to
    default in this quarter and the next together, and `default` makes it as many in this one. Where
    a step is longer than a quarter its quarters have the same shifts, and the step as many defaults
    as they ask for together. Where no shift brings so many, one that brings nearly all that can;
    where nobody would default without a scenario, its log-odds.
    """
    period = max(step, QUARTER)
    steps, quarters = period // step, period // QUARTER
    periods = -(-log_odds.size // quarters)
    missing = (periods + _HELD - 1) * quarters - log_odds.size
    odds = np.r_[log_odds, np.full(missing, log_odds[-1])].reshape(-1, quarters)  # the last go on
    wanted = _wanted(_default_rates(rolls, mix, len(odds), steps), odds)
    later, default, met = np.zeros(periods), np.zeros(periods), np.ones(periods)
    at = mix / max(float(mix.sum()), 1e-300)
    for place in range(periods):
        later[place], default[place] = (
            _solved(rolls, at, wanted[place : place + _HELD], steps)
            if wanted[place : place + _HELD].any()
            else (odds[place].mean(), 0.0)
        )
        gone, at = _walked(shifted(rolls, later[place], default[place]), at, steps)
        met[place] = min(gone / wanted[place], 1.0) if wanted[place] > _NOTHING else 1.0
        at = at / at.sum() if at.sum() > 0 else mix
    of_quarter = [np.repeat(each, quarters)[: log_odds.size] for each in (later, default, met)]
    return Shifts(*of_quarter)


def _solved(
    rolls: FloatArray, at: FloatArray, wanted: FloatArray, steps: int
) -> tuple[float, float]:
    """How far lateness moves for the periods that it is held for, and default in the first."""
    later = _nought(lambda by: _too_many(shifted(rolls, by), at, wanted, steps))
    first = wanted[:1]
    return later, _nought(lambda by: _too_many(shifted(rolls, later, by), at, first, steps))


def _nought(rising: Callable[[float], float]) -> float:
    """Where a function is nought; the end of the range that is nearest where it is nowhere."""
    if abs(rising(0.0)) <= _NOTHING:
        return 0.0
    for end in (-_FURTHEST, _FURTHEST):
        if rising(end) * end <= 0:
            return end
    return float(brentq(rising, -_FURTHEST, _FURTHEST, xtol=_CLOSE))


def _wanted(plain: FloatArray, log_odds: FloatArray) -> FloatArray:
    """What share is to default in each period (T,) of quarters whose odds move by `log_odds`
    (T, quarters), where `plain` would without a scenario, as many in each quarter."""
    with np.errstate(divide="ignore"):  # where all default
        quarterly = -np.expm1(np.log1p(-plain) / log_odds.shape[1])
        moved = at_odds(quarterly[:, None], np.exp(log_odds))
        return np.asarray(-np.expm1(np.log1p(-moved).sum(axis=1)))


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
def _too_many(rolls: FloatArray, at: FloatArray, wanted: FloatArray, steps: int) -> float:
    """How many more than `wanted`, a share of those left a period, default."""
    more = 0.0
    for share in wanted:
        left = at.sum()
        gone, at = _walked(rolls, at, steps)
        more += gone - share * left
    return more
