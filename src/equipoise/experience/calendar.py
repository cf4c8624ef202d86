"""When the lender is open, and how much of a span of time falls inside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from equipoise.contract.days import time_zone
from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray, IntArray

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$")
_MICROSECONDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FAR = timedelta(days=3653)

Minutes = tuple[int, int]


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours by weekday, holidays, and the time zone in which both are read.

    `hours` maps a weekday's name to spans in minutes after local midnight, in order and apart;
    a weekday that is not named is closed. A time that the clock skips or repeats when summer
    time changes is read as the first of its two meanings.
    """

    time_zone: str = "UTC"
    hours: Mapping[str, tuple[Minutes, ...]] = field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS[:5], ((540, 1020),))
    )
    holidays: frozenset[date] = frozenset()

    def business_seconds(self, start: IntArray, end: IntArray) -> FloatArray:
        """Open seconds between two instants; shapes broadcast.

        Instants are microseconds since 1970-01-01 UTC. Exact to the microsecond, also across
        changes of summer time. Negative where `end` comes before `start`.
        """
        if np.size(start) == 0 or np.size(end) == 0:
            return np.zeros(np.broadcast_shapes(np.shape(start), np.shape(end)))
        first = int(min(np.min(start), np.min(end)))
        last = int(max(np.max(start), np.max(end)))
        opens, closes = self._open_spans(first, last)
        open_time = _open_time_before(np.asarray(end), opens, closes) - _open_time_before(
            np.asarray(start), opens, closes
        )
        return open_time / _MICROSECONDS

    def after(self, start: datetime, seconds: float) -> datetime:
        """The first instant by which so many open seconds have passed since `start`.

        `start` has its time zone, and so has the answer: UTC. Raises BadInput where the calendar is
        not open that long in the ten years that follow.
        """
        instant, left = (start - _EPOCH) // _MICROSECOND, seconds * _MICROSECONDS
        first = start.astimezone(UTC).date() - timedelta(days=2)
        for opens, closes in self._spans_between(first, first + _FAR):
            lasts = closes - max(opens, instant)
            if lasts >= left and lasts >= 0:
                return _EPOCH + timedelta(microseconds=max(opens, instant) + round(left))
            left -= max(lasts, 0)
        raise BadInput(
            f"the calendar is not open for {seconds:g} seconds in ten years",
            field="calendar",
            mend="open it on some weekday",
        )

    def _open_spans(self, first: int, last: int) -> tuple[IntArray, IntArray]:
        day = (_EPOCH + timedelta(microseconds=first)).date() - timedelta(days=2)
        end = (_EPOCH + timedelta(microseconds=last)).date() + timedelta(days=2)
        spans = np.array(list(self._spans_between(day, end)), dtype=np.int64).reshape(-1, 2)
        return spans[:, 0], spans[:, 1]

    def _spans_between(self, day: date, end: date) -> Iterator[tuple[int, int]]:
        while day <= end:
            if day not in self.holidays:
                for opens, closes in self.hours.get(WEEKDAYS[day.weekday()], ()):
                    yield self._instant(day, opens), self._instant(day, closes)
            day += timedelta(days=1)

    def _instant(self, day: date, minutes: int) -> int:
        day += timedelta(days=minutes // 1440)
        clock = time(minutes % 1440 // 60, minutes % 60)
        local = datetime.combine(day, clock, tzinfo=self._zone)
        return (local - _EPOCH) // timedelta(microseconds=1)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return time_zone(self.time_zone)


def _open_time_before(instant: IntArray, opens: IntArray, closes: IntArray) -> IntArray:
    """Open microseconds before each instant, counted from the first span."""
    if opens.size == 0:
        return np.zeros_like(instant)
    whole = np.concatenate([[0], np.cumsum(closes - opens)])
    index = np.searchsorted(opens, instant, side="right")
    last = np.maximum(index - 1, 0)
    inside = np.minimum(instant, closes[last]) - opens[last]
    return np.where(index > 0, whole[last] + inside, 0).astype(np.int64)


def opening_hours(text: str) -> tuple[Minutes, ...]:
    """Read '09:00-12:30, 13:00-17:00' as minutes after midnight; '' and 'closed' mean closed."""
    if text.strip().lower() in {"", "closed"}:
        return ()
    spans = tuple(_span(part) for part in text.split(","))
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise ValueError(f"the opening hours '{text}' overlap or are out of order")
    return spans


def _span(text: str) -> Minutes:
    match = _SPAN.match(text)
    if not match:
        raise ValueError(f"'{text.strip()}' is not a span of hours such as 09:00-17:00")
    hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
    opens, closes = 60 * hour + minute, 60 * end_hour + end_minute
    if max(minute, end_minute) > 59 or closes > 1440 or opens >= closes:
        raise ValueError(f"'{text.strip()}' is not a span of hours inside one day")
    return opens, closes
