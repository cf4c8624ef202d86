"""Inserting and updating many rows of a table at once, as each database does it best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.service.platform.record.recordsets import as_recordset, recordset

Rows = Sequence[tuple[Any, ...]]
Types = Mapping[str, str]
"""Columns and their types, in the order of a row's values."""
_AS_IT_IS = frozenset({str, bytes, bool, int, float, NoneType, datetime, date})
_PLAIN = frozenset(
    {
        models.CharField,
        models.TextField,
        models.BinaryField,
        models.BooleanField,
        models.FloatField,
        models.IntegerField,
        models.BigIntegerField,
    }
)


class EachRow:
    """SQLite: a statement prepared once and stepped for each row costs least."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def insert(self, table: str, types: Types, rows: Rows) -> None:
        """Insert the rows; nothing where there are none."""
        if rows:
            columns = ", ".join(f'"{name}"' for name in types)
            marks = ", ".join(["%s"] * len(types))
            self._cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)

    def update(self, table: str, types: Types, rows: Rows) -> None:
        """Set all columns but the last, which is the key."""
        if rows:
            *columns, key = types
            changed = ", ".join(f'"{name}" = %s' for name in columns)
            self._cursor.executemany(f'UPDATE "{table}" SET {changed} WHERE "{key}" = %s', rows)


class AllRows:
    """PostgreSQL: all rows of all tables go over in one statement, which is prepared once for each
    set of tables: a statement for each table would cost a way to the server and back each, one for
    each row the server twice as much. Nothing is written before `run`."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._parts: list[str] = []
        self._rows: list[str] = []

    def insert(self, table: str, types: Types, rows: Rows) -> None:
        """Insert the rows; nothing where there are none."""
        if rows:
            columns = ", ".join(f'"{name}"' for name in types)
            source = recordset(types, "given")
            self._add(f'INSERT INTO "{table}" ({columns}) SELECT * FROM {source}', types, rows)

    def update(self, table: str, types: Types, rows: Rows) -> None:
        """Set all columns but the last, which is the key."""
        if rows:
            *columns, key = types
            changed = ", ".join(f'"{name}" = given."{name}"' for name in columns)
            self._add(
                f'UPDATE "{table}" SET {changed} FROM {recordset(types, "given")} '
                f'WHERE "{table}"."{key}" = given."{key}"',
                types,
                rows,
            )

    def run(self) -> None:
        """Write what was handed in."""
        if self._parts:
            *before, last = self._parts
            begun = ", ".join(f"part{n} AS ({part})" for n, part in enumerate(before))
            text = f"WITH {begun} {last}" if begun else last
            self._cursor.execute(text.encode(), self._rows, prepare=True)

    def _add(self, part: str, types: Types, rows: Rows) -> None:
        self._parts.append(part)
        self._rows.append(as_recordset(types, rows))


@contextmanager
def many_rows(connection: BaseDatabaseWrapper) -> Iterator[EachRow | AllRows]:
    """What inserts and updates many rows on this connection, done when the block ends: in its open
    transaction, or on PostgreSQL, without one, as one that is committed there and then."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield EachRow(cursor)
        return
    import psycopg

    connection.ensure_connection()
    # Django's own cursor would write every value into the statement's text.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as raw:
        into = AllRows(raw)
        yield into
        into.run()


def write_rows(
    connection: BaseDatabaseWrapper, into: EachRow | AllRows, rows: Iterable[models.Model]
) -> None:
    """Insert unsaved instances, those of each model together; parents stand before children."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, group in by_model.items():
        types = _types(model, connection.vendor, connection.alias)
        into.insert(model._meta.db_table, types, [_values(model, row, connection) for row in group])


def change_rows(
    connection: BaseDatabaseWrapper, into: EachRow | AllRows, rows: Iterable[models.Model]
) -> None:
    """Set all columns of stored instances, found by their first, the key; of one that is there
    twice as the later one has it."""
    by_model: dict[type[models.Model], dict[Any, models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), {})[row.pk] = row
    for model, group in by_model.items():
        key, *columns = _types(model, connection.vendor, connection.alias).items()
        values = [_values(model, row, connection) for row in group.values()]
        types = dict([*columns, key])
        into.update(model._meta.db_table, types, [(*row[1:], row[0]) for row in values])


def _values(
    model: type[models.Model], row: models.Model, connection: BaseDatabaseWrapper
) -> tuple[Any, ...]:
    """To ask each field what to do with its value costs more than to insert it, so those are asked
    that might do something."""
    read, places = _read(model)
    values: list[Any] = [*read(row)]
    odd = places if _AS_IT_IS.issuperset(map(type, values)) else range(len(values))
    fields = _fields(model)
    for place in odd:
        field = fields[place]
        values[place] = field.get_db_prep_save(field.pre_save(row, True), connection)
    return tuple(values)


@cache
def _read(model: type[models.Model]) -> tuple[Callable[[models.Model], tuple[Any, ...]], list[int]]:
    """What reads a row's values, and the places of those that do not go in as they are, be they of
    the commonest types."""
    fields = _fields(model)
    places = [place for place, field in enumerate(fields) if type(field) not in _PLAIN]
    first, *others = (field.attname for field in fields)
    if not others:
        return (lambda row: (getattr(row, first),)), places
    return attrgetter(first, *others), places


@cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(
        field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    )


@cache
def _types(model: type[models.Model], _vendor: str, alias: str) -> Types:
    # Not varchar(n): a cast to it would cut a text off where an insert refuses it.
    connection = connections[alias]
    types = {field.column: str(field.db_type(connection)) for field in _fields(model)}
    return {name: "text" if kind.startswith("varchar") else kind for name, kind in types.items()}
