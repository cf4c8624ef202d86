"""Inserting and updating many rows of a table at once, as each database does it best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Rows = Sequence[tuple[Any, ...]]
Types = Mapping[str, str]
"""Columns and their types, in the order of a row's values."""
_AS_IT_IS = {
    models.CharField: frozenset({str, NoneType}),
    models.TextField: frozenset({str, NoneType}),
    models.BinaryField: frozenset({bytes, NoneType}),
    models.BooleanField: frozenset({bool, NoneType}),
    models.FloatField: frozenset({float, NoneType}),
    models.IntegerField: frozenset({int, NoneType}),
    models.BigIntegerField: frozenset({int, NoneType}),
}


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
    """PostgreSQL: columns go over as arrays, so that one prepared statement serves any number of
    rows; a statement for each row would cost the server twice as much."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def insert(self, table: str, types: Types, rows: Rows) -> None:
        """Insert the rows; nothing where there are none."""
        if rows:
            columns = ", ".join(f'"{name}"' for name in types)
            self._run(f'INSERT INTO "{table}" ({columns}) SELECT * FROM {_arrays(types)}', rows)

    def update(self, table: str, types: Types, rows: Rows) -> None:
        """Set all columns but the last, which is the key."""
        if rows:
            *columns, key = types
            changed = ", ".join(f'"{name}" = given."{name}"' for name in columns)
            names = ", ".join(f'"{name}"' for name in types)
            self._run(
                f'UPDATE "{table}" SET {changed} FROM {_arrays(types)} AS given ({names}) '
                f'WHERE "{table}"."{key}" = given."{key}"',
                rows,
            )

    def _run(self, statement: str, rows: Rows) -> None:
        columns = [list(column) for column in zip(*rows, strict=True)]
        self._cursor.execute(statement, columns, prepare=True)


@contextmanager
def many_rows(connection: BaseDatabaseWrapper) -> Iterator[EachRow | AllRows]:
    """What inserts and updates many rows on this connection, inside its open transaction."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield EachRow(cursor)
        return
    import psycopg

    connection.ensure_connection()
    # Django's own cursor would write every value into the statement's text.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as raw:
        yield AllRows(raw)


def write_rows(connection: BaseDatabaseWrapper, rows: Iterable[models.Model]) -> None:
    """Insert unsaved instances, one statement for each model; parents stand before children."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    with many_rows(connection) as into:
        for model, group in by_model.items():
            types = _types(model, connection.vendor, connection.alias)
            into.insert(
                model._meta.db_table, types, [_values(model, row, connection) for row in group]
            )


def _values(
    model: type[models.Model], row: models.Model, connection: BaseDatabaseWrapper
) -> tuple[Any, ...]:
    values, fields = _read(model)
    return tuple(
        value
        if type(value) in as_it_is
        else field.get_db_prep_save(field.pre_save(row, True), connection)
        for value, (field, as_it_is) in zip(values(row), fields, strict=True)
    )


@cache
def _read(model: type[models.Model]) -> tuple[Any, Sequence[tuple[Any, frozenset[type]]]]:
    """What reads a row's values, and of each its field and the types that go to any database as
    they are: to ask the field what to do with each costs more than to insert it."""
    fields = _fields(model)
    # A second name makes it return a tuple where there is one field.
    values = attrgetter(*(field.attname for field in fields), "pk")
    return (lambda row: values(row)[:-1]), [
        (field, _AS_IT_IS.get(type(field), frozenset())) for field in fields
    ]


@cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(
        field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    )


@cache
def _types(model: type[models.Model], _vendor: str, alias: str) -> Types:
    # Not varchar(n): a cast to it would cut a text off where an insert refuses it.
    connection = connections[alias]
    found = {field.column: str(field.db_type(connection)) for field in _fields(model)}
    return {name: "text" if kind.startswith("varchar") else kind for name, kind in found.items()}


def _arrays(types: Types) -> str:
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in types.values())})"
