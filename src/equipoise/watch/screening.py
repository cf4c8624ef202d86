"""Screening on schedule: when a duty of the register is asked, and by when it is answered.

Pure: days in, days out.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from equipoise.watch.document.register import Duty, Every

_MONTHS: Final[dict[Every, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Round:
    """One asking of a duty: from a day on, to be answered by the day `due`."""

    duty: str
    begins: date
    due: date


def round_of(duty: Duty, today: date) -> Round | None:
    """The round that is under way on a day; None before the duty's first."""
    if today < duty.since:
        return None
    step, passed = _MONTHS[duty.every], _months_between(duty.since, today)
    begins = _later(duty.since, passed // step * step)
    return Round(duty.name, begins, begins + timedelta(days=duty.within_days))


def asked_late(round_: Round, duty: Duty, today: date) -> Round:
    """The round as it is asked on a day: where its own day is over, because nobody was there to
    ask, it is due as long from now on as it would have been."""
    if round_.due >= today:
        return round_
    return replace(round_, due=today + timedelta(days=duty.within_days))


def _months_between(since: date, today: date) -> int:
    """Whole months from a day to another, which is not before it."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return months if _later(since, months) <= today else months - 1


def _later(day: date, months: int) -> date:
    """So many months later, on the same day of the month or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
