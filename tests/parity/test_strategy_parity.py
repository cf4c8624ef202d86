"""Live, batch and SQL decide every application the same way, to the bit."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from applications import Application, applications, numbered
from corner_lender import CONTRACT, strategy
from expression_backends import opened
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from equipoise.strategy.engine import Strategy

WAYS = ("table", "cutoff", "balance", "exploring")
EXPLORE = {"experiment": "near_ties", "share": 0.4, "within": 150.0}
AUTHORITY = {
    "levels": [{"name": "clerk"}, {"name": "head"}],
    "matrix": [
        {"up_to": 20000, "grades": ["A", "B"], "exceptions": "none", "level": "system"},
        {"up_to": 20000, "level": "clerk"},
        {"level": "head", "joint": 2},
    ],
}
POLARS = {
    "number": pl.Float64,
    "integer": pl.Int64,
    "string": pl.String,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
FIELDS = {
    each["name"]: each["type"] for each in CONTRACT["fields"] if each["name"] not in ("sex", "bad")
}
SQL_TYPES = {
    "duckdb": ("DOUBLE", "BIGINT", "VARCHAR", "BOOLEAN", "DATE"),
    "postgres": ("double precision", "bigint", "text", "boolean", "date"),
}
TOLD = (
    "outcome", "grade", "treatment", "apr", "amount", "months", "instalment", "journey",
    "authority", "pd", "points", "propensity", "explored",
)  # fmt: skip


@cache
def sealed(way: str) -> Strategy:
    if way == "exploring":
        return strategy(choose="balance", authority=AUTHORITY, explore=EXPLORE)
    return strategy(choose=way, authority=AUTHORITY)


@cache
def corpus(size: int = 1500) -> tuple[Application, ...]:
    """The same applications for every engine."""
    found: list[Application] = []

    @seed(20260302)
    @settings(
        max_examples=size, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), deadline=None,
    )  # fmt: skip
    @given(applications())
    def draw(record: Application) -> None:
        found.append(record)

    draw()
    return tuple(numbered(found))


def frame_of(records: tuple[Application, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(records), schema={name: POLARS[kind] for name, kind in FIELDS.items()})


def flat(answers: pl.DataFrame) -> pl.DataFrame:
    offer = pl.col("offers").list.first().struct
    return answers.with_columns(
        offer.field(name).alias(name) for name in ("apr", "amount", "months", "instalment")
    )


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=40, deadline=None)
@given(records=st.lists(applications(), min_size=1, max_size=40))
def test_a_batch_decides_as_one_by_one(way: str, records: list[Application]) -> None:
    given_ids = numbered(records)
    one_by_one = sealed(way).decide_records(given_ids)
    together = sealed(way).decide_frame(frame_of(tuple(given_ids)))
    assert together.equals(one_by_one, null_equal=True)


@pytest.mark.parametrize("way", WAYS)
def test_the_corpus_meets_every_outcome(way: str) -> None:
    found = set(sealed(way).decide_frame(frame_of(corpus()))["outcome"])
    assert found == {"approve", "counter_offer", "decline", "refer"}


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
def test_the_strategy_as_sql_decides_the_same(engine: str, tmp_path: Path) -> None:
    records = corpus()
    with opened(engine, tmp_path) as backend:
        load(backend, engine, records, tmp_path)
        for way in WAYS:
            expected = flat(sealed(way).decide_frame(frame_of(records)))
            query = sealed(way).sql(engine)
            found = {row["id"]: row for row in rows(backend, engine, query)}
            assert len(found) == len(records)
            different = [
                (each["id"], name, each[name], found[each["id"]][name])
                for each in expected.iter_rows(named=True)
                for name in TOLD
                if each[name] != found[each["id"]][name]
            ]
            assert different == [], f"{way}: {len(different)} differences"


def load(backend: Any, engine: str, records: tuple[Application, ...], folder: Path) -> None:
    """A table `applications` in the engine."""
    if engine == "spark":
        path = folder / "applications.parquet"
        frame_of(records).write_parquet(path)
        backend.session.read.parquet(str(path)).createOrReplaceTempView("applications")
        return
    types = dict(zip(POLARS, SQL_TYPES[engine], strict=True))
    columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in FIELDS.items())
    backend.connection.execute(f"CREATE TABLE applications ({columns})")
    mark = "?" if engine == "duckdb" else "%s"
    insert = f"INSERT INTO applications VALUES ({', '.join([mark] * len(FIELDS))})"
    values = [[record.get(name) for name in FIELDS] for record in records]
    if engine == "duckdb":
        frame = frame_of(records).to_arrow()
        backend.connection.register("given", frame)
        backend.connection.execute("INSERT INTO applications SELECT * FROM given")
    else:
        with backend.connection.cursor() as cursor:
            cursor.executemany(insert, values)


def rows(backend: Any, engine: str, query: str) -> list[dict[str, Any]]:
    if engine == "spark":
        return [row.asDict() for row in backend.session.sql(query).collect()]
    cursor: duckdb.DuckDBPyConnection | Any = backend.connection.execute(query)
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
