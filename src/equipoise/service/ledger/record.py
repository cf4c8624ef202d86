"""The stored ledger as `verifying` reads it: one snapshot, streamed in large pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.service.ledger.verifying import WINDOW, Fault, Row

_ROWS = "SELECT sequence, chain, place, at, kind, body, prev, hash FROM ledger_event"
_PIECE = 200


@contextmanager
def snapshot(using: str = "default") -> Iterator[StoredRecord]:
    """The ledger as it stands at one moment, while others go on writing."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield StoredRecord(connection)
        return
    with connection.cursor() as cursor:
        # Deferred: Django's own transactions take the write lock at once.
        cursor.execute("BEGIN DEFERRED")
        try:
            yield StoredRecord(connection)
        finally:
            cursor.execute("ROLLBACK")


class StoredRecord:
    """See `verifying.Record`."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def windows(self, ends: Sequence[int]) -> Iterator[list[Row]]:
        start = 0
        for end in ends:
            yield self._rows("WHERE sequence > %s AND sequence <= %s", [start, end])
            start = end
        while rows := self._rows(f"WHERE sequence > %s ORDER BY sequence LIMIT {WINDOW}", [start]):
            yield rows
            start = rows[-1][0]

    def before(
        self, keys: Sequence[tuple[str, int]]
    ) -> Mapping[tuple[str, int], tuple[int, bytes]]:
        found: dict[tuple[str, int], tuple[int, bytes]] = {}
        for start in range(0, len(keys), _PIECE):
            piece = keys[start : start + _PIECE]
            marks = ", ".join(["(%s, %s)"] * len(piece))
            asked = f"WITH asked (chain, place) AS (VALUES {marks}) "
            rows = self._all(
                f"{asked} SELECT e.chain, e.place, e.sequence, e.hash "
                "FROM asked JOIN ledger_event e ON e.chain = asked.chain AND e.place = asked.place",
                [value for key in piece for value in key],
            )
            found |= {(row[0], row[1]): (row[2], bytes(row[3])) for row in rows}
        return found

    def wrong_end(self) -> Fault | None:
        """Each chain holds its entries without a gap (they were read). So if every head stands at
        an entry of its own, and there are as many entries as the heads count, all ends are right.
        """
        lost = self._all(
            "SELECT h.chain, h.length FROM ledger_chainhead h LEFT JOIN ledger_event e "
            "ON e.chain = h.chain AND e.place = h.length - 1 "
            "WHERE e.hash IS NULL OR e.hash <> h.hash LIMIT 1"
        )
        if lost:
            return self._lost(*lost[0])
        counted, promised = self._all(
            "SELECT (SELECT COUNT(*) FROM ledger_event), "
            "(SELECT COALESCE(SUM(length), 0) FROM ledger_chainhead)"
        )[0]
        return None if counted == promised else self._surplus()

    def _lost(self, chain: str, length: int) -> Fault:
        count = self._all("SELECT COUNT(*) FROM ledger_event WHERE chain = %s", [chain])[0][0]
        if count < length:
            return Fault("the end of the chain is cut off", chain, count)
        return Fault("the chain's end is not what its head says", chain, length - 1)

    def _surplus(self) -> Fault:
        """More entries than the heads know of: the same place twice, beyond an end, or no head."""
        twice = self._all(
            "SELECT chain, place, MAX(sequence) FROM ledger_event "
            "GROUP BY chain, place HAVING COUNT(*) > 1 ORDER BY 3 LIMIT 1"
        )
        if twice:
            return Fault("two entries stand at one place", *twice[0])
        beyond = self._all(
            "SELECT e.chain, e.place, e.sequence FROM ledger_event e "
            "LEFT JOIN ledger_chainhead h ON h.chain = e.chain "
            "WHERE h.chain IS NULL OR e.place >= h.length ORDER BY e.sequence LIMIT 1"
        )
        if beyond:
            return Fault("the entry was not there when the chain's head was written", *beyond[0])
        return Fault("the heads count other entries than there are")

    def _rows(self, where: str, parameters: Sequence[Any]) -> list[Row]:
        ordered = where if "ORDER BY" in where else f"{where} ORDER BY sequence"
        if self._connection.vendor != "postgresql":
            return self._all(f"{_ROWS} {ordered}", parameters)
        import psycopg

        with psycopg.Cursor(self._connection.connection) as raw:
            # Binary: reading hex digits would take longer than hashing.
            return raw.execute(f"{_ROWS} {ordered}".encode(), parameters, binary=True).fetchall()

    def _all(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            found: list[Any] = cursor.fetchall()
        return found
