"""One effect for one key: what was answered is answered again, and nothing is done twice.

Within a process a key that is being worked on is refused at once; between processes the table's
unique key lets one of them through, when both write.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.decisions.models import Request
from equipoise.service.decisions.normal import normal_form

KEPT = timedelta(hours=24)
# Written out, as every decision asks it: to build the statement takes longer than to run it.
_ROW = "SELECT body, decision_id, at < %s FROM decisions_request WHERE key = %s"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class NoKey(BadInput):
    """The request must have effect once, and has no key to tell it by."""


class InProgress(EquipoiseError):
    """A request of the same key is being answered right now."""


class OtherBody(BadInput):
    """The key was used for something else."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request as it is told apart: `key` by caller and key, `body` by what was sent."""

    key: str
    body: bytes


def once(caller: str, key: str | None, sent: Mapping[str, Any]) -> Once:
    """Raises NoKey where there is no usable key, ValueError where JSON cannot hold the body."""
    if key is None or not _KEY.fullmatch(key):
        raise NoKey(
            "an Idempotency-Key is needed" if not key else "the Idempotency-Key cannot be used",
            field="Idempotency-Key",
            mend="send a header of 1 to 200 printable characters, a new one for each decision",
        )
    name = hashlib.sha256(f"{caller}\0{key}".encode()).hexdigest()[:40]
    return Once(name, hashlib.sha256(normal_form(sent)).digest())


_busy: set[str] = set()
_lock = threading.Lock()


def held(request: Once) -> AbstractContextManager[None]:
    """Hold the key while the request is answered. Raises InProgress where it is held."""
    return _held(request.key)


def held_in_line(caller: str, key: str) -> AbstractContextManager[None]:
    """Hold the key from when the request came in, where requests are answered one after the other:
    a second one would wait there instead of being refused at once. Raises InProgress."""
    return _held(f"{caller}\0{key}")


@contextmanager
def _held(name: str) -> Iterator[None]:
    with _lock:
        if name in _busy:
            raise InProgress(
                "a request of this key is in progress", mend="wait for its answer, or ask again"
            )
        _busy.add(name)
    try:
        yield
    finally:
        with _lock:
            _busy.discard(name)


def answered(request: Once) -> str | None:
    """The decision that this request has led to, if it has. Raises OtherBody."""
    cutoff = connection.ops.adapt_datetimefield_value(timezone.now() - KEPT)
    with connection.cursor() as cursor:
        cursor.execute(_ROW, [cutoff, request.key])
        row = cursor.fetchone()
    if row is None:
        return None
    body, decision, old = row
    if old:
        Request.objects.filter(key=request.key, decision_id=decision).delete()
        return None
    if bytes(body) != request.body:
        raise OtherBody(
            "this Idempotency-Key was used for another body",
            field="Idempotency-Key",
            mend="take a new key for a new decision",
        )
    return str(decision)


def row_for(request: Once, decision: str) -> Request:
    """What makes the request's effect the only one, to be written with it."""
    return Request(key=request.key, body=request.body, decision_id=decision, at=timezone.now())


def forget_old() -> int:
    """Forget the keys whose time is over; how many were."""
    return Request.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
