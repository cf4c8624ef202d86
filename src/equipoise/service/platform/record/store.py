"""Appending events to their chains, inside the open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.record.chain import Entry, Head, next_entry
from equipoise.record.personal import WrappedKey
from equipoise.service.platform import clock
from equipoise.service.platform.record.bulk import AllRows, EachRow

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
_MOVED = {"length": "integer", "hash": "bytea", "chain": "text"}
_BEGUN = {
    "chain": "text",
    "length": "integer",
    "hash": "bytea",
    "version": "smallint",
    "master": "smallint",
    "wrapped": "bytea",
    "blind": "bytea",
}
_BLIND = {"chain_id": "text", "digest": "bytea"}


@dataclass(frozen=True, slots=True)
class Append:
    """An event to come: `body` is canonical JSON; `begins` says that its chain is new.

    A new chain about an applicant comes with their key and `blind`, the blind index of what they
    are found again by; `found_by` are the blind indexes by which they can be searched for besides.
    """

    chain: str
    kind: str
    body: bytes
    begins: bool = False
    key: WrappedKey | None = None
    blind: bytes | None = None
    found_by: tuple[bytes, ...] = ()


def write_events(
    connection: BaseDatabaseWrapper,
    into: EachRow | AllRows,
    events: Sequence[Append],
    at: int | None = None,
) -> list[Entry]:
    """Append the events, in order, to their chains. Raises IntegrityError where another
    transaction was first at a chain's end, be it when `into` is done."""
    moment = clock.micros() if at is None else at
    heads = _locked_heads(connection, {event.chain for event in events if not event.begins})
    known = set(heads)
    entries = []
    for event in events:
        entry = next_entry(heads.get(event.chain), event.chain, event.kind, event.body, moment)
        heads[event.chain] = entry.head
        entries.append(entry)
    moved = [heads[chain] for chain in sorted({entry.chain for entry in entries})]
    begun = {event.chain: event for event in reversed(events) if event.chain not in known}
    into.insert(
        "record_event",
        _EVENT,
        [(e.chain, e.index, e.at, e.kind, e.body, e.prev, e.hash) for e in entries],
    )
    new = [_begun(begun[head.chain], head) for head in moved if head.chain in begun]
    into.insert("record_chain", _BEGUN, new)
    into.update(
        "record_chain", _MOVED, [(h.length, h.hash, h.chain) for h in moved if h.chain in known]
    )
    into.insert(
        "record_blindindex",
        _BLIND,
        [(event.chain, digest) for event in events for digest in event.found_by],
    )
    return entries


def _begun(event: Append, head: Head) -> tuple[Any, ...]:
    key = event.key
    kept = (key.version, key.master, key.wrapped) if key else (None, None, None)
    return (head.chain, head.length, head.hash, *kept, event.blind)


def _locked_heads(connection: BaseDatabaseWrapper, chains: set[str]) -> dict[str, Head]:
    heads: dict[str, Head] = {}
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    ordered = sorted(chains)  # everyone locks in the same order, so nobody waits in a circle
    for start in range(0, len(ordered), MOST_PARAMETERS):
        part = ordered[start : start + MOST_PARAMETERS]
        marks = ", ".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT chain, length, hash FROM record_chain "
                f"WHERE chain IN ({marks}) ORDER BY chain{lock}",
                part,
            )
            for chain, length, value in cursor.fetchall():
                heads[chain] = Head(chain, length, bytes(value))
    return heads
