"""An answer has the same columns whichever runtime decided."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl
import pytest
from corner_lender import SAFE, strategy

from equipoise.errors import BadInput
from equipoise.strategy.answer import ANSWER, FLAT
from equipoise.strategy.runtimes import Runtime
from equipoise.strategy.runtimes.sql.runtime import SqlRuntime

AT = date(2026, 3, 2)
# as docs/reference/strategy.md has them
COLUMNS = [
    "id", "outcome", "grade", "reasons", "offers", "journey", "conditions", "authority",
    "signatures", "digest", "treatment", "pd", "points", "propensity", "explored", "next_check",
]  # fmt: skip
FLAT_COLUMNS = [
    "id", "outcome", "grade", "reason", "treatment", "apr", "amount", "months", "instalment",
    "journey", "conditions", "authority", "pd", "points", "digest", "propensity", "explored",
]  # fmt: skip
OFFER = {"treatment": pl.String, **dict.fromkeys(FLAT_COLUMNS[5:9], pl.Float64)}


def in_duckdb(query: str, frame: pl.DataFrame) -> pl.DataFrame:
    with duckdb.connect() as connection:
        connection.register("applications", frame.to_arrow())
        answers = connection.execute(query)
        names = [each[0] for each in answers.description or ()]
        return pl.DataFrame(answers.fetchall(), schema=names, orient="row")


@pytest.fixture(scope="module")
def runtimes() -> dict[str, Runtime]:
    sealed = strategy()
    in_a_database = SqlRuntime(sealed.compiled, "duckdb", in_duckdb)
    return {"record": sealed.record, "frame": sealed.frame, "sql": in_a_database}


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return pl.DataFrame([SAFE])


@pytest.mark.parametrize("name", ["record", "frame"])
def test_a_frame_of_answers_has_the_columns_of_the_schema(
    name: str, runtimes: dict[str, Runtime], frame: pl.DataFrame
) -> None:
    answers = runtimes[name].decide(frame, at=AT)
    assert answers.columns == COLUMNS == [*ANSWER]
    assert answers.schema["offers"] == pl.List(pl.Struct(OFFER))
    assert answers.schema["signatures"] == pl.Int64
    assert answers.schema["explored"] == pl.Boolean


def test_a_query_has_the_flat_columns_and_each_is_of_a_column_of_the_schema(
    runtimes: dict[str, Runtime], frame: pl.DataFrame
) -> None:
    answers = runtimes["sql"].decide(frame, at=AT)
    assert answers.columns == FLAT_COLUMNS == [*FLAT]
    assert set(FLAT.values()) == set(COLUMNS) - {"signatures", "next_check"}


def test_all_runtimes_decide_an_application_the_same(
    runtimes: dict[str, Runtime], frame: pl.DataFrame
) -> None:
    answers = {
        name: each.decide(frame, at=AT).row(0, named=True) for name, each in runtimes.items()
    }
    assert answers["record"] == answers["frame"]
    same = set(COLUMNS) & set(FLAT_COLUMNS) - {"conditions"}
    assert {n: answers["sql"][n] for n in same} == {n: answers["record"][n] for n in same}
    offer = answers["record"]["offers"][0]
    assert {term: answers["sql"][term] for term in FLAT_COLUMNS[5:9]} == {
        term: offer[term] for term in FLAT_COLUMNS[5:9]
    }


def test_a_query_without_a_place_to_run_says_what_to_hand_in(frame: pl.DataFrame) -> None:
    runtime = SqlRuntime(strategy().compiled, "spark")
    assert "FROM" in runtime.text()
    with pytest.raises(BadInput, match="nowhere to run"):
        runtime.decide(frame)
