"""One room reads a fact: every way in gives the same value, doubt or refusal of the same field.

The truth is what is read one by one, as an application of the API is. Text, typed columns, files
and the databases' own columns are held against it, over thousands of odd values.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from math import isfinite, isnan
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from expression_backends import SLOW_SPARK, opened
from odd_values import CONTRACT, IDS, NAMES, SORTS, Case, cases

from equipoise.contract.facts import RecordReader, SqlReader, TableReader, cast_column
from equipoise.contract.facts.table import Source
from equipoise.errors import BadInput
from equipoise.strategy.files.tables import parsed, pieces

Found = tuple[Any, ...]
TYPES: dict[str, pl.DataType] = {"text": pl.String(), **{k: kind for k, (kind, _) in SORTS.items()}}
COLUMNS = {
    "duckdb": {
        "text": "VARCHAR", "float": "DOUBLE", "whole": "BIGINT", "decimal": "DECIMAL(28, 3)",
        "boolean": "BOOLEAN", "date": "DATE", "moment": "TIMESTAMP", "instant": "TIMESTAMPTZ",
    },
    "postgres": {
        "text": "TEXT", "float": "DOUBLE PRECISION", "whole": "BIGINT",
        "decimal": "NUMERIC(28, 3)", "boolean": "BOOLEAN", "date": "DATE", "moment": "TIMESTAMP",
        "instant": "TIMESTAMPTZ",
    },
    # it has no other types, and its own collation must not matter
    "sqlite": {"text": "TEXT COLLATE NOCASE", "float": "REAL", "whole": "INTEGER"},
}  # fmt: skip
FENCES = {"postgres": " OFFSET 0", "sqlite": " LIMIT -1"}
# what a session may be set to, and must not matter
HOSTILE = {
    "duckdb": ("SET threads = 1", "SET TimeZone = 'Asia/Tokyo'"),
    "postgres": ("SET timezone = 'Asia/Tokyo'", "SET datestyle = 'SQL, DMY'"),
    "sqlite": (),
    "spark": ("SET TIME ZONE 'Asia/Tokyo'",),
}
# of refusals one in so many is looked at where each is a read or a query of its own
SHARE = {"file": 20, "duckdb": 80, "postgres": 40, "sqlite": 40, "spark": 150}


@cache
def every() -> tuple[Case, ...]:
    return cases()


@cache
def readers() -> dict[str, RecordReader]:
    return {name: RecordReader(CONTRACT, [name]) for name in NAMES}


def one_by_one(case: Case, value: Any) -> Found:
    try:
        read = readers()[case.field].read({case.field: value})
    except BadInput as refused:
        return ("refused", refused.field)
    fact = read.facts[case.field]
    return ("doubt",) if read.not_a_number else ("value", repr(fact))


@cache
def truth() -> tuple[Found, ...]:
    return tuple(one_by_one(case, case.value) for case in every())


def of_sort(sort: str) -> list[int]:
    return [at for at, case in enumerate(every()) if case.sort == sort]


def some(places: Iterable[int], way: str) -> list[int]:
    """All that are read, and a share of the refused."""
    listed = list(places)
    refused = [at for at in listed if truth()[at][0] == "refused"]
    looked_at = set(refused[:: SHARE[way]])
    return [at for at in listed if truth()[at][0] != "refused" or at in looked_at]


def differences(places: Iterable[int], read: Callable[[int], Found]) -> list[tuple[Any, ...]]:
    """Where a way reads another thing than the truth; prints how many were compared."""
    listed = list(places)
    rows = [(every()[at], truth()[at], read(at)) for at in listed]
    wrong = [each for each in rows if each[1] != each[2]]
    print(f"{len(listed):,} values, {len(wrong)} differences")  # noqa: T201
    return wrong


def test_there_are_thousands_and_they_are_read_refused_and_doubted() -> None:
    counts = Counter(result[0] for result in truth())
    print(f"{len(every()):,} odd values: {dict(counts)}")  # noqa: T201
    assert len(every()) > 5000
    assert counts["value"] > 1500
    assert counts["refused"] > 1500
    assert counts["doubt"] > 50


def test_json_lines() -> None:
    def read(at: int) -> Found:
        case = every()[at]
        line = json.dumps({case.field: case.value}).encode()
        return one_by_one(case, parsed(line, "odd.jsonl", 1)[case.field])

    plain = [
        at
        for at, case in enumerate(every())
        if isinstance(case.value, (str, int, float))
        and (isinstance(case.value, str) or isfinite(case.value))
    ]
    assert differences(plain, read) == []


@pytest.mark.parametrize("sort", TYPES)
def test_parquet(sort: str, tmp_path: Path) -> None:
    places = of_sort(sort)
    path = tmp_path / "odd.parquet"
    frame_of(places, sort).write_parquet(path)
    assert differences(some(places, "file"), in_table(places, path)) == []


def test_csv(tmp_path: Path) -> None:
    places = of_sort("text")
    path = tmp_path / "odd.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["id", *NAMES])
        writer.writerows(frame_of(places, "text").fill_null("").rows())
    assert differences(some(places, "file"), in_table(places, path)) == []


@pytest.mark.parametrize("sort", TYPES)
def test_check_and_fit(sort: str) -> None:
    """What `check` and `fit` make of a column."""

    places, collected = of_sort(sort), {}
    for name in NAMES:
        mine = [at for at in places if every()[at].field == name]
        raw = pl.Series(name, [every()[at].value for at in mine], dtype=TYPES[sort])
        cast = cast_column(raw, CONTRACT.field(name), CONTRACT.time_zone)
        for row, at in enumerate(mine):
            value = cast.value[row]
            collected[at] = (
                ("refused", name)
                if cast.unreadable[row]
                else ("doubt",)
                if cast.not_finite[row]
                else ("value", repr(float(value) if type(value) is int else value))
            )
    assert differences(places, collected.__getitem__) == []


def frame_of(places: Sequence[int], sort: str) -> pl.DataFrame:
    """A table of all fields in one type; a row holds one value and is called by its place."""
    listed = [(at, every()[at]) for at in places]
    return pl.DataFrame(
        {
            "id": [f"r{at}" for at, _ in listed],
            **{
                name: pl.Series(
                    [c.value if c.field == name else None for _, c in listed], dtype=TYPES[sort]
                )
                for name in NAMES
            },
        }
    )


def in_table(places: Sequence[int], path: Path) -> Callable[[int], Found]:
    """Reads a file's rows: those to be refused alone, the others together."""
    (piece,) = pieces(path)
    frame = piece.frame
    assert frame is not None
    reader = TableReader(CONTRACT, NAMES)
    sound = [k for k, at in enumerate(places) if truth()[at][0] != "refused"]
    table = reader.read(frame[sound], Source())
    row_of = {places[k]: row for row, k in enumerate(sound)}
    place_of = {at: k for k, at in enumerate(places)}

    def read(at: int) -> Found:
        name = every()[at].field
        if at not in row_of:
            try:
                TableReader(CONTRACT, [name]).read(frame[place_of[at] : place_of[at] + 1], Source())
            except BadInput as refused:
                return ("refused", refused.field)
            return ("read",)
        row = row_of[at]
        if name in table.not_a_number and table.not_a_number[name][row]:
            return ("doubt",)
        return ("value", repr(table.facts[name][row]))

    return read


