"""Business hours: Monday to Friday, nine to five."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.simulation import read_parameters
from equipoise.simulation.clock import after_staff_hours, staff_hours_until

CALENDAR = read_parameters().calendar
FRIDAY, MONDAY = 4 * 24.0, 7 * 24.0


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (10.0, 2.0, 12.0),  # within a day
        (16.0, 2.0, 24.0 + 10.0),  # over night
        (FRIDAY + 16.0, 3.0, MONDAY + 11.0),  # over a weekend
        (5.0, 1.0, 10.0),  # before opening
        (FRIDAY + 30.0, 9.0, MONDAY + 24.0 + 10.0),  # from a Saturday, more than a day
    ],
)
def test_work_is_done_when_staff_are_there(start: float, hours: float, end: float) -> None:
    result = after_staff_hours(CALENDAR, np.array([start]), np.array([hours]))
    assert result[0] == pytest.approx(end)


@given(start=st.floats(0, 5000), hours=st.floats(0, 100))
def test_the_hours_asked_for_are_the_hours_that_pass(start: float, hours: float) -> None:
    end = after_staff_hours(CALENDAR, np.array([start]), np.array([hours]))
    passed = staff_hours_until(CALENDAR, end) - staff_hours_until(CALENDAR, np.array([start]))
    assert passed[0] == pytest.approx(hours, abs=1e-6)
    assert end[0] >= start
