"""When so much open time has passed: by hand, and the other way round of counting it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.experience.calendar import BusinessCalendar

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
HOUR = 3600.0


def test_hours_go_on_after_the_weekend_and_stand_still_on_a_holiday() -> None:
    office = BusinessCalendar()
    assert office.after(FRIDAY, 2 * HOUR) == datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert office.after(FRIDAY, 3 * HOUR) == datetime(2026, 11, 30, 10, tzinfo=UTC)
    closed = BusinessCalendar(holidays=frozenset({datetime(2026, 11, 30).date()}))
    assert closed.after(FRIDAY, 3 * HOUR) == datetime(2026, 12, 1, 10, tzinfo=UTC)


def test_nothing_to_wait_for_is_now_or_the_next_opening() -> None:
    office = BusinessCalendar()
    assert office.after(FRIDAY, 0.0) == FRIDAY
    night = datetime(2026, 11, 27, 22, tzinfo=UTC)
    assert office.after(night, 0.0) == datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_what_is_counted_until_then_is_what_was_asked_for(zone: str) -> None:
    office = BusinessCalendar(zone)
    start = datetime(2026, 3, 5, 1, 2, 3, tzinfo=UTC)  # summer time begins on the way
    for hours in (0.25, 1.0, 7.75, 8.0, 40.0, 100.5):
        end = office.after(start, hours * HOUR)
        at = [np.array([int(each.timestamp() * 1e6)]) for each in (start, end)]
        assert float(office.business_seconds(*at)[0]) == pytest.approx(hours * HOUR)
        just_before = np.array([int((end - timedelta(seconds=1)).timestamp() * 1e6)])
        assert float(office.business_seconds(at[0], just_before)[0]) < hours * HOUR


def test_a_calendar_that_is_never_open_says_so() -> None:
    with pytest.raises(BadInput, match="not open"):
        BusinessCalendar(hours={}).after(FRIDAY, HOUR)
