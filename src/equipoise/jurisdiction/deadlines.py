"""The last day of a clock, and how it was counted, in words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from equipoise.errors import BadInput
from equipoise.jurisdiction.document import Rule
from equipoise.jurisdiction.kinds import STARTS, Kind
from equipoise.jurisdiction.pack import Pack
from equipoise.jurisdiction.term import Term
from equipoise.texts.dates import written_day
from equipoise.texts.saying import joined, marked, say

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PATIENCE = 400  # days without an open one, after which a calendar is wrong
_OPEN = {
    "promptly": marked("Promptly: the rule names no number of days."),
    "lender": marked("The rule leaves this to the lender, who sets it in a pack of its own."),
    "none": marked("The pack knows no such duty or right in general."),
}


class Calendar(Protocol):
    """When a lender is open, as `experience.BusinessCalendar` says it."""

    @property
    def hours(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """Spans of opening by the weekday's English name in small letters."""

    @property
    def holidays(self) -> frozenset[date]:
        """Days on which it is closed, whatever the weekday."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`day` is the last day in time, None where the rule counts none; `how` says the counting, in
    the language spoken when it was computed."""

    day: date | None
    rule: Rule
    how: str


def deadline(pack: Pack, kind: Kind, start: date, calendar: Calendar) -> Deadline:
    """The last day of the pack's rule of this kind, counted from `start`.

    The day after `start` is the first. Raises BadInput where the pack has no such rule, and for a
    calendar that is never open.
    """
    rule = pack.rule(kind)
    if rule.term.open:
        return Deadline(None, rule, say(_OPEN[rule.term.open]))
    day, notes = _counted(rule.term, start, calendar)
    how = [_counting(rule, start, day), *notes]
    if rule.closed_day == "next_open_day" and not _is_open(day, calendar):
        closed, day = day, _next_open(day, calendar)
        how.append(_rolled(closed, day))
    return Deadline(day, rule, joined(how))


def _counting(rule: Rule, start: date, day: date) -> str:
    return say(
        "{term} after {start}, {what}; the day after it counts as the first, "
        "and {day} is the last.",
        term=rule.term.words(),
        start=written_day(start),
        what=say(STARTS[rule.kind]),
        day=written_day(day),
    )


def _rolled(day: date, open_day: date) -> str:
    return say(
        "{day} is a closed day, and the next open one counts: {next}.",
        day=written_day(day),
        next=written_day(open_day),
    )


def _counted(term: Term, start: date, calendar: Calendar) -> tuple[date, list[str]]:
    """The last day of the term, and what has to be said of its counting."""
    if term.unit == "business day":
        return _business_days_after(start, term.length, calendar)
    if term.unit == "month":
        return _months_after(start, term.length)
    return start + timedelta(days=term.length * (7 if term.unit == "week" else 1)), []


def _business_days_after(start: date, length: int, calendar: Calendar) -> tuple[date, list[str]]:
    day = start
    for _ in range(length):
        day = _next_open(day, calendar)
    closed = (day - start).days - length
    said = say("Closed days in between, which do not count: {n}.", n=closed)
    return day, [said] if closed else []


def _months_after(start: date, length: int) -> tuple[date, list[str]]:
    """The same day of a later month; its last day where it has no such day."""
    years, month = divmod(start.month - 1 + length, 12)
    year, month = start.year + years, month + 1
    last = monthrange(year, month)[1]
    day = date(year, month, min(start.day, last))
    said = say("That month has no day {n}, so its last day counts.", n=start.day)
    return day, [said] if start.day > last else []


def _is_open(day: date, calendar: Calendar) -> bool:
    return day not in calendar.holidays and bool(calendar.hours.get(_WEEKDAYS[day.weekday()]))


def _next_open(day: date, calendar: Calendar) -> date:
    for ahead in range(1, _PATIENCE):
        later = day + timedelta(days=ahead)
        if _is_open(later, calendar):
            return later
    raise BadInput(
        f"the calendar is closed for {_PATIENCE} days after {day}",
        field="calendar",
        mend="give at least one weekday opening hours",
    )
