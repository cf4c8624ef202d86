"""Reading in plain SQL: SQLite against Python's own numbers, zones and regular expressions."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from equipoise.contract import Contract
from equipoise.contract.days import day_of
from equipoise.contract.facts import SqlReader, sqlite_grammar
from equipoise.contract.facts.sql import ENGINES
from equipoise.contract.facts.sql_engines import groups
from equipoise.contract.patterns import DayPattern, patterns_of
from equipoise.errors import BadInput

SQLITE = ENGINES["sqlite"]
FORMATS = (
    "", "%d.%m.%Y", "%d/%m/%y", "%Y%m%d", "%b-%Y", "%d %B %Y", "%e %b %y", "%A, %d %B %Y",
    "%Y%m%dT%H%M%S", "%d%b%Y", "%Y-%m-%dT%H:%M:%S.%f%z", "%m/%d/%Y %I:%M %p", "%Y.%j", "%y%j",
    "%d-%b-%y %H:%M", "100%% %Y",
)  # fmt: skip


def answers(sql: str, texts: Iterable[Any]) -> list[Any]:
    """What an expression over the column `t` makes of each text."""
    connection = sqlite3.connect(":memory:")
    query = f"SELECT {sql} FROM (SELECT ? AS t)"
    return [connection.execute(query, (each,)).fetchone()[0] for each in texts]


def decimals(most: int, many: int) -> list[str]:
    drawn, collected = random.Random(7), []  # noqa: S311
    for _ in range(many):
        digits = str(drawn.randint(0, 10 ** drawn.randint(1, most) - 1))
        point = drawn.randint(0, len(digits))
        power = drawn.choice(["", "", "e-3", "E4", "e+0"])
        collected.append(f"{drawn.choice('+- ').strip()}{digits[:point]}.{digits[point:]}{power}")
    return [each for each in collected if any(mark.isdigit() for mark in each.partition("e")[0])]


def test_decimals_of_up_to_15_digits_are_read_to_the_bit() -> None:
    texts = decimals(15, 5000)
    read = answers(sqlite_grammar.number_of("t", "9e999", "NULL"), texts)
    assert read == [float(each) for each in texts]


def test_longer_decimals_are_a_last_bit_away_at_most() -> None:
    texts = decimals(30, 5000)
    read = answers(sqlite_grammar.number_of("t", "9e999", "NULL"), texts)
    for text, value in zip(texts, read, strict=True):
        assert value == pytest.approx(float(text), rel=3e-16)


ZONES = (
    "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca",
    "Asia/Shanghai", "Pacific/Apia",
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_a_moment_falls_on_the_zones_day(zone: str) -> None:
    drawn = random.Random(3)  # noqa: S311
    first = datetime(1900, 1, 2, tzinfo=UTC)
    moments = [first + timedelta(seconds=drawn.randrange(199 * 31_556_952)) for _ in range(3000)]
    read = answers(
        SQLITE.in_zone("DATE(t)", "STRFTIME('%s', t) - STRFTIME('%s', DATE(t))", zone),
        [f"{each:%Y-%m-%d %H:%M:%S}" for each in moments],
    )
    assert read == [day_of(each, zone).isoformat() for each in moments]


def texts_of(pattern: DayPattern) -> list[str]:
    """Texts that follow a pattern, nearly follow it, or do not."""
    drawn, collected = random.Random(11), []  # noqa: S311
    hours = ["", " 10:00", "T1:05:09", " 23:59:59,123 +0100", "T00:00Z", "T24:00-05", "T10:00:"]
    for _ in range(150):
        day = datetime(drawn.randint(1900, 2099), drawn.randint(1, 12), drawn.randint(1, 28),
                       drawn.randint(0, 23), drawn.randint(0, 59), tzinfo=UTC)  # fmt: skip
        text = day.strftime(pattern.written)
        if pattern in patterns_of(""):
            text += drawn.choice(hours)
        at = drawn.randrange(len(text) + 1)
        bent = drawn.choice(["", "0", "9", " ", "/", "x", ":", "+"])
        collected += [text, text.replace("0", ""), text[:at] + bent + text[at + 1 :], text[:at]]
    return [*collected, "", "|", "2026-03-02|"]


@pytest.mark.parametrize("written", FORMATS)
def test_text_is_taken_apart_as_the_regular_expression_does(written: str) -> None:
    for pattern in patterns_of(written):
        texts = texts_of(pattern)
        apart = answers(sqlite_grammar.parts_of("t", pattern.regex, pattern.written), texts)
        matches = [re.fullmatch(pattern.regex, text) for text in texts]
        assert sum(each is not None for each in matches) > 100
        for group in groups(pattern):
            parts = answers(sqlite_grammar.part_of("t", group), apart)
            assert parts == [each and each[group] for each in matches]


def reader(**field: Any) -> SqlReader:
    contract = Contract.model_validate(
        {
            "name": "lender",
            "version": 1,
            "target": {"field": "bad", "event": True, "window_months": 12},
            "fields": [{"name": "fact", **field}, {"name": "bad", "type": "boolean",
                                                   "use": "target"}],
        }
    )  # fmt: skip
    return SqlReader.of(contract, {"fact": "fact"}, "sqlite")


def test_a_format_whose_parts_run_into_each_other_is_refused_when_the_query_is_made() -> None:
    with pytest.raises(BadInput, match="cannot read dates written as %A%B %Y") as refused:
        reader(type="date", format="%A%B %Y").layers("facts")
    assert refused.value.field == "fact"
    assert "mark such as -" in str(refused.value.mend)


@pytest.mark.parametrize("value", ["5\0", "\0", b"5", "5\0x"])
def test_what_sqlite_sees_in_part_alone_is_refused(value: Any) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE facts (fact)")
    connection.execute("INSERT INTO facts VALUES (?)", (value,))
    with pytest.raises(sqlite3.OperationalError, match="'fact'' is "):
        connection.execute(reader(type="number").layers("facts", " LIMIT -1")).fetchall()
