"""The rules of alerts as watch.yaml writes them, and what bounds alone say of a value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from watches import watch

from equipoise.errors import Faults
from equipoise.watch import Absence, by_bounds, rules_of
from equipoise.watch.alerts.calendars import LenderHours

LATE = """
- {name: late, level: portfolio, about: credit, table: loans, kind: rate, of: days > 0,
   amber: {at: 0.2}, red: {at: 0.5}, owner: ana}
- {name: pace, level: portfolio, about: credit, table: loans, kind: mean, of: days, direction: down,
   red: {times: 0.5}, owner: ana}
- {name: how_many, level: portfolio, about: credit, table: loans, kind: volume, owner: ana}
"""
ALERTS = """\
alerts:
  red: [{to: ana, hours: 1}, {to: bo, hours: 4, clock: open}]
  calendar: {time_zone: Europe/Berlin, hours: {monday: "09:00-17:00", tuesday: "09:00-17:00"}}
  repeat_hours: 12
  longest_silence_days: 7
"""


def test_steps_name_people_as_they_are_known_elsewhere() -> None:
    away = Absence("user.1", date(2026, 11, 30), date(2026, 12, 1))
    document = watch(LATE, rest=ALERTS).document
    rules = rules_of(document, [away], lambda name: {"ana": "user.1"}.get(name, name))
    assert [(each.to, each.hours) for each in rules.steps["red"]] == [("user.1", 1), ("bo", 4)]
    assert rules.steps["amber"] == ()
    assert rules.deputies == {"user.1": "bo"}
    assert (rules.repeat, rules.longest_silence) == (timedelta(hours=12), timedelta(days=7))


def test_an_open_clock_stands_still_while_the_lender_is_closed() -> None:
    rules = rules_of(watch(LATE, rest=ALERTS).document)
    always, office = (each.clock for each in rules.steps["red"])
    assert isinstance(office, LenderHours)
    monday = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)  # four in Berlin, where it closes at five
    assert always.due(monday, 4) == monday + timedelta(hours=4)
    assert office.due(monday, 4) == datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


def test_whoever_is_told_stands_among_the_people() -> None:
    with pytest.raises(Faults, match=r"watch.yaml:\d+.*there is no person 'anna'"):
        watch(LATE, rest=ALERTS.replace("to: ana", "to: anna"))


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("late", 0.1, "green"),
        ("late", 0.2, "amber"),
        ("late", 0.5, "red"),
        ("pace", 4.0, "red"),  # half of what was usual, and worse downwards
        ("pace", 5.0, "green"),
        ("how_many", 0.0, "insufficient"),  # it has no bounds
    ],
)
def test_bounds_alone_say_what_a_value_would_be(name: str, value: float, verdict: str) -> None:
    indicator = watch(LATE).named(name).indicator
    assert by_bounds(indicator, value, baseline=8.0) == verdict
