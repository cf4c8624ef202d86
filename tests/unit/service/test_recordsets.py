"""Rows on their way to PostgreSQL: bytes as it reads them, however they come."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from psycopg import Binary
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Float8, Int8

from equipoise.service.platform.record.recordsets import as_recordset

KEY = bytes(range(256))


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, Binary])
def test_bytes_are_told_in_hexadecimal_digits_whatever_holds_them(kind: Any) -> None:
    assert json.loads(as_recordset(["key"], [(kind(KEY),)])) == [{"key": "\\x" + KEY.hex()}]


def test_what_wraps_a_value_for_the_adapter_is_taken_off() -> None:
    row = (Int8(7), Float8(0.5), Jsonb({"a": [1, None]}), None, True, "李\\x00")
    [read] = json.loads(as_recordset("abcdef", [row]))
    assert [*read.values()] == [7, 0.5, {"a": [1, None]}, None, True, "李\\x00"]


def test_moments_and_days_are_texts_that_sql_reads() -> None:
    row = (datetime(2030, 1, 31, 12, 0, 0, 5, UTC), date(2030, 1, 31))
    [read] = json.loads(as_recordset("ab", [row]))
    assert datetime.fromisoformat(read["a"]) == row[0]
    assert read["b"] == "2030-01-31"
