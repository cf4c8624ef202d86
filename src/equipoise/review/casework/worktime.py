"""A level's working time: the spans in which it sits, and time counted only inside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

import numpy as np

from equipoise.contract.days import time_zone
from equipoise.errors import BadInput
from equipoise.experience.calendar import WEEKDAYS, BusinessCalendar
from equipoise.numeric.arrays import FloatArray, IntArray

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Spans in order: `opens`, `closes` in seconds since 1970 UTC, and open seconds `before` each.

    `day` numbers the working days of the spans, from 0.
    """

    opens: FloatArray
    closes: FloatArray
    before: FloatArray
    day: IntArray

    def elapsed(self, instant: FloatArray) -> FloatArray:
        """Open seconds from the first span to each instant."""
        at = np.searchsorted(self.opens, instant, side="right") - 1
        span = np.maximum(at, 0)
        inside = np.minimum(instant, self.closes[span]) - self.opens[span]
        return np.where(at >= 0, self.before[span] + inside, 0.0)

    def working_day(self, instant: FloatArray) -> IntArray:
        """The working day of each instant; out of hours, that of the next opening."""
        at = np.searchsorted(self.closes, instant, side="left")
        days: IntArray = self.day[np.minimum(at, self.day.size - 1)]
        return days

    @property
    def into_day(self) -> tuple[FloatArray, FloatArray]:
        """Of each span: its day's open seconds before it, and all that the day has."""
        length = self.closes - self.opens
        first = np.searchsorted(self.day, self.day, side="left")
        whole: FloatArray = np.bincount(self.day, weights=length)[self.day].astype(np.float64)
        return self.before - self.before[first], whole

    @property
    def hours_a_day(self) -> float:
        """Mean open hours of a working day."""
        days = int(self.day[-1]) + 1
        return float((self.closes - self.opens).sum() / 3600 / days)


def open_time(
    calendar: BusinessCalendar, first: float, last: float, days: tuple[str, ...] | None = None
) -> OpenTime:
    """The calendar's spans around [first, last], seconds since 1970, on the named weekdays only.

    Raises BadInput where the calendar is never open in that time.
    """
    zone = time_zone(calendar.time_zone)
    day = datetime.fromtimestamp(first, zone).date() - timedelta(days=1)
    end = datetime.fromtimestamp(last, zone).date() + timedelta(days=8)
    opens, closes, number = [], [], []
    count = 0
    while day <= end:
        name = WEEKDAYS[day.weekday()]
        hours = calendar.hours.get(name, ())
        if hours and day not in calendar.holidays and (days is None or name in days):
            midnight = local_midnight(calendar, day)
            opens += [midnight + 60.0 * start for start, _ in hours]
            closes += [midnight + 60.0 * stop for _, stop in hours]
            number += [count] * len(hours)
            count += 1
        day += timedelta(days=1)
    if not opens:
        raise BadInput(
            "the calendar is never open on the days that a level sits",
            field="calendar",
            mend="open it on one of the level's `days`",
        )
    lengths = [stop - start for start, stop in zip(opens, closes, strict=True)]
    return OpenTime(
        np.array(opens),
        np.array(closes),
        np.array([0.0, *accumulate(lengths[:-1])]),
        np.array(number, dtype=np.int64),
    )


def local_midnight(calendar: BusinessCalendar, day: date) -> float:
    """The instant at which a day's working clock reads 0:00, in seconds since 1970.

    Read from noon, so that on the days when summer time changes office hours stay right.
    """
    noon = datetime.combine(day, time(12), tzinfo=time_zone(calendar.time_zone))
    return (noon - EPOCH).total_seconds() - 12 * 3600.0
