"""The stored record as `verifying` reads it: one snapshot, streamed in large pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.record.chain import entry_hash
from equipoise.record.verifying import WINDOW, Fault, Link, Row
from equipoise.service.platform.record.deriving import Tale

_ROWS = "SELECT sequence, chain, place, at, kind, body, prev, hash FROM record_event"
_TALES = "SELECT sequence, chain, place, kind, at, body FROM record_event"
_OF_E = "e.sequence, e.chain, e.place, e.at, e.kind, e.body, e.prev, e.hash"
_JOINED = "FROM asked JOIN record_event e ON e.chain = asked.chain AND e.place = asked.place"
_PIECE = 200
_AT_ONCE = 500  # rows in memory: few, so that they are still near when they are hashed
MOST_SEQUENCE = 2**63 - 1


@contextmanager
def snapshot(using: str = "default") -> Iterator[StoredRecord]:
    """The record as it stands at one moment, while others go on writing."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield StoredRecord(connection)
        return
    with connection.cursor() as cursor:
        # Mapped, rows are read twice as fast; 2 GB is the most that SQLite maps.
        cursor.execute("PRAGMA mmap_size = 2147418112")
        # Deferred: Django's own transactions take the write lock at once.
        cursor.execute("BEGIN DEFERRED")
        try:
            yield StoredRecord(connection)
        finally:
            cursor.execute("ROLLBACK")
            cursor.execute("PRAGMA mmap_size = 0")


