"""When a duty of the register is asked, reckoned by hand."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.watch import Duty, Round, asked_late, round_of


def duty(every: str, since: date) -> Duty:
    return Duty.model_validate(
        {"name": "rounds", "owner": "bo", "every": every, "since": since, "asks": ["Any new?"]}
    )


@pytest.mark.parametrize(
    ("every", "since", "today", "begins"),
    [
        ("month", date(2026, 1, 31), date(2026, 2, 27), date(2026, 1, 31)),
        ("month", date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 28)),
        ("month", date(2026, 1, 31), date(2026, 3, 30), date(2026, 2, 28)),
        ("month", date(2026, 1, 31), date(2026, 3, 31), date(2026, 3, 31)),
        ("quarter", date(2025, 11, 15), date(2026, 2, 14), date(2025, 11, 15)),
        ("quarter", date(2025, 11, 15), date(2026, 2, 15), date(2026, 2, 15)),
        ("half_year", date(2025, 7, 1), date(2026, 12, 31), date(2026, 7, 1)),
        ("year", date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28)),
        ("year", date(2024, 2, 29), date(2025, 2, 27), date(2024, 2, 29)),
    ],
)
def test_a_round_begins_on_the_same_day_of_the_month_or_its_last(
    every: str, since: date, today: date, begins: date
) -> None:
    round_ = round_of(duty(every, since), today)
    assert round_ is not None and round_.begins == begins


def test_a_round_is_due_two_weeks_on_where_nothing_else_is_said() -> None:
    asked = round_of(duty("month", date(2026, 1, 1)), date(2026, 1, 20))
    assert asked == Round("rounds", date(2026, 1, 1), date(2026, 1, 15))


def test_what_is_asked_late_has_its_days_from_then_on() -> None:
    of, today = duty("month", date(2026, 1, 1)), date(2026, 1, 20)
    round_ = round_of(of, today)
    assert round_ is not None
    assert asked_late(round_, of, today) == Round("rounds", date(2026, 1, 1), date(2026, 2, 3))
    in_time = date(2026, 1, 15)
    assert asked_late(round_, of, in_time) == round_


def test_nothing_is_asked_before_the_first_day() -> None:
    assert round_of(duty("month", date(2026, 1, 1)), date(2025, 12, 31)) is None
