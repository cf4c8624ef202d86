"""When a step of a plan is due: minutes around the clock, or of the time the lender is open."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from equipoise.experience.calendar import BusinessCalendar
from equipoise.watch.plans.document import Step


def due(step: Step, begins: datetime, calendar: BusinessCalendar) -> datetime:
    """The instant by which a step is to be done that can begin at `begins`, UTC."""
    if step.clock == "always":
        return begins + timedelta(minutes=step.within_minutes)
    return calendar.after(begins, step.within_minutes * 60)


def open_minutes(start: datetime, end: datetime, calendar: BusinessCalendar) -> float:
    """Minutes between two instants in which the lender was open."""
    first, last = (np.array([round(each.timestamp() * 1_000_000)]) for each in (start, end))
    return float(calendar.business_seconds(first, last)[0]) / 60
