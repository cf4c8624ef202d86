"""Live, batch and SQL decide every application the same way, to the bit."""

from __future__ import annotations

import json
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from applications import Application, applications, numbered
from corner_lender import CONTRACT, SAFE, strategy
from expression_backends import SLOW_SPARK, opened
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from step_lender import CHECKS, step_strategy

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal, unsealed

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
    "sqlite": ("REAL", "INTEGER", "TEXT COLLATE NOCASE", "BOOLEAN", "DATE"),
}
CHOOSING = ("table", "cutoff", "balance")
NAMES = [each.name for each in CHECKS]
TOLD = (
    "outcome", "grade", "treatment", "apr", "amount", "months", "instalment", "journey",
    "conditions", "authority", "pd", "points", "propensity", "explored",
)  # fmt: skip


@cache
def sealed(way: str) -> Strategy:
    if way == "exploring":
        return strategy(choose="balance", authority=AUTHORITY, explore=EXPLORE)
    return strategy(choose=way, authority=AUTHORITY)


@cache
def corpus(size: int = 1500) -> tuple[Application, ...]:
    """The same applications for every engine."""
    collected: list[Application] = []

    @seed(20260302)
    @settings(
        max_examples=size, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), deadline=None,
    )  # fmt: skip
    @given(applications())
    def draw(record: Application) -> None:
        collected.append(record)

    draw()
    return tuple(numbered(collected))


def frame_of(records: tuple[Application, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(records), schema={name: POLARS[kind] for name, kind in FIELDS.items()})


def flat(answers: pl.DataFrame) -> pl.DataFrame:
    offer = pl.col("offers").list.first().struct
    return answers.with_columns(pl.col("conditions").list.join(",")).with_columns(
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
    answers = sealed(way).decide_frame(frame_of(corpus()))
    assert set(answers["outcome"]) == {"approve", "counter_offer", "decline", "refer"}
    owed = {tuple(each) for each in answers["conditions"].to_list()}
    assert owed == {(), ("income", "call")}


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "sqlite", SLOW_SPARK])
def test_the_strategy_as_sql_decides_the_same(engine: str, tmp_path: Path) -> None:
    records = stored(engine, corpus())
    with opened(engine, tmp_path) as backend:
        load(backend, engine, records, tmp_path)
        for way in WAYS:
            expected = flat(sealed(way).decide_frame(frame_of(records)))
            query = sealed(way).sql(engine)
            by_name = {row["id"]: row for row in rows(backend, engine, query)}
            assert len(by_name) == len(records)
            different = [
                (each["id"], name, each[name], by_name[each["id"]][name])
                for each in expected.iter_rows(named=True)
                for name in TOLD
                if each[name] != by_name[each["id"]][name]
            ]
            assert different == [], f"{way}: {len(different)} differences"


def test_a_document_decides_as_whether_it_is_there() -> None:
    """Of one contract a question is answered by yes or no, of the other with a document."""
    fields = [
        {**each, "type": "file"} if each["name"] == "on_sick_leave" else each
        for each in CONTRACT["fields"]
    ]
    brought = {"contract": Contract.model_validate({**CONTRACT, "fields": fields})}
    for way in WAYS:
        content = sealed(way).content
        both = [
            Strategy(unsealed(seal(each).text().encode()))
            for each in (content, content.model_copy(update=brought))
        ]
        assert both[0].sealed.digest != both[1].sealed.digest
        frame, few = frame_of(corpus()), list(corpus()[:100])
        for answers in (
            [each.decide_frame(frame) for each in both],
            [each.decide_records(few) for each in both],
        ):
            first, second = (each.drop("digest") for each in answers)
            assert first.equals(second, null_equal=True)
        for engine in ("duckdb", "postgres", "sqlite", "spark"):
            texts = {each.sql(engine).replace(each.sealed.digest, "") for each in both}
            assert len(texts) == 1


RESULTS = st.none() | st.dictionaries(
    st.sampled_from([each.name for each in CHECKS]),
    st.sampled_from(["passed", "passed", "passed", "stopped"]),
)


@cache
def stepping(way: str) -> Strategy:
    return step_strategy(choose=way, authority=AUTHORITY)


