"""Each loan month by month through a scenario, and the stage that it is in at each quarter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.compiled import kernel
from equipoise.portfolio.allowance import LoansAhead
from equipoise.portfolio.staging import REASONS, StageRules
from equipoise.portfolio.tape.book import FIRST_DAYS
from equipoise.portfolio.term_structure import TermStructure, at_odds, leaving

ALLOWANCE, LIFE, LOSS, INTEREST, STAGE2 = range(5)
OWED, PD = 0, 1
_MONTHS, _YEAR = 3, 12
_FREE, _LATE, _HELD, _GONE = range(4)
_STANDS = {
    "performing": _FREE,
    "pd_rose": _FREE,
    "past_due": _LATE,
    "forborne": _HELD,
    "probation": _HELD,
    "default": _GONE,
    "curing": _GONE,
}


@dataclass(frozen=True, slots=True)
class StagesAhead:
    """How loans (n,) move between stages 1 and 2 in months to come, by the rules of the book.

    `stands` says what holds a loan today: nothing but its PD, its lateness, what stays as long as
    it is looked at (forbearance, probation), or a default. `rises_to` is the PD of a year that is a
    significant rise for it. From the first quarter on a loan is late as loans of its bucket were
    seen to be by then, and `late_from` is the first bucket that is stage 2.
    """

    stands: IntArray
    rises_to: FloatArray
    late_from: int

    @classmethod
    def of(cls, reason: IntArray, rules: StageRules, origin: FloatArray) -> StagesAhead:
        """Of each loan's reason today (a place in REASONS), and its PD at origination."""
        stands = np.array([_STANDS[name] for name in REASONS], dtype=np.int64)[reason]
        late_from = int(np.searchsorted(FIRST_DAYS, rules.stage2_days, side="right"))
        return cls(stands, rules.rises_to(origin), late_from)


