"""Names and constants as databases write them."""

from __future__ import annotations

import math
import sqlite3
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.expression import DIALECT_NAMES, DIALECTS, DialectName, literal, number, quoted


def test_the_table_has_a_row_to_every_name() -> None:
    assert set(DIALECTS) == set(DIALECT_NAMES) == {"duckdb", "postgres", "sqlite", "spark"}


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (None, '"its ""own"""'),
        ("duckdb", '"its ""own"""'),
        ("postgres", '"its ""own"""'),
        ("sqlite", '"its ""own"""'),
        ("spark", '`its "own"`'),
    ],
)
def test_a_name_is_quoted_with_its_own_quotes_doubled(
    dialect: DialectName | None, name: str
) -> None:
    assert quoted('its "own"', dialect) == name


def test_spark_doubles_its_own_quote() -> None:
    assert quoted("a`b", "spark") == "`a``b`"


@pytest.mark.parametrize(
    ("dialect", "text"),
    [(None, "'it''s \\ $'"), ("postgres", "'it''s \\ $'"), ("spark", "'it\\'s \\\\ \\u0024'")],
)
def test_a_text_is_written_so_that_it_is_read_back(dialect: DialectName | None, text: str) -> None:
    assert literal("it's \\ $", dialect) == text


def test_truths_and_days_are_constants_too() -> None:
    assert literal(value=True, dialect="duckdb") == "TRUE"
    assert literal(date(2026, 3, 2), "postgres") == "DATE '2026-03-02'"
    assert literal(date(2026, 3, 2), "sqlite") == "'2026-03-02'"  # it has no type of days
    assert literal(0.1) == "0.1"
    assert literal(None, "spark") == "NULL"


finite = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)


@given(value=finite)
def test_a_number_is_read_back_to_the_bit(value: float) -> None:
    lite, duck = sqlite3.connect(":memory:"), duckdb.connect()
    with lite, duck:
        for database, dialect in ((lite, "sqlite"), (duck, "duckdb")):
            read = database.execute(f"SELECT {number(value, dialect)}").fetchone()  # type: ignore[arg-type, attr-defined]
            assert read[0] == value
            assert isinstance(read[0], float)
            assert math.isfinite(read[0])
    lite.close()
