"""What a service is: a lender's own, or one in which nobody is real.

A service is made as one or the other, by the very first entry of its record, and stays that: no
setting says it. One in which nobody is real answers on this machine alone, sends no message, shows
on every page what it is, and is told of applicants by a bureau that is made up. Time may run faster
than it does in a rehearsal alone, and the same entry says how fast.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import cast

from equipoise.record.events import Event, read_event
from equipoise.service.platform import clock
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.events import RehearsalBegun, ServiceBegun
from equipoise.service.platform.record.reading import first, is_empty

FASTEST = 20_000
"""Times the system's clock: a day is four seconds, and a page that takes a tenth of one half an
hour."""
_CHAIN = "service"


class Nature(StrEnum):
    """A lender's service is REAL; the others are for looking at and for proving."""

    REAL = "real"
    DEMO = "demo"
    REHEARSAL = "rehearsal"


def begin_as(nature: Nature, speed: int = 1) -> None:
    """Make the service one of that nature, by the first entry of its record, which is empty; a
    rehearsal's time runs `speed` times as fast as the system's.

    Inside the caller's transaction. Raises ValueError where something was recorded, for a speed
    that there is none of, and for any but 1 of what is no rehearsal.
    """
    if not is_empty():
        raise ValueError("what a service is can be said only before anything else")
    if not 1 <= speed <= FASTEST or (speed != 1 and nature is not Nature.REHEARSAL):
        raise ValueError(f"time does not run {speed} times as fast in a {nature} service")
    if nature is Nature.REAL:
        return
    begun: Event = ServiceBegun(nature=nature.value)
    if speed != 1:
        begun = RehearsalBegun(nature=nature.value, speed=speed)
    record.append(record.event(_CHAIN, begun, begins=True))


def nature() -> Nature:
    """What this service is; as long as nothing is recorded, a real one."""
    try:
        return _begun()[0]
    except LookupError:
        return Nature.REAL


def pace() -> clock.Pace | None:
    """How fast its time runs, as its first entry says. Raises LookupError while there is none."""
    return _begun()[1]


@cache
def _begun() -> tuple[Nature, clock.Pace | None]:
    entry = first()
    if entry is None:  # nothing is remembered that may be otherwise a moment later
        raise LookupError
    if entry.kind != ServiceBegun.kind:
        return Nature.REAL, None
    begun = cast(ServiceBegun | RehearsalBegun, read_event(entry.kind, entry.body))
    kind = Nature(begun.nature)
    if isinstance(begun, ServiceBegun) or kind is not Nature.REHEARSAL:
        return kind, None
    return kind, clock.Pace(datetime.fromtimestamp(entry.at / 1e6, UTC), begun.speed)


def forget() -> None:
    """Read it anew: for a process that goes on to another database."""
    _begun.cache_clear()
    clock.forget()
