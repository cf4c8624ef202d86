"""A query run: in DuckDB, over a table in memory, without a way to anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from equipoise.portfolio.numbers.number import Query

_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gives, by name; a part of the rows that it is counted from, and how many there
    are in all."""

    gives: dict[str, Any]
    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    of: int


def ask(query: Query, table: pl.DataFrame, *, most: int, after: int = 0) -> Answer:
    """Run the query over its table; `most` rows, behind the first `after` of them."""
    with duckdb.connect(":memory:", config=_LOCKED) as database:
        database.register(query.table, table.to_arrow())
        given = database.execute(query.sql)
        names = [each[0] for each in given.description or ()]
        gives = dict(zip(names, given.fetchone() or (), strict=False))
        of = database.execute(f"SELECT COUNT(*) FROM (\n{query.rows}\n) AS counted").fetchone()
        part = database.execute(f"{query.rows}\nLIMIT {int(most)} OFFSET {int(after)}")
        columns = tuple(each[0] for each in part.description or ())
        return Answer(gives, columns, tuple(part.fetchall()), int(of[0]) if of else 0)
