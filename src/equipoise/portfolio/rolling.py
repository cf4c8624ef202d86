"""Where loans of each bucket are, quarter by quarter, as their roll rates follow a scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.compiled import kernel
from equipoise.portfolio.roll_shift import QUARTER, Shifts, roll_shifts, shifted
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

    `shifts` (Q,) are what it adds to the log-odds of rolling. `default` (B, Q + 1, A): at the start
    of each quarter, the chance to default in the month so many ahead; `year` (B, Q + 1) within
    twelve. `alive` and `repaid` (B, A) are of today's: who is left at a month's start, and what
    share of those is repaid in it. `there` (K, B, Q + 1, B, 2) is where those are who began in a
    bucket, watched in one of the ways, and have not left: the bucket, and whether a watch goes on.
    """

    shifts: Shifts
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
    seen. Loans roll by the structure's own steps, whose defaults and repayments are spread evenly
    over their months."""
    buckets, quarters = structure.rolls.shape[0], log_odds.size + 1
    on = np.r_[log_odds, np.full(_SETTLING, log_odds[-1])]
    step, rolls = structure.step, structure.rolls
    shifts = roll_shifts(rolls, mix, on, step)
    long = max(step // QUARTER, 1)  # quarters of a step
    # a step that begins within one of the tape's rolls by the mean of the quarters it lasts for
    begun = [(shifts.later[at : at + long].mean(), shifts.default[at : at + long].mean())
             for at in range(on.size)]  # fmt: skip
    moved = np.stack([shifted(rolls, *each) for each in begun])
    ahead = max(months, _YEAR)
    default = np.zeros((buckets, quarters, ahead))
    alive, repaid = np.zeros((2, buckets, ahead))
    _defaults(moved, step, default, alive, repaid)
    there = _there(moved[::long], quarters, step, watches)
    year = default[..., :_YEAR].sum(axis=-1)
    return Rolling(shifts.first(log_odds.size), default, year, alive, repaid, there)


@kernel
def _defaults(
    rolls: FloatArray, step: int, default: FloatArray, alive: FloatArray, repaid: FloatArray
) -> None:
    """Step by step; in each month of a step as many of those left go, and by the same ways."""
    buckets, quarters, months = default.shape
    last = rolls.shape[0] - 1
    for begins in range(buckets):
        for quarter in range(quarters):
            now = np.zeros(buckets)
            now[begins] = 1.0
            for first in range(0, months, step):
                rates = rolls[min(quarter + first // QUARTER, last)]
                left, bad, paid = now.sum(), 0.0, 0.0
                then = np.zeros(buckets)
                for at in range(buckets):
                    bad += now[at] * rates[at, buckets]
                    paid += now[at] * rates[at, buckets + 1]
                    for to in range(buckets):
                        then[to] += now[at] * rates[at, to]
                gone = min((bad + paid) / left, 1.0) if left > 0.0 else 0.0
                by_default = bad / (bad + paid) if bad + paid > 0.0 else 0.0
                monthly = 1.0 - (1.0 - gone) ** (1.0 / step)
                for month in range(first, min(first + step, months)):
                    default[begins, quarter, month] = left * monthly * by_default
                    if quarter == 0:
                        alive[begins, month] = left
                        repaid[begins, month] = monthly * (1.0 - by_default)
                    left *= 1.0 - monthly
                now = then


def _there(rolls: FloatArray, quarters: int, step: int, watches: Watches) -> FloatArray:
    """Where those left are at each quarter's start, of rolls by period (T, B, B + 2), the longer of
    a quarter and a step. Within a step as many have moved as of its quarters have passed."""
    buckets, long = rolls.shape[1], max(step // QUARTER, 1)
    periods = -(-(quarters - 1) // long) + 1
    there = np.zeros((watches.left.size, buckets, periods, buckets, 2))
    left, again = -(-watches.left // step), -(-watches.again // step)
    _places(rolls, max(QUARTER // step, 1), left, again, watches.late_from, there)
    before, passed = np.divmod(np.arange(quarters), long)
    after, share = np.minimum(before + 1, periods - 1), (passed / long)[:, None, None]
    return np.asarray((1 - share) * there[:, :, before] + share * there[:, :, after])


@kernel
def _places(  # noqa: PLR0917 - a kernel takes arrays
    rolls: FloatArray,
    steps: int,
    left: IntArray,
    again: IntArray,
    late_from: int,
    there: FloatArray,
) -> None:
    ways, buckets, periods = there.shape[0], there.shape[1], there.shape[2]
    for way in range(ways):
        longest = max(left[way], again[way])
        for begins in range(buckets):
            now = np.zeros((buckets, longest + 1))
            now[begins, left[way]] = 1.0
            for period in range(periods):
                for at in range(buckets):
                    there[way, begins, period, at, 0] = now[at, 0]
                    there[way, begins, period, at, 1] = now[at, 1:].sum()
                if period + 1 < periods:
                    for _ in range(steps):
                        now = _step_on(now, rolls[period], again[way], late_from)
                    alive = now.sum()
                    if alive > 0.0:
                        now /= alive
                    else:  # nobody is left; where they would be says nothing
                        now[begins, 0] = 1.0


@kernel
def _step_on(now: FloatArray, rates: FloatArray, again: int, late_from: int) -> FloatArray:
    """One step of loans by bucket and steps still watched (B, W + 1); who left is left out."""
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
