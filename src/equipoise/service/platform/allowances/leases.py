"""Taking of an allowance: so much in each span of time, whatever the number of processes.

Spans follow the clock (each minute, each hour), so that around the turn of one twice the allowance
may be taken. A process takes several at once from the table and hands them out by itself: one
request in `lease` writes, and what it does not hand out is lost. Together the processes therefore
never hand out more than the allowance, and may hand out `lease` a process less.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from equipoise.service.platform.allowances.models import Taken

_KNOWN = 10_000  # keys of which a process remembers what it holds
# One statement, so that of several processes each gets its own part.
_TAKE = (
    "INSERT INTO allowances_taken (key, span, amount, ends_at) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (key) DO UPDATE SET amount = CASE WHEN allowances_taken.span = excluded.span "
    "THEN allowances_taken.amount ELSE 0 END + excluded.amount, "
    "span = excluded.span, ends_at = excluded.ends_at RETURNING amount"
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`most` in each span; `lease` are taken from the table at once."""

    name: str
    most: int
    span: timedelta
    lease: int = 1


class UsedUp(Exception):
    """Nothing is left of an allowance; there is again in `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("the allowance is used up")
        self.wait = wait


@dataclass(slots=True)
class _Held:
    """What this process may still hand out in a span; `used_up`: and can get no more of."""

    span: int
    left: int = 0
    used_up: bool = False


_held: dict[str, _Held] = {}
_lock = threading.Lock()


def take(allowance: Allowance, whose: str) -> None:
    """Take one. Raises UsedUp; to go on asking then costs no look at the table."""
    now = timezone.now()
    span = int(now.timestamp() // allowance.span.total_seconds())
    key = _key(allowance, whose)
    if _hands_out(key, span):
        return
    if not _used_up(key, span):
        _hold(key, span, _leased(allowance, key, span))
        if _hands_out(key, span):
            return
    raise UsedUp(_end(allowance, span) - now)


def forget() -> None:
    """Forget what this process holds."""
    with _lock:
        _held.clear()


def forget_over(now: datetime) -> int:
    """Forget the allowances whose span is over; how many."""
    return Taken.objects.filter(ends_at__lt=now).delete()[0]


def _hands_out(key: str, span: int) -> bool:
    """Hand out one of those that are held; whether there was one."""
    with _lock:
        held = _held.get(key)
        if held is None or held.span != span or not held.left:
            return False
        held.left -= 1
        return True


def _used_up(key: str, span: int) -> bool:
    with _lock:
        held = _held.get(key)
        return held is not None and held.span == span and held.used_up


def _hold(key: str, span: int, count: int) -> None:
    """Add what was leased; nothing means that there is nothing more."""
    with _lock:
        if len(_held) >= _KNOWN:
            _held.clear()
        held = _held.get(key)
        if held is None or held.span != span:
            held = _held[key] = _Held(span)
        held.left += count
        held.used_up = not count


def _leased(allowance: Allowance, key: str, span: int) -> int:
    """How many of the next `lease` are within the allowance."""
    end = connection.ops.adapt_datetimefield_value(_end(allowance, span))
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, span, allowance.lease, end])
        amount = int(cursor.fetchone()[0])
    return max(0, min(allowance.lease, allowance.most - amount + allowance.lease))


def _end(allowance: Allowance, span: int) -> datetime:
    return datetime.fromtimestamp((span + 1) * allowance.span.total_seconds(), UTC)


def _key(allowance: Allowance, whose: str) -> str:
    full = f"{allowance.name}\0{whose}"
    return salted_hmac("equipoise.allowances", full, algorithm="sha256").hexdigest()
