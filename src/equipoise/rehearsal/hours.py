"""The time of those who decide cases: how long a case takes them, when they tire, and when they go
home."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

import numpy as np

from equipoise.experience.calendar import BusinessCalendar
from equipoise.review.casework.underwriters import Underwriter as Traits

GOES_ON = timedelta(minutes=7)
"""After which somebody who works on a case turns a page: it stays theirs."""
AWAY = timedelta(minutes=25)
"""For which somebody who is called away from a case is."""
_CALLED_AWAY = 0.05  # of the cases
_A_MOMENT = 1.0  # seconds
_SHIFTS = (4, 7)  # cases in a shift where no time passes, at the least and the most
_LEAST = 0.005  # seconds that are slept


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one signature takes at a level: `minutes` in the mean, varying by `spread`, its
    coefficient of variation; of the open time cases get the `share`."""

    minutes: float
    spread: float
    share: float


class Hours(Protocol):
    """Somebody's working time."""

    def day(self) -> float:
        """The share of their working day that is over."""

    def work(self, level: str, turn_page: Callable[[], bool]) -> bool:
        """Be at a case for as long as it takes, going on with it now and then; whether it was
        theirs to the end."""

    def shift_is_over(self) -> bool:
        """Whether they go home before they begin on the case in hand; asked once per case."""

    def went_home(self) -> bool:
        """Whether the day was over before the case was done."""


@dataclass
class CountedHours:
    """Where no time passes: a shift is so many cases, and after each they come back at once."""

    dice: Random
    _left: int = 0
    _whole: int = 1

    def day(self) -> float:
        return 1 - self._left / self._whole

    def work(self, level: str, turn_page: Callable[[], bool]) -> bool:
        del level
        return turn_page()

    def shift_is_over(self) -> bool:
        begun, over = self._whole > 1, self._left == 0
        if over:
            self._whole = self._left = self.dice.randint(*_SHIFTS)
        self._left -= 1
        return begun and over

    def went_home(self) -> bool:
        return False


@dataclass
class ClockHours:
    """By the service's clock and the lender's calendar. `lasting` says how long a span of its time
    lasts here; `over` whether everybody is done."""

    traits: Traits
    calendar: BusinessCalendar
    paces: Mapping[str, Pace]
    now: Callable[[], datetime]
    lasting: Callable[[timedelta], timedelta]
    over: Callable[[], bool]
    dice: Random
    _home: bool = field(default=False, init=False)

    def day(self) -> float:
        """By open hours since the local day began."""
        now = self.now()
        start, end = _local_day(self.calendar, now)
        whole = _open_seconds(self.calendar, start, end)
        return min(1.0, _open_seconds(self.calendar, start, now) / whole) if whole else 0.0

    def work(self, level: str, turn_page: Callable[[], bool]) -> bool:
        begun = self._opened()
        seconds = self._seconds(level)
        left = _open_seconds(self.calendar, begun, _local_day(self.calendar, begun)[1])
        self._home = seconds > left
        until, away = self.calendar.after(begun, min(seconds, left)), self._called_away(begun)
        while not self.over() and (now := self.now()) < until:
            if away is not None and now >= away:
                self._sleep(AWAY)
                away = None
            self._sleep(min(until - now, GOES_ON))
            if not turn_page():
                return False
        return True

    def _called_away(self, begun: datetime) -> datetime | None:
        """When they are called away from the case, if they are: it may be another's by then."""
        if self.dice.random() >= _CALLED_AWAY:
            return None
        return begun + timedelta(minutes=self.dice.uniform(1, 10))

    def shift_is_over(self) -> bool:
        return False

    def went_home(self) -> bool:
        return self._home

    def _opened(self) -> datetime:
        """The moment, or the next at which the lender is open, once it has come."""
        while True:
            now = self.now()
            opened = self.calendar.after(now, _A_MOMENT) - timedelta(seconds=_A_MOMENT)
            if opened <= now or self.over():
                return now
            self._sleep(min(opened - now, timedelta(minutes=10)))

    def _seconds(self, level: str) -> float:
        """Of open time that the case takes them: lognormal, slower as the day goes on."""
        pace = self.paces[level] if level in self.paces else next(iter(self.paces.values()))
        variance = float(np.log1p(pace.spread**2))
        drawn = pace.minutes * self.dice.lognormvariate(-variance / 2, variance**0.5)
        slow = (1 + self.traits.slower * self.day()) / self.traits.speed
        return 60.0 * drawn * slow / pace.share

    def _sleep(self, span: timedelta) -> None:
        time.sleep(max(self.lasting(span).total_seconds(), _LEAST))


def _local_day(calendar: BusinessCalendar, at: datetime) -> tuple[datetime, datetime]:
    """The first and the last moment of the lender's day, in UTC."""
    from equipoise.contract.days import time_zone

    zone = time_zone(calendar.time_zone)
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    morning = midnight + timedelta(days=1)
    return midnight.astimezone(at.tzinfo), morning.astimezone(at.tzinfo)


def _open_seconds(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    moments = (np.array([int(each.timestamp() * 1e6)]) for each in (start, end))
    return float(calendar.business_seconds(*moments)[0])
