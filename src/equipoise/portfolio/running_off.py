"""Each loan month by month through a scenario, and the stage that it is in at each quarter."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.compiled import kernel, summing_kernel
from equipoise.portfolio.allowance import LoansAhead
from equipoise.portfolio.rolling import Rolling, Watches, rolling
from equipoise.portfolio.staging import REASONS, StageRules, Stages
from equipoise.portfolio.tape.book import FIRST_DAYS
from equipoise.portfolio.term_structure import TermStructure

ALLOWANCE, LIFE, LOSS, INTEREST, STAGE2, LATE, BAD = range(7)
OWED, PD = 0, 1
_FREE, _LATE, _WATCHED, _GONE = range(4)
_PART = 1 << 15  # loans that a thread walks at a time; sums are of parts, whoever walked them
_STANDS = {
    "performing": _FREE,
    "pd_rose": _FREE,
    "past_due": _LATE,
    "forborne": _WATCHED,
    "probation": _WATCHED,
    "default": _GONE,
    "curing": _GONE,
}


@dataclass(frozen=True, slots=True)
class StagesAhead:
    """How loans (n,) move between stages 1 and 2 in months to come, by the rules of the book.

    `stands` says what holds a loan today: nothing but its PD, its lateness, a watch (forbearance,
    probation), or a default. `rises_to` is the PD of a year that is a significant rise for it.
    `way` is a place in `watches`: how long it stays in stage 2 however well it pays. From the first
    quarter on a loan is late as the scenario has loans of its bucket by then.
    """

    stands: IntArray
    rises_to: FloatArray
    way: IntArray
    watches: Watches

    @classmethod
    def of(cls, staged: Stages, rules: StageRules, origin: FloatArray) -> StagesAhead:
        """Of how each loan is staged today, and its PD at origination."""
        stands = np.array([_STANDS[name] for name in REASONS], dtype=np.int64)[staged.reason]
        late_from = int(np.searchsorted(FIRST_DAYS, rules.stage2_days, side="right"))
        watched = (staged.watched > 0) & (stands != _GONE)
        most = int(staged.again.max(initial=0)) + 1
        key = np.where(watched, staged.watched * most + staged.again, 0)
        ways, way = np.unique(np.r_[0, key], return_inverse=True)
        watches = Watches(ways // most, ways % most, late_from)
        return cls(stands, rules.rises_to(origin), way[1:].astype(np.int64), watches)


def run_off(
    ahead: LoansAhead,
    structure: TermStructure,
    log_odds: tuple[FloatArray, FloatArray],
    stages: StagesAhead,
) -> tuple[FloatArray, FloatArray, Rolling]:
    """Run loans off over Q quarters; `log_odds` are what each adds to those of default and of LGD.

    Gives sums by quarter (7, Q + 1): allowance, lifetime losses, losses and interest of the quarter
    that ends there, exposure in stage 2, exposure late by more than stage 2 allows, and what came
    to default in the quarter that ends there; by loan (2, Q + 1, n): what is owed, and the PD of a
    year, all without loans in default; and how buckets rolled.
    """
    quarters, loans = log_odds[0].size + 1, ahead.owed.size
    by_loan = np.zeros((2, quarters, loans))
    months = np.where(stages.stands == _GONE, 0, ahead.months)
    most = int(months.max()) if months.size else 0
    rolled = rolling(structure, _mix(ahead, months, structure), log_odds[0], most, stages.watches)
    facts = np.stack([ahead.owed, ahead.rate, ahead.lgd, ahead.hazard, stages.rises_to])
    places = np.stack([ahead.bucket, months, stages.stands, stages.way])
    odds = (np.exp(log_odds[0]), np.exp(log_odds[1]))
    today = (rolled.default, rolled.alive, rolled.repaid)
    later = (rolled.year, rolled.there)

    def walk(first: int) -> FloatArray:
        numbers = (most, stages.watches.late_from, first, min(first + _PART, loans))
        sums = np.zeros((7, quarters))
        _walk(facts, places, odds, today, later, numbers, sums, by_loan)
        return sums

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(walk, range(0, loans, _PART)))
    return sum(parts, np.zeros((7, quarters))), by_loan, rolled


def _mix(ahead: LoansAhead, months: IntArray, structure: TermStructure) -> FloatArray:
    """How what is owed spreads over buckets (B,), of loans that are run off."""
    owed = np.where(months > 0, ahead.owed, 0.0)
    by_bucket = np.bincount(ahead.bucket, weights=owed, minlength=structure.rolls.shape[0])
    return np.asarray(by_bucket / max(float(by_bucket.sum()), 1e-300))


# Rows of a loan's months ahead: lost if it defaults then (discounted to today, and not), interest,
# the chance to default then and to be there before, what is owed, a coin's worth today; and what is
# expected to be lost, and to default, from then on.
_LOST, _LOST_THEN, _EARNED, _DEFAULTS, _ALIVE, _OWED, _VALUE, _LIFE, _EVER = range(9)


@kernel
def _walk(  # noqa: PLR0917 - a kernel takes arrays
    facts: FloatArray,
    places: IntArray,
    odds: tuple[FloatArray, FloatArray],
    today: tuple[FloatArray, FloatArray, FloatArray],
    later: tuple[FloatArray, FloatArray],
    numbers: tuple[int, int, int, int],
    sums: FloatArray,
    by_loan: FloatArray,
) -> None:
    """The same walk as an allowance's, but chances change by quarter, and stages with them.

    A loan with a told PD has one hazard, however late it is. Of any other, those who would be in
    each bucket by a quarter are taken apart: each part has its own chances, and its own stage.
    """
    ahead = np.ones((9, numbers[0] + 1))
    year_pd, there = later
    for at in range(numbers[2], numbers[3]):
        loan, place = facts[:, at], places[:, at]
        months = place[1]
        _months(loan, place, odds, today, ahead)
        for quarter in range(sums.shape[1]):
            begins = quarter * 3
            if begins >= months:
                break
            owes = ahead[_ALIVE, begins] * ahead[_OWED, begins]
            until, worth = min(begins + 12, months), ahead[_VALUE, begins]
            life = ahead[_LIFE, begins] / worth
            year = life - ahead[_LIFE, until] / worth
            defaults = ahead[_EVER, begins] - ahead[_EVER, until]
            sums[1, quarter] += life
            by_loan[0, quarter, at] = owes
            by_loan[1, quarter, at] = min(defaults / max(ahead[_ALIVE, begins], 1e-300), 1.0)
            parts = there[place[3], place[0], quarter]
            late = _late(parts, place, quarter, numbers[1])
            if np.isnan(loan[3]):
                set_aside, second = _parted(
                    ahead, loan, place, parts, today[0], year_pd, quarter, numbers[1]
                )
            else:
                second = _second(loan, place, odds[0], parts, quarter, numbers[1])
                set_aside = second * life + (1.0 - second) * year
            sums[0, quarter] += set_aside
            sums[4, quarter] += second * owes
            sums[5, quarter] += late * owes
            if quarter + 1 < sums.shape[1]:
                for month in range(begins, min(begins + 3, months)):
                    sums[2, quarter + 1] += ahead[_DEFAULTS, month] * ahead[_LOST_THEN, month]
                    sums[3, quarter + 1] += ahead[_EARNED, month]
                    sums[6, quarter + 1] += ahead[_DEFAULTS, month] * ahead[_OWED, month]


@kernel
def _months(
    loan: FloatArray,
    place: IntArray,
    odds: tuple[FloatArray, FloatArray],
    today: tuple[FloatArray, FloatArray, FloatArray],
    ahead: FloatArray,
) -> None:
    """Write the months ahead of a loan."""
    owed, yearly, lgd, told_hazard = loan[0], loan[1], loan[2], loan[3]
    bucket, months = place[0], place[1]
    default, left, repaid = today
    last = odds[0].size - 1
    rate = np.expm1(np.log1p(yearly) / 12.0)
    growth = -np.expm1(-months * np.log1p(rate))
    pays = owed * rate / growth if growth > 0.0 else owed / max(months, 1)
    alive, worth = 1.0, 1.0
    for month in range(months):
        quarter = min(month // 3, last)
        more = odds[1][quarter]
        share = more * lgd / (1.0 - lgd + more * lgd) if lgd < 1.0 else lgd
        if np.isnan(told_hazard):
            alive, defaults = left[bucket, month], default[bucket, 0, month]
        else:
            by = odds[0][quarter]
            defaults = alive * by * told_hazard / (1.0 - told_hazard + by * told_hazard)
        ahead[_VALUE, month], ahead[_ALIVE, month], ahead[_OWED, month] = worth, alive, owed
        worth /= 1.0 + rate
        ahead[_DEFAULTS, month] = defaults
        ahead[_LOST_THEN, month] = share * owed
        ahead[_LOST, month] = share * owed * worth  # paid at the month's end
        ahead[_EARNED, month] = alive * owed * rate
        alive = max(alive * (1.0 - repaid[bucket, month]) - defaults, 0.0)
        owed = max(owed * (1.0 + rate) - pays, 0.0)
    ahead[_LIFE, months] = ahead[_EVER, months] = 0.0
    for month in range(months - 1, -1, -1):
        defaults = ahead[_DEFAULTS, month]
        ahead[_LIFE, month] = ahead[_LIFE, month + 1] + defaults * ahead[_LOST, month]
        ahead[_EVER, month] = ahead[_EVER, month + 1] + defaults


@summing_kernel
def _summed(chances: FloatArray, lost: FloatArray, first: int, until: int) -> float:
    total = 0.0
    for month in range(first, until):
        total += chances[month] * lost[month]
    return total


@kernel
def _late(parts: FloatArray, place: IntArray, quarter: int, late_from: int) -> float:
    """How much of a loan is late at a quarter's start: today by its days, later by its bucket."""
    if quarter == 0:
        return 1.0 if place[2] == _LATE or place[0] >= late_from else 0.0
    return float(parts[late_from:].sum())


