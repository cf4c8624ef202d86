"""One effect for one key: what was answered is answered again, and nothing is done twice.

Within a process a key that is being worked on is refused at once; between processes the table's
unique key lets one of them through, when both write.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.decisions.models import Decision, Request
from equipoise.service.contexts.decisions.normal import normal_form
from equipoise.service.platform import clock
from equipoise.service.platform.record.lookups import LookUp
from equipoise.service.platform.record.subjects import first_id

KEPT = timedelta(hours=24)
# Written out, as every decision asks it: to build the statement takes longer than to run it.
_DECIDED = LookUp(
    "SELECT sent, id, made_at < {common} FROM decisions_decision WHERE request = {0}", ("bytea",)
)
_LOOKED_BACK = timedelta(days=7)  # for keys to forget; one that is older is not taken for known
_PIECE = 2000
_forgotten = [""]  # before which, in this process's time, all was forgotten
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

    key: bytes
    body: bytes


def once(caller: str, key: str | None, sent: Mapping[str, Any]) -> Once:
    """Raises NoKey where there is no usable key, ValueError where JSON cannot hold the body."""
    if key is None or not _KEY.fullmatch(key):
        raise NoKey(
            "an Idempotency-Key is needed" if not key else "the Idempotency-Key cannot be used",
            field="Idempotency-Key",
            mend="send a header of 1 to 200 printable characters, a new one for each decision",
        )
    name = hashlib.sha256(f"{caller}\0{key}".encode()).digest()[:20]
    return Once(name, hashlib.sha256(normal_form(sent)).digest())


_busy: set[bytes | str] = set()
_lock = threading.Lock()


@contextmanager
def held(requests: Sequence[Once]) -> Iterator[list[bool]]:
    """Hold the keys while the requests are answered; which of them are held: another thread holds
    the others."""
    with _holding([request.key for request in requests]) as mine:
        yield mine


@contextmanager
def held_alone(request: Once) -> Iterator[None]:
    """Hold one key while the request is answered. Raises InProgress where it is held."""
    with _holding([request.key]) as [mine]:
        if not mine:
            raise in_progress()
        yield


@contextmanager
def held_in_line(caller: str, key: str) -> Iterator[None]:
    """Hold the key from when the request came in, where requests are answered one after the other:
    a second one would wait there instead of being refused at once. Raises InProgress."""
    with _holding([f"{caller}\0{key}"]) as [mine]:
        if not mine:
            raise in_progress()
        yield


@contextmanager
def _holding(names: Sequence[bytes | str]) -> Iterator[list[bool]]:
    with _lock:
        mine = [name not in _busy for name in names]
        _busy.update(names)
    try:
        yield mine
    finally:
        with _lock:
            _busy.difference_update(name for name, held in zip(names, mine, strict=True) if held)


def in_progress() -> InProgress:
    """The error of a request whose key is held."""
    return InProgress(
        "a request of this key is in progress", mend="wait for its answer, or ask again"
    )


def decided(requests: Sequence[Once]) -> list[str | OtherBody | None]:
    """Of each request the decision that it has led to; OtherBody where its key did with another
    body, None where it is new."""
    cutoff = connection.ops.adapt_datetimefield_value(clock.now() - clock.passing(KEPT))
    rows = _DECIDED.of(connection, [(request.key,) for request in requests], cutoff)
    return [
        None if row is None else _answer(request, *row)
        for request, row in zip(requests, rows, strict=True)
    ]


def _answer(request: Once, sent: bytes, decision: str, old: bool) -> str | OtherBody | None:
    if old:
        Decision.objects.filter(request=request.key, pk=decision).update(request=None, sent=None)
        return None
    return decision if bytes(sent) == request.body else _other_body()


def _other_body() -> OtherBody:
    return OtherBody(
        "this Idempotency-Key was used for another body",
        field="Idempotency-Key",
        mend="take a new key for a new decision",
    )


def answered(request: Once) -> str | None:
    """What the request has led to, if it has, other than a decision. Raises OtherBody."""
    row = Request.objects.filter(key=request.key.hex()).first()
    if row is None:
        return None
    if row.at < clock.now() - clock.passing(KEPT):
        row.delete()
        return None
    if bytes(row.body) != request.body:
        raise _other_body()
    return str(row.answer_id)


def row_for(request: Once, answer: str) -> Request:
    """What makes the request's effect the only one, to be written with it."""
    return Request(key=request.key.hex(), body=request.body, answer_id=answer, at=clock.now())


def forget_old() -> int:
    """Forget the keys whose time is over; how many were."""
    cutoff = clock.now() - clock.passing(KEPT)
    return _forget_decided(cutoff) + Request.objects.filter(at__lt=cutoff).delete()[0]


def _forget_decided(cutoff: datetime) -> int:
    """Piece by piece, so that nobody waits long, and on from where the last call came to."""
    first, end = (
        first_id("decision", moment) for moment in (cutoff - clock.passing(_LOOKED_BACK), cutoff)
    )
    mark, count = max(first, _forgotten[0]), 0
    while True:
        old = Decision.objects.filter(id__gte=mark, id__lt=end, request__isnull=False)
        piece = list(old.order_by("id").values_list("id", flat=True)[:_PIECE])
        if not piece:
            _forgotten[0] = end
            return count
        mark = piece[-1]
        count += old.filter(id__lte=mark).update(request=None, sent=None)
