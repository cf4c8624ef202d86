"""What time it is in this service: the system's; in a rehearsal that was begun so, one that runs
faster.

How fast stands in the first entry of the record, with the moment it began: every process works the
time out of that, and they share nothing else. All that a person can be told of, and all that is
compared with such a moment, takes it from here. What only machines keep to (leases, tries,
sessions, guesses, allowances) stays by the system's clock: what is waited for there does not go
faster for being rehearsed. No comparison has one of each; `passing` and `lasting` lead from one to
the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

_LAST = datetime.max.replace(tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """So many times as fast as the system's clock, since that moment."""

    began: datetime
    speed: int

    def at(self, real: datetime) -> datetime:
        """What it says while the system's clock says `real`: never more than a date can."""
        try:
            return self.began + (real - self.began) * self.speed
        except OverflowError:
            return _LAST


Told = Callable[[], Pace | None]
"""How fast it runs; None for as fast as the system's. Raises LookupError while nobody knows yet."""

_told: list[Told] = []
_known: list[Pace | None] = []


def goes_by(source: Told) -> None:
    """Ask that how fast it runs, until it is known: then it never changes."""
    _told[:] = [source]
    forget()


def pace() -> Pace | None:
    """How fast it runs; None for as fast as the system's clock."""
    if _known:
        return _known[0]
    if not _told:
        return None
    try:
        _known[:] = [_told[0]()]
    except LookupError:
        return None
    return _known[0]


def forget() -> None:
    """Ask anew: for a process that goes on to another database."""
    _known.clear()


def now() -> datetime:
    """What time it is here, in UTC."""
    real, rate = timezone.now(), pace()
    return real if rate is None else rate.at(real)


def micros() -> int:
    """The same, in microseconds since 1970."""
    return (now() - _EPOCH) // _MICROSECOND


def passing(real: timedelta) -> timedelta:
    """How much time passes here while so much does by the system's clock."""
    rate = pace()
    return real if rate is None else real * rate.speed


def lasting(span: timedelta) -> timedelta:
    """How long a span of the time here lasts by the system's clock."""
    rate = pace()
    return span if rate is None else span / rate.speed