@kernel
def _parted(  # noqa: PLR0917 - a kernel takes arrays
    ahead: FloatArray,
    loan: FloatArray,
    place: IntArray,
    parts: FloatArray,
    default: FloatArray,
    year_pd: FloatArray,
    quarter: int,
    late_from: int,
) -> tuple[float, float]:
    """What is set aside for a loan at a quarter's start, and how much of it is in stage 2."""
    months = place[1]
    begins = quarter * 3
    set_aside = second = 0.0
    for then in range(parts.shape[0]):
        watched, free = parts[then, 1], parts[then, 0]
        if watched + free <= 0.0:
            continue
        late = place[2] == _LATE if quarter == 0 else then >= late_from
        if late or year_pd[then, quarter] >= loan[4]:
            watched, free = watched + free, 0.0
        second += watched
        chances, lost = default[then, quarter], ahead[_LOST, begins:]
        set_aside += (watched + free) * _summed(chances, lost, 0, min(12, months - begins))
        if watched > 0.0:
            set_aside += watched * _summed(chances, lost, 12, months - begins)
    return set_aside * ahead[_ALIVE, begins] / ahead[_VALUE, begins], second


@kernel
def _second(  # noqa: PLR0917 - a kernel takes arrays
    loan: FloatArray,
    place: IntArray,
    odds: FloatArray,
    parts: FloatArray,
    quarter: int,
    late_from: int,
) -> float:
    """How much of a loan with a told PD is in stage 2 at a quarter's start."""
    hazard, rises_to = loan[3], loan[4]
    begins = quarter * 3
    safe = 1.0
    for month in range(begins, begins + 12):
        by = odds[min(month // 3, odds.size - 1)]
        safe *= 1.0 - by * hazard / (1.0 - hazard + by * hazard)
    if 1.0 - safe >= rises_to:
        return 1.0
    if quarter == 0 and place[2] == _LATE:
        return 1.0
    first = parts.shape[0] if quarter == 0 else late_from
    return float(parts[first:].sum() + parts[:first, 1].sum())
