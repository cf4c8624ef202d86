"""What a service is: a lender's own, or one in which nobody is real.

A service is made as one or the other, by the very first entry of its record, and stays that: no
setting says it. One in which nobody is real answers on this machine alone, sends no message, shows
on every page what it is, and is told of applicants by a bureau that is made up.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from equipoise.record.events import read_as
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.events import ServiceBegun
from equipoise.service.platform.record.reading import first, is_empty

_CHAIN = "service"


class Nature(StrEnum):
    """A lender's service is REAL; the others are for looking at and for proving."""

    REAL = "real"
    DEMO = "demo"
    REHEARSAL = "rehearsal"


def begin_as(nature: Nature) -> None:
    """Make the service one of that nature, by the first entry of its record, which is empty.

    Inside the caller's transaction. Raises ValueError where something was recorded.
    """
    if not is_empty():
        raise ValueError("what a service is can be said only before anything else")
    if nature is not Nature.REAL:
        record.append(record.event(_CHAIN, ServiceBegun(nature=nature.value), begins=True))


def nature() -> Nature:
    """What this service is; as long as nothing is recorded, a real one."""
    try:
        return _begun_as()
    except LookupError:
        return Nature.REAL


@cache
def _begun_as() -> Nature:
    entry = first()
    if entry is None:  # nothing is remembered that may be otherwise a moment later
        raise LookupError
    if entry.kind != ServiceBegun.kind:
        return Nature.REAL
    return Nature(read_as(ServiceBegun, entry.body).nature)


def forget() -> None:
    """Read it anew: for a process that goes on to another database."""
    _begun_as.cache_clear()