@dataclass(frozen=True, slots=True)
class _Buckets:
    """What a scenario makes of each bucket at the start of each quarter: `default` (B, Q, T), the
    chance to default in the month so many ahead; `year` (B, Q) within twelve; `lateness` (B, Q, B)
    where those are who began in a bucket and have not left."""

    default: FloatArray
    year: FloatArray
    lateness: FloatArray

    @classmethod
    def of(cls, structure: TermStructure, odds: FloatArray, months: int) -> _Buckets:
        longest, quarters = structure.default.shape[1], odds.size + 1
        ahead = np.arange(max(months, _YEAR))
        step = np.minimum(ahead, longest - 1)
        plain, repaid = structure.default[:, step], structure.repaid[:, step]
        begins = _MONTHS * np.arange(quarters)
        at = np.minimum((begins[:, None] + ahead) // _MONTHS, odds.size - 1)
        default = leaving(at_odds(plain[:, None, :], odds[at]), repaid[:, None, :])
        lateness = structure.lateness[:, np.minimum(begins, longest - 1)]
        return cls(default, default[..., :_YEAR].sum(axis=-1), np.ascontiguousarray(lateness))


def run_off(
    ahead: LoansAhead,
    structure: TermStructure,
    odds: tuple[FloatArray, FloatArray],
    stages: StagesAhead,
) -> tuple[FloatArray, FloatArray]:
    """Run loans off over Q quarters, in which odds of default and of LGD are multiplied by `odds`.

    Gives sums by quarter (5, Q + 1): allowance, lifetime losses, losses and interest of the quarter
    that ends there, and exposure in stage 2; and by loan (2, Q + 1, n): what is owed, and the PD
    of a year, both without loans in default.
    """
    quarters = odds[0].size + 1
    sums, by_loan = np.zeros((5, quarters)), np.zeros((2, quarters, ahead.owed.size))
    months = np.where(stages.stands == _GONE, 0, ahead.months)
    most = int(months.max()) if months.size else 0
    buckets = _Buckets.of(structure, odds[0], most)
    _walk(
        np.stack([ahead.owed, ahead.rate, ahead.lgd, ahead.hazard, stages.rises_to]),
        np.stack([ahead.bucket, months, stages.stands]),
        (structure.default, structure.repaid),
        odds,
        (buckets.default, buckets.year, buckets.lateness),
        (most, stages.late_from),
        sums,
        by_loan,
    )
    return sums, by_loan


# Rows of a loan's months ahead: lost if it defaults then (discounted to today, and not), interest,
# the chance to default then and to be there before, what is owed, and a coin's worth today.
_LOST, _LOST_THEN, _EARNED, _DEFAULTS, _ALIVE, _OWED, _VALUE = range(7)


@kernel
def _walk(  # noqa: PLR0917 - a kernel takes arrays
    facts: FloatArray,
    places: IntArray,
    structure: tuple[FloatArray, FloatArray],
    odds: tuple[FloatArray, FloatArray],
    buckets: tuple[FloatArray, FloatArray, FloatArray],
    numbers: tuple[int, int],
    sums: FloatArray,
    by_loan: FloatArray,
) -> None:
    """The same walk as an allowance's, but odds change by quarter, and stages with them.

    A loan with a told PD has one hazard, however late it is. Of any other, those who would be in
    each bucket by a quarter are taken apart: each part has its own chances, and its own stage.
    """
    ahead = np.ones((7, numbers[0] + 1))
    for at in range(facts.shape[1]):
        loan, place = facts[:, at], places[:, at]
        months = place[1]
        _months(loan, place, structure, odds, ahead)
        for quarter in range(sums.shape[1]):
            begins = quarter * 3
            if begins >= months:
                break
            owes = ahead[_ALIVE, begins] * ahead[_OWED, begins]
            year, life, defaults = _foreseen(ahead, begins, months)
            sums[1, quarter] += life
            by_loan[0, quarter, at] = owes
            by_loan[1, quarter, at] = min(defaults / max(ahead[_ALIVE, begins], 1e-300), 1.0)
            if np.isnan(loan[3]):
                set_aside, second = _parted(ahead, loan, place, buckets, quarter, numbers[1])
            else:
                second = _second(loan, place, odds[0], buckets[2], quarter, numbers[1])
                set_aside = second * life + (1.0 - second) * year
            sums[0, quarter] += set_aside
            sums[4, quarter] += second * owes
            if quarter + 1 < sums.shape[1]:
                for month in range(begins, min(begins + 3, months)):
                    sums[2, quarter + 1] += ahead[_DEFAULTS, month] * ahead[_LOST_THEN, month]
                    sums[3, quarter + 1] += ahead[_EARNED, month]


@kernel
def _months(
    loan: FloatArray,
    place: IntArray,
    structure: tuple[FloatArray, FloatArray],
    odds: tuple[FloatArray, FloatArray],
    ahead: FloatArray,
) -> None:
    """Write the months ahead of a loan."""
    owed, yearly, lgd, told_hazard = loan[0], loan[1], loan[2], loan[3]
    bucket, months = place[0], place[1]
    longest, last = structure[0].shape[1], odds[0].size - 1
    rate = np.expm1(np.log1p(yearly) / 12.0)
    growth = -np.expm1(-months * np.log1p(rate))
    pays = owed * rate / growth if growth > 0.0 else owed / max(months, 1)
    alive, worth = 1.0, 1.0
    for month in range(months):
        quarter, step = min(month // 3, last), min(month, longest - 1)
        plain = structure[0][bucket, step] if np.isnan(told_hazard) else told_hazard
        by, more = odds[0][quarter], odds[1][quarter]
        hazard = by * plain / (1.0 - plain + by * plain) if plain < 1.0 else 1.0
        share = more * lgd / (1.0 - lgd + more * lgd) if lgd < 1.0 else lgd
        ahead[_VALUE, month], ahead[_ALIVE, month], ahead[_OWED, month] = worth, alive, owed
        worth /= 1.0 + rate
        ahead[_DEFAULTS, month] = alive * hazard
        ahead[_LOST_THEN, month] = share * owed
        ahead[_LOST, month] = share * owed * worth  # paid at the month's end
        ahead[_EARNED, month] = alive * owed * rate
        alive *= max(1.0 - hazard - structure[1][bucket, step], 0.0)
        owed = max(owed * (1.0 + rate) - pays, 0.0)


@kernel
def _foreseen(ahead: FloatArray, begins: int, months: int) -> tuple[float, float, float]:
    """Losses of a year and of the whole life from a month on, worth then; defaults of a year."""
    year = life = defaults = 0.0
    for month in range(begins, months):
        here = ahead[_DEFAULTS, month] * ahead[_LOST, month]
        life += here
        if month < begins + 12:
            year += here
            defaults += ahead[_DEFAULTS, month]
    worth = ahead[_VALUE, begins]
    return year / worth, life / worth, defaults


@kernel
def _parted(  # noqa: PLR0917 - a kernel takes arrays
    ahead: FloatArray,
    loan: FloatArray,
    place: IntArray,
    buckets: tuple[FloatArray, FloatArray, FloatArray],
    quarter: int,
    late_from: int,
) -> tuple[float, float]:
    """What is set aside for a loan at a quarter's start, and how much of it is in stage 2."""
    default, year, lateness = buckets
    months, stands = place[1], place[2]
    begins = quarter * 3
    set_aside = second = 0.0
    for then in range(lateness.shape[2]):
        part = lateness[place[0], quarter, then]
        if part <= 0.0:
            continue
        late = stands == 1 if quarter == 0 else then >= late_from
        until = min(begins + 12, months)
        if late or stands == 2 or year[then, quarter] >= loan[4]:
            second += part
            until = months
        lost = 0.0
        for month in range(begins, until):
            lost += default[then, quarter, month - begins] * ahead[_LOST, month]
        set_aside += part * lost
    return set_aside * ahead[_ALIVE, begins] / ahead[_VALUE, begins], second


@kernel
def _second(  # noqa: PLR0917 - a kernel takes arrays
    loan: FloatArray,
    place: IntArray,
    odds: FloatArray,
    lateness: FloatArray,
    quarter: int,
    late_from: int,
) -> float:
    """How much of a loan with a told PD is in stage 2 at a quarter's start."""
    hazard, rises_to, stands = loan[3], loan[4], place[2]
    begins = quarter * 3
    safe = 1.0
    for month in range(begins, begins + 12):
        by = odds[min(month // 3, odds.size - 1)]
        safe *= 1.0 - by * hazard / (1.0 - hazard + by * hazard)
    if stands == 2 or 1.0 - safe >= rises_to:
        return 1.0
    if quarter == 0:
        return 1.0 if stands == 1 else 0.0
    share = 0.0
    for then in range(late_from, lateness.shape[2]):
        share += lateness[place[0], quarter, then]
    return share
