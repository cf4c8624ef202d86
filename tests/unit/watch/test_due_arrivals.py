"""When the next rows of a table are due: by a declared day, or as they used to come."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.watch import due_after, usual_days


@pytest.mark.parametrize(
    ("last", "every", "days", "due"),
    [
        ("2026-08-01", "month", 10, "2026-10-10"),  # September ends on the 30th
        ("2026-11-01", "month", 0, "2026-12-31"),
        ("2026-07-01", "quarter", 15, "2027-01-15"),
        ("2026-11-02", "week", 2, "2026-11-17"),  # the week after ends on Sunday the 15th
        ("2026-11-02", "day", 1, "2026-11-04"),
    ],
)
def test_rows_are_due_so_many_days_after_the_next_period_ends(
    last: str, every: str, days: int, due: str
) -> None:
    assert due_after(date.fromisoformat(last), every, days) == date.fromisoformat(due)  # type: ignore[arg-type]


def test_a_rhythm_is_the_longest_wait_so_far_and_a_quarter_more() -> None:
    came = {date(2026, 1, 1): date(2026, 2, 8), date(2026, 2, 1): date(2026, 3, 5)}
    assert usual_days(came, "month") is None  # two are no rhythm
    came[date(2026, 3, 1)] = date(2026, 4, 12)
    assert usual_days(came, "month") == 12 + 3
    early = dict.fromkeys((date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)), date(2026, 1, 20))
    assert usual_days(early, "month") == 2
