"""A desk by the service's own order, day after day: people of different speed, skill and fatigue
take the first case of the list whenever they are free, and the truth about each case is known.

The list is put in order by `cases.ordering.ranked`, which orders the service's own; what it is not
told there (the chance that a person changes the answer, of what is not a review) it is not told
here. The other orders are told no more than when a case came and by when it is due.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from equipoise.experience.calendar import BusinessCalendar
from equipoise.review.casework.underwriters import Underwriter

LEVEL = "underwriter"


@dataclass
class Case:
    """A case, as drawn: what it takes, what is true, how long its customer waits (open hours), and
    the service's own row of it."""

    row: Any
    minutes: float
    kind: str
    wrong: bool
    stake: float
    chance: float | None
    patience: float
    eye: float
    hours: float = 0.0
    changed: bool = False


Order = Callable[[Sequence[Case], datetime], Case]
"""Which of those that wait is next."""


@dataclass
class Days:
    """What came of some days at a desk."""

    cases: list[Case] = field(default_factory=list)
    promised: Mapping[str, float] = field(default_factory=dict)

    def gained(self) -> float:
        """Money by which people's answers beat the machine's, of customers who were still there."""
        return sum(
            (each.stake if each.wrong else -each.stake)
            for each in self.cases
            if each.changed and each.hours <= each.patience
        )

    def customers(self) -> float:
        """Good ones whom the machine had turned away, and who were still there for a person's
        yes."""
        return float(
            sum(each.changed and each.wrong and each.hours <= each.patience for each in self.cases)
        )

    def kept(self) -> float:
        """The share of promises, by the service's own due date."""
        return float(np.mean([each.hours <= self.promised[each.row.id] for each in self.cases]))

    def waited(self) -> float:
        """Open hours, in the mean."""
        return float(np.mean([each.hours for each in self.cases]))

    def longest(self) -> float:
        """Open hours."""
        return max(each.hours for each in self.cases)


def worked(
    cases: Sequence[Case],
    crew: Sequence[Underwriter],
    calendar: BusinessCalendar,
    order: Order,
    share: float,
) -> Days:
    """Have the crew decide them all, each taking the next by that order as soon as they are free;
    `share` of the open time is theirs for cases."""
    day = _open_hours(calendar)
    coming = sorted(cases, key=lambda each: (each.row.opened_at, each.row.id))
    start = calendar.after(coming[0].row.opened_at, 0.0)
    free = [(start, place) for place in range(len(crew))]
    heapq.heapify(free)
    waiting: list[Case] = []
    done = Days(promised={each.row.id: _hours(calendar, each.row.opened_at, each.row.due_at)
                          for each in cases})  # fmt: skip
    while coming or waiting:
        now, place = heapq.heappop(free)
        while coming and coming[0].row.opened_at <= now:
            waiting.append(coming.pop(0))
        if not waiting:
            heapq.heappush(free, (calendar.after(coming[0].row.opened_at, 0.0), place))
            continue
        case = order(waiting, now)
        waiting.remove(case)
        one = crew[place]
        over = _hours(calendar, now.replace(hour=0, minute=0, second=0, microsecond=0), now) / day
        slow = (1 + one.slower * over) / one.speed / share
        end = calendar.after(now, 60 * case.minutes * slow)
        chance = one.changes(np.array([case.kind]), np.array([case.wrong]), np.array([over]))
        case.changed = case.eye < float(chance[0])
        case.hours = _hours(calendar, case.row.opened_at, end)
        done.cases.append(case)
        heapq.heappush(free, (end, place))
    return done


def first_come(waiting: Sequence[Case], now: datetime) -> Case:
    """The first to come."""
    del now
    return min(waiting, key=lambda each: (each.row.opened_at, each.row.id))


def first_due(waiting: Sequence[Case], now: datetime) -> Case:
    """The first that is due."""
    del now
    return min(waiting, key=lambda each: (each.row.due_at, each.row.opened_at, each.row.id))


def _hours(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    moments = (np.array([int(each.timestamp() * 1e6)]) for each in (start, end))
    return float(calendar.business_seconds(*moments)[0]) / 3600


def _open_hours(calendar: BusinessCalendar) -> float:
    """Of its longest day."""
    return max(sum(end - start for start, end in each) for each in calendar.hours.values()) / 60


def due_at(calendar: BusinessCalendar, came: datetime, kind: str, hours: float) -> datetime:
    """As the service promises: open hours of what the strategy left to a person; the end of a day
    of a review."""
    if kind != "review":
        return calendar.after(came, 3600 * hours)
    midnight = came.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=11)