class Database:
    """One engine's tables of odd values, and what its own reading makes of them."""

    def __init__(self, backend: Any, engine: str, folder: Path) -> None:
        self.backend, self.engine, self.folder = backend, engine, folder
        self.fence = FENCES.get(engine, "")
        for statement in HOSTILE[engine]:
            self.run(statement)

    def run(self, query: str) -> list[Any]:
        if self.engine == "spark":
            return [tuple(row) for row in self.backend.session.sql(query).collect()]
        result = self.backend.connection.execute(query)
        return list(result.fetchall()) if result.description else []

    def load(self, name: str, frame: pl.DataFrame, sort: str) -> None:
        if self.engine == "spark":
            path = self.folder / f"{name}.parquet"
            frame.write_parquet(path)
            self.backend.session.read.parquet(str(path)).createOrReplaceTempView(name)
            return
        kinds = COLUMNS[self.engine]
        listed = ", ".join(f'"{each}" {kinds[sort]}' for each in frame.columns[1:])
        first = kinds["text"] if frame.width > 1 else kinds[sort]
        others = f", {listed}" if listed else ""
        self.run(f'CREATE TABLE {name} ("{frame.columns[0]}" {first}{others})')
        if self.engine == "duckdb":
            self.backend.connection.register("arrived", frame.to_arrow())
            self.run(f"INSERT INTO {name} SELECT * FROM arrived")
            return
        if self.engine == "sqlite":
            marks = ", ".join("?" * frame.width)
            self.backend.connection.executemany(
                f"INSERT INTO {name} VALUES ({marks})", frame.rows()
            )
            return
        marks = ", ".join(["%s"] * frame.width)
        with self.backend.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", frame.rows())

    def query(self, names: Sequence[str], source: str) -> str:
        columns = {name: f"{at} {name}" for at, name in enumerate(names)}
        return SqlReader.of(CONTRACT, columns, self.engine).layers(source, self.fence)

    def refused(self, at: int, table: str) -> Found:
        name = every()[at].field
        try:
            self.run(self.query([name], f"(SELECT * FROM {table} WHERE id = 'r{at}')"))
        except Exception as error:  # each engine raises its own
            said = str(error).replace("''", "'")  # SQLite says a quoted path
            return ("refused", name) if f"'{name}' is " in said else ("error", said)
        return ("read",)

    def read(self, table: str, places: Sequence[int]) -> dict[int, Found]:
        sound = [at for at in places if truth()[at][0] != "refused"]
        listed = ", ".join(f"'r{at}'" for at in sound)
        rows = self.run(self.query(NAMES, f"(SELECT * FROM {table} WHERE id IN ({listed}))"))
        by_id = {row[0]: row[1:] for row in rows}
        return {
            at: self.refused(at, table)
            if truth()[at][0] == "refused"
            else self.found(by_id[f"r{at}"][NAMES.index(every()[at].field)], every()[at].field)
            for at in some(places, self.engine)
        }

    def found(self, value: Any, field: str) -> Found:
        if isinstance(value, float) and not isfinite(value):
            return ("doubt",)
        kind = CONTRACT.field(field).type
        if self.engine == "sqlite" and value is not None and kind in AS_PYTHON:
            value = AS_PYTHON[kind](value)
        return ("value", repr(value))

    def holds(self, at: int) -> bool:
        """SQLite makes NULL of NaN, which can then mean nothing but what was not given."""
        value = every()[at].value
        return self.engine != "sqlite" or not (isinstance(value, float) and isnan(value))


