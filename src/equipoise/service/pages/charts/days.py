"""Ticks of an axis of days: every day, week, month or year, whichever there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


def day_ticks(low: float, high: float, most: int) -> list[date]:
    """At most `most` days (at least one) within two ordinals, evenly apart as calendars count."""
    first, last = date.fromordinal(round(low)), date.fromordinal(round(high))
    span = (last - first).days
    for step in _DAYS:
        if span // step + 1 <= most:
            return [first + timedelta(days=at) for at in range(0, span + 1, step)]
    for months in _MONTHS:
        kept = list(takewhile(lambda day: day <= last, _firsts(first, months)))
        if kept and len(kept) <= most:
            return kept
    return [first]


def written_tick(day: date) -> str:
    """A day as short as every language reads it (ISO 8601); tips and tables write it out."""
    return day.isoformat()


def _firsts(day: date, months: int) -> Iterator[date]:
    """The first days of every so many months, counted from January, from `day` on."""
    at = -(-(day.year * 12 + day.month - 1 + (day.day > 1)) // months) * months
    while True:
        yield date(at // 12, at % 12 + 1, 1)
        at += months
