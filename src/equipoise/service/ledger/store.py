"""Writing rows and events in as few statements as there are tables, inside the open transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.service.ledger.chain import Entry, Head, next_entry

MOST_PARAMETERS = 500
_EVENTS = (
    "INSERT INTO ledger_event (chain, place, at, kind, body, prev, hash) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_NEW_HEADS = "INSERT INTO ledger_chainhead (length, hash, chain) VALUES (%s, %s, %s)"
_HEADS = "UPDATE ledger_chainhead SET length = %s, hash = %s WHERE chain = %s"


@dataclass(frozen=True, slots=True)
class Append:
    """An event to come: `body` is canonical JSON; `begins` says that its chain is new."""

    chain: str
    kind: str
    body: bytes
    begins: bool = False


def now_micros() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def write_events(
    connection: BaseDatabaseWrapper, events: Sequence[Append], at: int | None = None
) -> list[Entry]:
    """Append the events, in order, to their chains. Raises IntegrityError where another
    transaction was first at a chain's end."""
    moment = now_micros() if at is None else at
    heads = _locked_heads(connection, {event.chain for event in events if not event.begins})
    known = set(heads)
    entries = []
    for event in events:
        head = heads.get(event.chain)
        entry = next_entry(head, event.chain, event.kind, event.body, moment)
        heads[event.chain] = entry.head
        entries.append(entry)
    with many(connection) as execute:
        execute(
            _EVENTS, [(e.chain, e.index, e.at, e.kind, e.body, e.prev, e.hash) for e in entries]
        )
        moved = sorted({entry.chain for entry in entries})
        rows = [(heads[chain].length, heads[chain].hash, chain) for chain in moved]
        execute(_NEW_HEADS, [row for row in rows if row[2] not in known])
        execute(_HEADS, [row for row in rows if row[2] in known])
    return entries


def write_rows(connection: BaseDatabaseWrapper, rows: Iterable[models.Model]) -> None:
    """Insert unsaved instances, one statement for each model; parents stand before children."""
    with many(connection) as execute:
        for model, group in groupby(_by_model(rows), key=type):
            statement, fields = _insert(model)
            execute(
                statement,
                [
                    tuple(
                        field.get_db_prep_save(getattr(row, field.attname), connection)
                        for field in fields
                    )
                    for row in group
                ],
            )


@contextmanager
def many(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """A function (statement, rows) that inserts many rows; on PostgreSQL prepared and pipelined."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield lambda statement, rows: cursor.executemany(statement, rows) if rows else None
        return
    import psycopg

    connection.ensure_connection()
    # Django's own cursor would write every value into the statement's text.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as raw:
        yield lambda statement, rows: raw.executemany(statement, rows) if rows else None


def _locked_heads(connection: BaseDatabaseWrapper, chains: set[str]) -> dict[str, Head]:
    found: dict[str, Head] = {}
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    ordered = sorted(chains)  # everyone locks in the same order, so nobody waits in a circle
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), MOST_PARAMETERS):
            part = ordered[start : start + MOST_PARAMETERS]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                "SELECT chain, length, hash FROM ledger_chainhead "
                f"WHERE chain IN ({marks}) ORDER BY chain{lock}",
                part,
            )
            for chain, length, value in cursor.fetchall():
                found[chain] = Head(chain, length, bytes(value))
    return found


def _by_model(rows: Iterable[models.Model]) -> list[models.Model]:
    order: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        order.setdefault(type(row), []).append(row)
    return [row for group in order.values() for row in group]


@cache
def _insert(model: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    meta = model._meta
    fields = tuple(
        field for field in meta.concrete_fields if not isinstance(field, models.AutoField)
    )
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({marks})', fields
