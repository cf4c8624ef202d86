"""Up to where the record can be read without an entry turning up later in what was read."""

from __future__ import annotations

import time
from typing import Any

from django.db import connections

PATIENCE = 10.0  # seconds
_PAUSE = 0.005
_WRITERS = (
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' "
    "AND relation = 'record_event'::regclass AND mode = 'RowExclusiveLock' "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def settled(patience: float = PATIENCE) -> int | None:
    """The last sequence below which no transaction still holds an entry back; None where one
    did for as long as `patience`, in seconds.

    PostgreSQL hands out sequence numbers before the commit, so a lower one may become visible
    after a higher one. Whoever had a number when the highest was read held the table's lock for
    writing by then, and once those few are done nothing below can appear. Nobody is held up: new
    writers come and go meanwhile. Must be called outside any transaction, which would see the
    past only.
    """
    connection = connections["default"]
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        raise RuntimeError("inside a transaction it cannot be seen what others commit")
    upto: int = _all("SELECT COALESCE(MAX(sequence), 0) FROM record_event")[0][0]
    if connection.vendor != "postgresql":
        return upto  # one writer at a time: the order of numbers is that of commits
    writers = _writers()
    end = time.monotonic() + patience
    while writers:
        if time.monotonic() > end:
            return None
        time.sleep(_PAUSE)
        writers &= _writers()
    return upto


def _writers() -> set[Any]:
    return {row[0] for row in _all(_WRITERS)}


def _all(statement: str) -> list[Any]:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