class StoredRecord:
    """See `verifying.Record`."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def windows(
        self, ends: Iterable[int], after: int = 0, upto: int = MOST_SEQUENCE
    ) -> Iterator[Iterable[Row]]:
        """As `verifying.Record` has it; only entries of sequence `after` < s <= `upto`."""
        start = after
        for end in ends:
            yield self._rows("WHERE sequence > %s AND sequence <= %s ORDER BY sequence", start, end)
            start = end
        rest = f"WHERE sequence > %s AND sequence <= %s ORDER BY sequence LIMIT {WINDOW}"
        while True:
            window = _Window(self._rows(rest, start, upto))
            yield window
            if window.last is None:
                return
            start = window.last

    def tales(self, after: int = 0, upto: int = MOST_SEQUENCE) -> Iterator[Tale]:
        """The events of sequence `after` < s <= `upto` as tables follow them, in order."""
        where = "WHERE sequence > %s AND sequence <= %s ORDER BY sequence"
        for row in self._rows(where, after, upto, _TALES):
            sequence, chain, place, kind, at, body = row
            yield Tale(sequence, chain, place, kind, at, bytes(body))

    def last_sequence(self) -> int:
        """The sequence of the newest entry; 0 where there is none."""
        sequence: int = self._all("SELECT COALESCE(MAX(sequence), 0) FROM record_event")[0][0]
        return sequence

    def end_of(self, after: int, most: int, upto: int) -> int:
        """The sequence of the last of so many entries after `after`, none beyond `upto`."""
        rows = self._all(
            "SELECT MAX(sequence) FROM (SELECT sequence FROM record_event WHERE sequence > %s "
            f"AND sequence <= %s ORDER BY sequence LIMIT {most}) AS part",
            [after, upto],
        )
        return rows[0][0] or after

    def count(self, after: int, upto: int) -> int:
        """How many entries of sequence `after` < s <= `upto` there are."""
        counted = "SELECT COUNT(*) FROM record_event WHERE sequence > %s AND sequence <= %s"
        entries: int = self._all(counted, [after, upto])[0][0]
        return entries

    def former_fault(self, entering: Sequence[Link]) -> Fault | None:
        """The first of the entries that these go on from whose content is not what its hash
        says."""
        keys = [(chain, index - 1) for _, chain, index, _ in entering]
        for start in range(0, len(keys), _PIECE):
            marks, values = _asked(keys[start : start + _PIECE])
            for row in self._all(f"{marks} SELECT {_OF_E} {_JOINED}", values):
                sequence, chain, place, at, kind, body, prev, value = row
                again = entry_hash(
                    chain, place, at=at, kind=kind, body=bytes(body), prev=bytes(prev)
                )
                if again != bytes(value):
                    return Fault("its content does not match its hash", chain, place, sequence)
        return None

    def before(
        self, keys: Sequence[tuple[str, int]]
    ) -> Mapping[tuple[str, int], tuple[int, bytes]]:
        ends: dict[tuple[str, int], tuple[int, bytes]] = {}
        for start in range(0, len(keys), _PIECE):
            marks, values = _asked(keys[start : start + _PIECE])
            rows = self._all(
                f"{marks} SELECT e.chain, e.place, e.sequence, e.hash {_JOINED}", values
            )
            ends |= {(row[0], row[1]): (row[2], bytes(row[3])) for row in rows}
        return ends

    def wrong_end(self) -> Fault | None:
        """Each chain holds its entries without a gap (they were read). So if every head stands at
        an entry of its own, and there are as many entries as the heads count, all ends are right.
        """
        lost = self._all(
            "SELECT h.chain, h.length FROM record_chain h LEFT JOIN record_event e "
            "ON e.chain = h.chain AND e.place = h.length - 1 "
            "WHERE e.hash IS NULL OR e.hash <> h.hash LIMIT 1"
        )
        if lost:
            return self._lost(*lost[0])
        counted, promised = self._all(
            "SELECT (SELECT COUNT(*) FROM record_event), "
            "(SELECT COALESCE(SUM(length), 0) FROM record_chain)"
        )[0]
        return None if counted == promised else self._surplus()

    def _lost(self, chain: str, length: int) -> Fault:
        count = self._all("SELECT COUNT(*) FROM record_event WHERE chain = %s", [chain])[0][0]
        if count < length:
            return Fault("the end of the chain is cut off", chain, count)
        return Fault("the chain's end is not what its head says", chain, length - 1)

    def _surplus(self) -> Fault:
        """More entries than the heads know of: the same place twice, beyond an end, or no head."""
        twice = self._all(
            "SELECT chain, place, MAX(sequence) FROM record_event "
            "GROUP BY chain, place HAVING COUNT(*) > 1 ORDER BY 3 LIMIT 1"
        )
        if twice:
            return Fault("two entries stand at one place", *twice[0])
        beyond = self._all(
            "SELECT e.chain, e.place, e.sequence FROM record_event e "
            "LEFT JOIN record_chain h ON h.chain = e.chain "
            "WHERE h.chain IS NULL OR e.place >= h.length ORDER BY e.sequence LIMIT 1"
        )
        if beyond:
            return Fault("the entry was not there when the chain's head was written", *beyond[0])
        return Fault("the heads count other entries than there are")

    def _rows(self, where: str, after: int, upto: int, of: str = _ROWS) -> Iterator[Any]:
        if self._connection.vendor != "postgresql":
            with self._connection.cursor() as cursor:
                cursor.execute(f"{of} {where}", [after, upto])
                while rows := cursor.fetchmany(_AT_ONCE):
                    yield from rows
            return
        import psycopg

        # Binary: reading hex digits would take longer than hashing.
        connection: Any = self._connection.connection
        with psycopg.ServerCursor(connection, "record_rows") as cursor:
            cursor.execute(f"{of} {where}".encode(), [after, upto], binary=True)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from rows

    def _all(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            rows: list[Any] = cursor.fetchall()
        return rows


def _asked(keys: Sequence[tuple[str, int]]) -> tuple[str, list[Any]]:
    marks = ", ".join(["(%s, %s)"] * len(keys))
    values = [value for key in keys for value in key]
    return f"WITH asked (chain, place) AS (VALUES {marks}) ", values


class _Window:
    """Rows as they are read; `last` is then the sequence of the last one."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.last: int | None = None

    def __iter__(self) -> Iterator[Row]:
        row = None
        for row in self._rows:
            yield row
        self.last = row[0] if row else None