def asked_again(
    records: list[Application], results: list[Any], *, as_text: bool, names: list[str] = NAMES
) -> tuple[list[Application], pl.DataFrame]:
    """The same applications one by one and as a frame, each with the results that are in."""
    ids = numbered(records)
    frame = frame_of(tuple(ids))
    column = (
        pl.Series("checks", [None if r is None else json.dumps(r) for r in results], pl.String)
        if as_text
        else pl.Series("checks", results, pl.Struct(dict.fromkeys(names, pl.String)))
    )
    known = [
        {**each, "checks": result} if result is not None else each
        for each, result in zip(ids, results, strict=True)
    ]
    return known, frame.with_columns(column)


JOURNEY_RESULTS = st.none() | st.dictionaries(
    st.sampled_from(["income", "call"]),
    st.sampled_from(["passed", "passed", "passed", "stopped"]),
)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=40, deadline=None)
@given(
    cases=st.lists(st.tuples(applications(), JOURNEY_RESULTS), min_size=1, max_size=40),
    as_text=st.booleans(),
)
def test_with_results_of_checks_a_batch_decides_as_one_by_one(
    way: str, cases: list[tuple[Application, Any]], as_text: bool
) -> None:
    records, results = [c[0] for c in cases], [c[1] for c in cases]
    known, frame = asked_again(records, results, as_text=as_text, names=["income", "call"])
    one_by_one = sealed(way).decide_records(known)
    assert sealed(way).decide_frame(frame).equals(one_by_one, null_equal=True)


@pytest.mark.parametrize("way", CHOOSING)
@settings(max_examples=60, deadline=None)
@given(
    cases=st.lists(st.tuples(applications(), RESULTS), min_size=1, max_size=40),
    as_text=st.booleans(),
    lacking=st.sets(st.sampled_from(["dti", "income", "score"]), max_size=1),
)
def test_step_by_step_a_batch_decides_as_one_by_one(
    way: str, cases: list[tuple[Application, Any]], as_text: bool, lacking: set[str]
) -> None:
    records, results = [c[0] for c in cases], [c[1] for c in cases]
    known, frame = asked_again(records, results, as_text=as_text)
    known = [{n: v for n, v in each.items() if n not in lacking} for each in known]
    frame = frame.drop(lacking)
    one_by_one = stepping(way).decide_records(known)
    assert stepping(way).decide_frame(frame).equals(one_by_one, null_equal=True)


def test_step_by_step_the_rows_of_a_frame_are_applications_with_their_results() -> None:
    results = [None, {"income": "passed"}, {"bank": "stopped"}]
    known, frame = asked_again([SAFE] * 3, results, as_text=False)
    for each in (frame, frame.drop("dti")):
        answers = stepping("balance").decide_records(list(stepping("balance").records(each)))
        assert stepping("balance").decide_frame(each).equals(answers, null_equal=True)
    assert list(stepping("balance").records(frame))[1]["checks"] == known[1]["checks"]


@pytest.mark.parametrize("way", CHOOSING)
def test_step_by_step_the_corpus_is_asked_for_different_checks(way: str) -> None:
    answers = stepping(way).decide_frame(frame_of(corpus()))
    assert {"approve", "decline", "refer", "ask_for_more"} <= set(answers["outcome"])
    asked = set(answers["next_check"].drop_nulls())
    # a cut-off has one figure to gain for, so one kind of check may do for everybody
    assert len(asked & {"income", "call"}) >= (2 if way == "balance" else 1)
    assert answers.filter(pl.col("next_check").is_not_null())["outcome"].unique().to_list() == [
        "ask_for_more"
    ]


def test_step_by_step_has_no_sql_and_says_why() -> None:
    with pytest.raises(BadInput, match="step by step has no SQL") as refused:
        stepping("balance").sql("duckdb")
    assert "asking" in str(refused.value.mend)


def stored(engine: str, records: tuple[Application, ...]) -> tuple[Application, ...]:
    """The applications that a table of the engine can hold: SQLite makes NULL of NaN."""
    if engine != "sqlite":
        return records
    return tuple(
        {name: None if isinstance(v, float) and isnan(v) else v for name, v in record.items()}
        for record in records
    )


def plain_rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Rows as SQLite takes them: a day is its ISO text."""
    return frame.with_columns(pl.col(pl.Date).cast(pl.String)).rows()


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
    if engine == "sqlite":
        marks = ", ".join("?" * len(FIELDS))
        backend.connection.executemany(
            f"INSERT INTO applications VALUES ({marks})", plain_rows(frame_of(records))
        )
        return
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
