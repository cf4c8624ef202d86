"""Rows of other tables as the record tells them.

A table that decides what somebody may do, or which strategy is in force, is only as true as the
database it stands in. So each event that makes or changes such a row tells the row as it is then,
and whoever verifies holds the tables against what was told last (`deriving`). Each room names its
tables where it lives, in its app's `ready`:

    rows.record(Pointer, "strategy", "version_id", "serial")
    record.event(chain, Published(...), rows=(pointer,))
    record.event(chain, Withdrawn(...), gone=(pointer,))

Values go into the record as they are, but what is bytes by its digest, and what is `blind` by a
keyed one: a name or an address that must not stand in what nobody can erase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.db import models

State = Mapping[str, Any]
"""A row's columns as an event tells them."""
Blind = Callable[[str, str], bytes]
"""The keyed digest of a value, by a name and the value."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows events tell, and which of their columns."""

    model: type[models.Model]
    columns: tuple[str, ...]
    blind: frozenset[str]

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    def state(self, row: models.Model) -> State:
        """The row as an event tells it."""
        return {name: self._value(row, name) for name in self.columns}

    def stored(self) -> Iterator[tuple[str, State]]:
        """Every row that stands there, by its key."""
        for row in self.model._default_manager.order_by("pk").iterator(500):
            yield str(row.pk), self.state(row)

    def _value(self, row: models.Model, name: str) -> Any:
        value = getattr(row, name)
        if name in self.blind:
            return _blind[0](f"{self.name}.{name}", str(value)).hex()
        if isinstance(value, bytes | memoryview):
            return sha256(bytes(value)).hexdigest()
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        return value.isoformat() if isinstance(value, date) else value


TABLES: dict[str, Table] = {}
_blind: list[Blind] = []


def blind_with(digest: Blind) -> None:
    """Say how what must not be readable in the record is told; once, at the start."""
    _blind[:] = [digest]


def record(model: type[models.Model], *columns: str, blind: Iterable[str] = ()) -> None:
    """Have events tell the rows of a table, by these columns."""
    table = Table(model, columns, frozenset(blind))
    TABLES[table.name] = table


def row_states(
    rows: Iterable[models.Model], gone: Iterable[models.Model]
) -> dict[str, dict[str, State | None]]:
    """What an event says of rows made or changed, and of rows removed, by table and key."""
    states: dict[str, dict[str, State | None]] = {}
    for row in rows:
        table = TABLES[row._meta.db_table]
        states.setdefault(table.name, {})[str(row.pk)] = table.state(row)
    for row in gone:
        states.setdefault(row._meta.db_table, {})[str(row.pk)] = None
    return states
