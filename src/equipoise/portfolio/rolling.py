"""Where loans of each bucket are, quarter by quarter, as their roll rates follow a scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.compiled import kernel
from equipoise.portfolio.roll_shift import MONTHS, roll_shifts, shifted
from equipoise.portfolio.term_structure import TermStructure

_YEAR = 12
# Quarters after a scenario in which the shift may still move; by then lateness has settled.
_SETTLING = 4


@dataclass(frozen=True, slots=True)
class Watches:
    """The ways in which loans are held in stage 2 whatever their lateness (K,): how many months are
    `left`, and how many begin `again` where the loan comes to be in the bucket `late_from` or a
    later one. The first way is that of loans that nothing holds: 0 months."""

    left: IntArray
    again: IntArray
    late_from: int


@dataclass(frozen=True, slots=True)
class Rolling:
    """What a scenario of Q quarters makes of each bucket, over A months ahead.

    `shift` (Q,) is what it adds to the log-odds of rolling. `default` (B, Q + 1, A): at the start
    of each quarter, the chance to default in the month so many ahead; `year` (B, Q + 1) within
    twelve. `alive` and `repaid` (B, A) are of today's: who is left at a month's start, and what
    share of those is repaid in it. `there` (K, B, Q + 1, B, 2) is where those are who began in a
    bucket, watched in one of the ways, and have not left: the bucket, and whether a watch goes on.
    """

    shift: FloatArray
    default: FloatArray
    year: FloatArray
    alive: FloatArray
    repaid: FloatArray
    there: FloatArray


def rolling(
    structure: TermStructure,
    mix: FloatArray,
    log_odds: FloatArray,
    months: int,
    watches: Watches,
) -> Rolling:
    """Roll buckets on by a scenario's `log_odds` (Q,) of default within a quarter, as of a book
    spread over buckets by `mix` (B,); the last quarter's go on. Without odds the rolls are those
    seen."""
    buckets, quarters = structure.rolls.shape[0], log_odds.size + 1
    on = np.r_[log_odds, np.full(_SETTLING, log_odds[-1])]
    shift = roll_shifts(structure.rolls, mix, on)
    rolls = np.stack([shifted(structure.rolls, float(each)) for each in shift])
    ahead = max(months, _YEAR)
    default = np.zeros((buckets, quarters, ahead))
    alive, repaid = np.zeros((2, buckets, ahead))
    _defaults(rolls, default, alive, repaid)
    there = np.zeros((watches.left.size, buckets, quarters, buckets, 2))
    _places(rolls, watches.left, watches.again, watches.late_from, there)
    year = default[..., :_YEAR].sum(axis=-1)
    return Rolling(shift[: log_odds.size], default, year, alive, repaid, there)


@kernel
def _defaults(
    rolls: FloatArray, default: FloatArray, alive: FloatArray, repaid: FloatArray
) -> None:
    buckets, quarters, months = default.shape
    last = rolls.shape[0] - 1
    for begins in range(buckets):
        for quarter in range(quarters):
            now = np.zeros(buckets)
            now[begins] = 1.0
            for month in range(months):
                rates = rolls[min(quarter + month // MONTHS, last)]
                left, paid = now.sum(), 0.0
                then = np.zeros(buckets)
                for at in range(buckets):
                    default[begins, quarter, month] += now[at] * rates[at, buckets]
                    paid += now[at] * rates[at, buckets + 1]
                    for to in range(buckets):
                        then[to] += now[at] * rates[at, to]
                if quarter == 0:
                    alive[begins, month] = left
                    repaid[begins, month] = paid / left if left > 0.0 else 0.0
                now = then


@kernel
def _places(
    rolls: FloatArray, left: IntArray, again: IntArray, late_from: int, there: FloatArray
) -> None:
    ways, buckets, quarters = there.shape[0], there.shape[1], there.shape[2]
    for way in range(ways):
        longest = max(left[way], again[way])
        for begins in range(buckets):
            now = np.zeros((buckets, longest + 1))
            now[begins, left[way]] = 1.0
            for quarter in range(quarters):
                for at in range(buckets):
                    there[way, begins, quarter, at, 0] = now[at, 0]
                    there[way, begins, quarter, at, 1] = now[at, 1:].sum()
                if quarter + 1 < quarters:
                    for _ in range(MONTHS):
                        now = _month_on(now, rolls[quarter], again[way], late_from)
                    alive = now.sum()
                    if alive > 0.0:
                        now /= alive
                    else:  # nobody is left; where they would be says nothing
                        now[begins, 0] = 1.0


@kernel
def _month_on(now: FloatArray, rates: FloatArray, again: int, late_from: int) -> FloatArray:
    """One month of loans by bucket and months still watched (B, W + 1); who left is left out."""
    buckets, clocks = now.shape
    then = np.zeros((buckets, clocks))
    for at in range(buckets):
        for clock in range(clocks):
            share = now[at, clock]
            if share == 0.0:
                continue
            for to in range(buckets):
                if clock == 0:
                    still = 0
                elif to >= late_from:
                    still = again
                else:
                    still = clock - 1
                then[to, still] += share * rates[at, to]
    return then
