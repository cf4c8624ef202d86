"""By when a person answers, and by whose clock: business hours of the strategy's `authority`,
beside the law's days.

The hours promised are the lender's (`EQUIPOISE_CASE_HOURS`), for some kinds of work their own
(`EQUIPOISE_CASE_HOURS_BY_KIND`). They run while the lender is open, and stand still while the
customer has the ball.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
from django.conf import settings

from equipoise.contract.days import time_zone
from equipoise.experience.calendar import WEEKDAYS, BusinessCalendar
from equipoise.service.contexts.registry.reading import Unusable, loaded

_MICROSECONDS = 1_000_000
_USUAL_MINUTES = 30.0
_REMEMBERED = 64  # strategies
_FURTHEST = 366  # days that are looked through for open ones


def promised_hours(kind: str) -> float:
    """Business hours in which a person does that kind of work."""
    usual: float = settings.CONFIGURATION.case_hours
    return own_hours(kind) or usual


def own_hours(kind: str) -> float | None:
    """The same where the lender promises that kind something of its own; else None."""
    hours: Mapping[str, float] = settings.CONFIGURATION.case_hours_by_kind
    return hours.get(kind)


@dataclass(frozen=True)
class Office:
    """Whoever answers for a strategy: when they are open, how many minutes a signature takes at a
    level, and what money is called."""

    calendar: BusinessCalendar
    minutes: Mapping[str, float]
    currency: str

    def due(self, since: datetime, hours: float) -> datetime:
        """By when so many business hours are over."""
        return self.calendar.after(since, hours * 3600.0)

    def hours(self, start: datetime, end: datetime) -> float:
        """Business hours between two moments; below 0 where the second comes first."""
        return self.hours_of([(start, end)])[0]

    def hours_of(self, spans: Sequence[tuple[datetime, datetime]]) -> list[float]:
        """The same of many, at once."""
        at = np.array([[int(each.timestamp() * _MICROSECONDS) for each in span] for span in spans])
        seconds = self.calendar.business_seconds(at[:, 0], at[:, 1])
        return [float(each) / 3600.0 for each in seconds]

    def day_after(self, day: date, days: int) -> date:
        """The day after so many days on which they are open."""
        calendar, left = self.calendar, days
        for _ in range(_FURTHEST):
            day += timedelta(days=1)
            open_then = calendar.hours.get(WEEKDAYS[day.weekday()]) and day not in calendar.holidays
            left -= bool(open_then)
            if left <= 0:
                break
        return day

    def end_of(self, day: date) -> datetime:
        """The moment at which a day there is over."""
        zone = time_zone(self.calendar.time_zone)
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)

    def minutes_at(self, level: str) -> float:
        """Of work for one signature at a level."""
        return self.minutes.get(level, _USUAL_MINUTES)


def office(digest: str) -> Office:
    """Of the strategy of that digest: weekdays from 9 to 17 where it gives nobody authority, or
    cannot be had."""
    try:
        return _office(digest)
    except Unusable:  # not remembered: it may be had again
        return Office(BusinessCalendar(), {}, "")


@lru_cache(maxsize=_REMEMBERED)
def _office(digest: str) -> Office:
    """What a digest stands for does not change."""
    content = loaded(digest).content
    section, currency = content.strategy.authority, content.contract.currency
    if section is None:
        return Office(BusinessCalendar(content.contract.time_zone), {}, currency)
    minutes = {level.name: level.minutes_per_case.value for level in section.levels}
    return Office(section.calendar.calendar(), minutes, currency)