AS_PYTHON: dict[str, Callable[[Any], Any]] = {"boolean": bool, "date": date.fromisoformat}


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "sqlite", SLOW_SPARK])
def test_sql(engine: str, tmp_path: Path) -> None:
    with opened(engine, tmp_path) as backend:
        database = Database(backend, engine, tmp_path)
        wrong = []
        for sort in COLUMNS.get(engine, TYPES):
            places = [at for at in of_sort(sort) if database.holds(at)]
            database.load(f"odd_{sort}", frame_of(places, sort), sort)
            result = database.read(f"odd_{sort}", places)
            wrong += differences(result, result.__getitem__)
        assert wrong == []
        assert _identifiers(database) == []


def _identifiers(database: Database) -> list[Any]:
    """Identifiers of every type that name somebody, or nobody."""
    wrong = []
    for sort, at, value in (
        (sort, at, value)
        for sort, values in IDS.items()
        if sort in COLUMNS.get(database.engine, TYPES)
        for at, value in enumerate(values)
    ):
        try:
            wanted: Any = readers()["plain"].read({"id": value}).id
        except BadInput:
            wanted = "refused"
        frame = pl.DataFrame({"id": pl.Series([value], dtype=TYPES[sort])})
        database.load(f"ids_{sort}_{at}", frame, sort)
        try:
            got: Any = database.run(database.query((), f"ids_{sort}_{at}"))[0][0]
        except Exception:  # each engine raises its own
            got = "refused"
        if got != wanted:
            wrong.append((sort, value, wanted, got))
    return wrong
