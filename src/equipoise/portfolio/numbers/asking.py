"""A query run: in DuckDB, over one Parquet file, without a way to anything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from equipoise.expression import literal
from equipoise.portfolio.numbers.number import Query

_MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gives, by name; a part of the rows that it is counted from, and how many there
    are in all."""

    gives: dict[str, Any]
    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    of: int


def ask(query: Query, table: Path, *, most: int, after: int = 0) -> Answer:
    """Run the query over its table, a Parquet file of which it reads the columns and rows that it
    asks for; `most` rows, behind the first `after` of them. Raises FileNotFoundError where the file
    is gone, or goes meanwhile."""
    try:
        return _asked(query, table, most, after)
    except duckdb.Error:
        if table.is_file():
            raise
        raise FileNotFoundError(str(table)) from None


def _asked(query: Query, table: Path, most: int, after: int) -> Answer:
    with _opened(query.table, literal(str(table), "duckdb")) as database:
        given = database.execute(query.sql)
        names = [each[0] for each in given.description or ()]
        gives = dict(zip(names, given.fetchone() or (), strict=False))
        of = database.execute(f"SELECT COUNT(*) FROM (\n{query.rows}\n) AS counted").fetchone()
        part = database.execute(f"{query.rows}\nLIMIT {int(most)} OFFSET {int(after)}")
        columns = tuple(each[0] for each in part.description or ())
        return Answer(gives, columns, tuple(part.fetchall()), int(of[0]) if of else 0)


@contextmanager
def _opened(name: str, file: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database whose one table is the file, and which has no way to any other."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1, "memory_limit": _MEMORY, "autoinstall_known_extensions": "false",
    }  # fmt: skip
    with duckdb.connect(":memory:", config=config) as database:
        database.execute(f"SET allowed_paths = [{file}]")
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({file})")
        yield database
