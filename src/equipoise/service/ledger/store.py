"""Appending events to their chains, inside the open transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.service.ledger.bulk import many_rows
from equipoise.service.ledger.chain import Entry, Head, next_entry

MOST_PARAMETERS = 500
_EVENT = {
    "chain": "text",
    "place": "integer",
    "at": "bigint",
    "kind": "text",
    "body": "bytea",
    "prev": "bytea",
    "hash": "bytea",
}
_HEAD = {"length": "integer", "hash": "bytea", "chain": "text"}


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
        entry = next_entry(heads.get(event.chain), event.chain, event.kind, event.body, moment)
        heads[event.chain] = entry.head
        entries.append(entry)
    moved = [heads[chain] for chain in sorted({entry.chain for entry in entries})]
    rows = [(head.length, head.hash, head.chain) for head in moved]
    with many_rows(connection) as into:
        into.insert(
            "ledger_event",
            _EVENT,
            [(e.chain, e.index, e.at, e.kind, e.body, e.prev, e.hash) for e in entries],
        )
        into.insert("ledger_chainhead", _HEAD, [row for row in rows if row[2] not in known])
        into.update("ledger_chainhead", _HEAD, [row for row in rows if row[2] in known])
    return entries


def _locked_heads(connection: BaseDatabaseWrapper, chains: set[str]) -> dict[str, Head]:
    found: dict[str, Head] = {}
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    ordered = sorted(chains)  # everyone locks in the same order, so nobody waits in a circle
    for start in range(0, len(ordered), MOST_PARAMETERS):
        part = ordered[start : start + MOST_PARAMETERS]
        marks = ", ".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT chain, length, hash FROM ledger_chainhead "
                f"WHERE chain IN ({marks}) ORDER BY chain{lock}",
                part,
            )
            for chain, length, value in cursor.fetchall():
                found[chain] = Head(chain, length, bytes(value))
    return found
