"""A clock that jumps: noticed by the workers, told, and kept from doing harm.

What waits for a moment waits no longer than it would by a clock that goes right (`reached`). And
what is forgotten by its age is not, for a day after a jump: a clock two years ahead would make
everything old. A worker that comes back after more than a day cannot tell whether nobody worked or
the clock was set ahead, and waits too.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from equipoise.service.platform.jobs.models import Clock
from equipoise.service.platform.operations.health import Amiss
from equipoise.service.platform.operations.logs import facts, log

SLACK = timedelta(seconds=60)  # clocks of several machines may differ by so much
REST = timedelta(days=1)
_EVERY = 5.0  # seconds between two looks
_AWAY = timedelta(days=1)
_log = log("jobs")


class Watch:
    """A worker's: holds the clock against the time that has passed, and against what it said when a
    worker last looked."""

    def __init__(self) -> None:
        self._looked: float | None = None
        self._then = timezone.now()

    def look(self, now: datetime) -> timedelta | None:
        """Note what the clock says; by how much it jumped since the last look, if it did."""
        passed = time.clock_gettime(time.CLOCK_BOOTTIME)
        lately = self._looked is not None and passed - self._looked < _EVERY
        if lately and abs(now - self._then) < SLACK:
            return None
        moved = self._moved(now, passed)
        self._looked, self._then = passed, now
        changed: dict[str, object] = {"seen": now}
        if moved is not None:
            changed |= {"moved": moved.total_seconds(), "moved_at": now, "rests_until": now + REST}
            shift = facts(seconds=round(moved.total_seconds()))
            _log.error("the clock jumped, or nobody worked for long", extra=shift)
        Clock.objects.update_or_create(id=1, defaults=changed)
        return moved

    def _moved(self, now: datetime, passed: float) -> timedelta | None:
        row = Clock.objects.filter(id=1).first()
        known: datetime | None = row.seen if row else None
        if self._looked is not None:
            moved = now - self._then - timedelta(seconds=passed - self._looked)
            if abs(moved) > SLACK:
                return moved
        if known is not None and (now < known - SLACK or now > known + _AWAY):
            return now - known
        return None


def reached(field: str, now: datetime, longest: timedelta) -> Q:
    """Rows whose moment has come; or lies further ahead than it ever can, as the clock was set back
    since it was written."""
    return Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + longest + SLACK})


def doubtful(now: datetime) -> bool:
    """Whether the clock jumped within the last day, so that ages say nothing."""
    row = Clock.objects.filter(id=1).first()
    return row is not None and _rests(row, now)


def unseen(now: datetime) -> bool:
    """Whether this is far from what a worker last saw: no worker runs, or the clock jumps while a
    job does and nobody has looked since."""
    row = Clock.objects.filter(id=1).first()
    return row is not None and abs(now - row.seen) > SLACK


def jumped() -> Amiss | None:
    """What to say of a clock that jumped, or that is behind what a worker saw."""
    row, now = Clock.objects.filter(id=1).first(), timezone.now()
    if row is None:
        return None
    behind = row.seen - now
    if behind > SLACK:
        return Amiss(f"this machine's clock is {span(behind)} behind what a worker saw")
    if not _rests(row, now) or row.moved_at is None or row.rests_until is None:
        return None
    way = "ahead" if row.moved > 0 else "back"
    return Amiss(
        f"the clock went {span(timedelta(seconds=abs(row.moved)))} {way} at {row.moved_at:%F %T}: "
        f"nothing is forgotten by its age until {row.rests_until:%F %T}"
    )


def span(length: timedelta) -> str:
    """A length of time in words, such as `2.0 h`."""
    seconds = length.total_seconds()
    for unit, size in (("days", 86_400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size or (seconds >= size and unit != "days"):
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def _rests(row: Clock, now: datetime) -> bool:
    return row.rests_until is not None and now < row.rests_until <= now + REST + SLACK
