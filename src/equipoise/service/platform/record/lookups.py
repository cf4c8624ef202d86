"""Looking up one row for each of many keys: one trip to a database behind a network, and in SQLite,
which is none, a statement prepared once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.service.platform.record.recordsets import as_recordset, recordset

Key = tuple[Any, ...]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class LookUp:
    """A statement that finds at most one row of a key: `{0}`, `{1}` in it are the key's parts, of
    these PostgreSQL types, and `{common}`, at most once, a value that is the same for all keys."""

    statement: str
    types: tuple[str, ...]

    def of(
        self, connection: BaseDatabaseWrapper, keys: Sequence[Key], common: Any = None
    ) -> list[Row | None]:
        """The row of each key in order, None where there is none."""
        if not keys:
            return []
        connection.ensure_connection()
        with connection.wrap_database_errors:
            if connection.vendor == "postgresql":
                return self._together(connection.connection, keys, common)
            shared = (common,) if "{common}" in self.statement else ()
            raw: Any = connection.connection
            return [raw.execute(self._single, (*key, *shared)).fetchone() for key in keys]

    @cached_property
    def _single(self) -> str:
        parts = [f"?{n}" for n in range(1, len(self.types) + 2)]
        return self.statement.format(*parts, common=parts[-1])

    @cached_property
    def _many(self) -> str:
        names = [f"k{n}" for n in range(len(self.types))]
        rows = self.statement.format(*(f"asked.{name}" for name in names), common="%s")
        types = dict(zip(names, self.types, strict=True))
        asked = recordset({"n": "integer", **types}, "asked")
        return f"SELECT asked.n, row.* FROM {asked}, LATERAL ({rows}) AS row"

    def _together(self, raw: Any, keys: Sequence[Key], common: Any) -> list[Row | None]:
        import psycopg

        names = ["n", *(f"k{n}" for n in range(len(self.types)))]
        given: list[Any] = [as_recordset(names, [(n, *key) for n, key in enumerate(keys)])]
        if "{common}" in self.statement:
            given.append(common)
        rows: list[Row | None] = [None] * len(keys)
        # Django's own cursor would write every value into the statement's text.
        with psycopg.Cursor(raw) as cursor:
            cursor.execute(self._many.encode(), given, prepare=True)
            for number, *row in cursor.fetchall():
                rows[number] = tuple(row)
        return rows


def rows_of(connection: BaseDatabaseWrapper, statement: str) -> list[Row]:
    """All rows of a statement that is always the same, and prepared once."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw: Any = connection.connection
        if connection.vendor != "postgresql":
            return list(raw.execute(statement).fetchall())
        import psycopg

        with psycopg.Cursor(raw) as cursor:
            return cursor.execute(statement.encode(), prepare=True).fetchall()
