"""Business hours: staff work Monday to Friday between two hours of the day.

Times are calendar hours since midnight of a Monday.
"""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.simulation.parameters import Calendar

HOURS_PER_WEEK = 168.0
WORKDAYS = 5


def staff_hours_until(calendar: Calendar, time: FloatArray) -> FloatArray:
    """Business hours that have passed since the first Monday's midnight."""
    length = calendar.closes_at - calendar.opens_at
    week, rest = np.divmod(time, HOURS_PER_WEEK)
    day, hour = np.divmod(rest, 24.0)
    today = np.clip(hour - calendar.opens_at, 0.0, length)
    whole = np.where(day < WORKDAYS, day * length + today, WORKDAYS * length)
    return np.asarray(week * WORKDAYS * length + whole)


def after_staff_hours(calendar: Calendar, start: FloatArray, hours: FloatArray) -> FloatArray:
    """The calendar time when staff have worked `hours` from `start` on."""
    length = calendar.closes_at - calendar.opens_at
    done = staff_hours_until(calendar, start) + hours
    day, hour = np.divmod(done, length)
    week, weekday = np.divmod(day, WORKDAYS)
    time = week * HOURS_PER_WEEK + weekday * 24.0 + calendar.opens_at + hour
    # no work asked, no time passes: not even the night before opening
    return np.where(hours > 0, np.maximum(time, start), start)
