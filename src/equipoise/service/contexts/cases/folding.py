"""What a piece of work is after what somebody did with it: the same as it is done, and as work is
made anew from the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from equipoise.service.contexts.cases.arriving import resumed
from equipoise.service.contexts.cases.events import (
    WorkAssigned,
    WorkClaimed,
    WorkClosed,
    WorkEvent,
    WorkHeld,
    WorkReleased,
    WorkResumed,
    WorkSnoozed,
    WorkWoken,
)
from equipoise.service.contexts.cases.models import Work


def fold(row: Work, event: WorkEvent, at: datetime) -> None:
    """Change the row as the event says, at that moment; it is not saved."""
    _FOLDS[type(event)](row, event, at)


def _claimed(row: Work, event: WorkClaimed, at: datetime) -> None:
    _give(row, event.by, at, event.until)


def _assigned(row: Work, event: WorkAssigned, at: datetime) -> None:
    _give(row, event.to, at, event.until)


def _released(row: Work, _event: WorkReleased, _at: datetime) -> None:
    row.claimed_by, row.claimed_at, row.lease_until = "", None, None


def _snoozed(row: Work, event: WorkSnoozed, at: datetime) -> None:
    _released(row, WorkReleased(work=row.id, by=event.by), at)
    row.snoozed_until = datetime.fromisoformat(event.until)


def _woken(row: Work, _event: WorkWoken, _at: datetime) -> None:
    row.snoozed_until = None


def _held(row: Work, event: WorkHeld, at: datetime) -> None:
    _released(row, WorkReleased(work=row.id, by=event.by), at)
    row.held_since, row.news = at, ""


def _resumed(row: Work, _event: WorkResumed, at: datetime) -> None:
    resumed(row, at)


def _closed(row: Work, event: WorkClosed, at: datetime) -> None:
    row.closed_at, row.closed = at, event.how


def _give(row: Work, to: str, at: datetime, until: str) -> None:
    row.claimed_by, row.claimed_at = to, at
    row.lease_until, row.snoozed_until = datetime.fromisoformat(until), None


_FOLDS: Mapping[type[WorkEvent], Callable[[Work, Any, datetime], None]] = {
    WorkClaimed: _claimed,
    WorkReleased: _released,
    WorkAssigned: _assigned,
    WorkSnoozed: _snoozed,
    WorkWoken: _woken,
    WorkHeld: _held,
    WorkResumed: _resumed,
    WorkClosed: _closed,
}
OWN = tuple(_FOLDS)
"""What people do with work, of which there is an event."""
