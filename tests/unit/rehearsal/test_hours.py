"""How long underwriters are at a case, by the lender's clock: cases go home with nobody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from equipoise.experience.calendar import BusinessCalendar
from equipoise.rehearsal import hours as hours_module
from equipoise.rehearsal.hours import ClockHours, CountedHours, Pace
from equipoise.review.casework.underwriters import Underwriter

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NINE, FIVE = MONDAY.replace(hour=9), MONDAY.replace(hour=17)


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    at: datetime

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def at_work(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, minutes: float = 30, **traits: float
) -> ClockHours:
    monkeypatch.setattr(hours_module.time, "sleep", clock.sleep)
    return ClockHours(
        Underwriter(**traits),  # type: ignore[arg-type]  # speed and fatigue alone
        BusinessCalendar(),
        {"junior": Pace(minutes, spread=0.0, share=1.0)},
        lambda: clock.at,
        lambda span: span,
        lambda: False,
        Undisturbed(),
    )


class Undisturbed(Random):
    """Nobody is called away, and every case takes just the mean."""

    def random(self) -> float:
        return 0.99

    def lognormvariate(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        return math.exp(mu + sigma**2 / 2)


def took(hours: ClockHours, clock: Clock) -> float:
    begun = clock.at
    assert hours.work("junior", lambda: True)
    return (clock.at - begun).total_seconds() / 60


def test_a_case_takes_its_minutes_and_half_of_them_whoever_is_twice_as_fast(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for speed, minutes in ((1.0, 30), (2.0, 15)):
        clock = Clock(NINE)
        hours = at_work(clock, monkeypatch, speed=speed)
        assert took(hours, clock) == pytest.approx(minutes, abs=0.1)
        assert not hours.went_home()


def test_the_same_case_takes_longer_in_the_afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the share `slower` of the day that is over: at 13:00 half of it."""
    clock = Clock(NINE.replace(hour=13))
    hours = at_work(clock, monkeypatch, slower=0.4)
    assert hours.day() == pytest.approx(0.5)
    assert took(hours, clock) == pytest.approx(30 * 1.2, abs=0.1)


def test_who_begins_before_the_office_opens_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(MONDAY.replace(hour=6))
    hours = at_work(clock, monkeypatch)
    assert took(hours, clock) == pytest.approx(3 * 60 + 30, abs=0.2)


def test_a_case_that_would_last_into_the_next_day_is_left_unfinished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(FIVE - timedelta(minutes=20))
    hours = at_work(clock, monkeypatch)
    assert hours.work("junior", lambda: True)
    assert hours.went_home()
    assert clock.at <= FIVE + timedelta(seconds=1)


def test_whoever_finds_a_case_taken_from_them_stops_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(NINE)
    hours = at_work(clock, monkeypatch)
    assert not hours.work("junior", lambda: False)
    assert clock.at < NINE + timedelta(minutes=8)


def test_where_no_time_passes_a_shift_is_some_cases() -> None:
    hours = CountedHours(Random(1))  # noqa: S311 - nothing secret
    over = [hours.shift_is_over() for _ in range(40)]
    ends = [at for at, each in enumerate(over) if each]
    assert ends[0] >= 4
    assert {b - a for a, b in pairwise(ends)} <= {4, 5, 6, 7}
