"""One text for one identifier, alone and in a column of any type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import inf, nan

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.contract import identifier_column, identifier_text
from equipoise.errors import BadInput

SAME = [
    ("200", "200"),
    (200, "200"),
    (200.0, "200"),
    ("200.0", "200"),
    (" 200.0\u3000", "200"),
    (Decimal("200.00"), "200"),
    (-7, "-7"),
    (-7.0, "-7"),
    ("-7.0", "-7"),
    (-0.0, "0"),
    ("-0.0", "0"),
    (0, "0"),
    (2.0**53, "9007199254740992"),
    (2**70, str(2**70)),
    ("007.0", "007.0"),
    ("007", "007"),
    ("7.00", "7.00"),
    ("7.5", "7.5"),
    ("1e3", "1e3"),
    ("\ufeffA 1\u00a0", "A 1"),
    ("王-1", "王-1"),
    ("a" * 200, "a" * 200),
]
MISSING = [None, "", "  ", "\t\n", "\u3000", "\u200b", "\x1c", nan, Decimal("NaN")]
UNFIT = [True, False, 0.5, 2.0**53 + 2, inf, -inf, Decimal("0.5"), [], {}, date(2026, 1, 1), b"a"]


@pytest.mark.parametrize(("value", "text"), SAME)
def test_however_it_was_typed_it_is_one_text(value, text):
    assert identifier_text(value) == text


@pytest.mark.parametrize("value", MISSING)
def test_what_is_empty_or_blank_is_missing(value):
    assert identifier_text(value) is None


@pytest.mark.parametrize("value", [*UNFIT, "\ud800", "a\udfff", "a" * 201, 10**200])
def test_what_can_name_nobody_is_refused_with_its_mend(value):
    with pytest.raises(BadInput) as refused:
        identifier_text(value)
    assert refused.value.field == "id"
    assert refused.value.mend


_COLUMNS = {
    "text": pl.Series("id", ["200.0", " A ", "", None, "\u3000", "-0.0", "007.0", "\x1fb"]),
    "whole": pl.Series("id", [200, -7, None], dtype=pl.Int64),
    "small": pl.Series("id", [1, 2, None], dtype=pl.Int8),
    "unsigned": pl.Series("id", [2**64 - 1, None], dtype=pl.UInt64),
    "float": pl.Series("id", [200.0, -0.0, None, nan, 2.0**53]),
    "short float": pl.Series("id", [7.0, None], dtype=pl.Float32),
    "category": pl.Series("id", ["200.0", " ", None], dtype=pl.Categorical),
    "enum": pl.Series("id", ["a ", None], dtype=pl.Enum(["a "])),
    "decimal": pl.Series("id", [Decimal("7.00"), Decimal("-3.00"), None]),
    "nothing": pl.Series("id", [None, None]),
    "no truth": pl.Series("id", [None, None], dtype=pl.Boolean),
    "anything": pl.Series("id", [7, "7.0", None, 7.0], dtype=pl.Object),
    "no rows": pl.Series("id", [], dtype=pl.String),
}


@pytest.mark.parametrize("kind", _COLUMNS)
def test_a_column_reads_as_each_of_its_values(kind):
    column = _COLUMNS[kind]
    result = identifier_column(column)
    assert (result.name, result.dtype) == ("id", pl.String)
    assert result.to_list() == [identifier_text(value) for value in column.to_list()]


_BAD = [
    pl.Series("id", [1.0, nan, 0.5]),
    pl.Series("id", [None, 1.0, inf]),
    pl.Series("id", [None, None, True]),
    pl.Series("id", [None, None, date(2026, 1, 1)]),
    pl.Series("id", [None, None, [1]]),
    pl.Series("id", ["a", None, "b" * 201]),
    pl.Series("id", [Decimal("1.0"), None, Decimal("1.5")]),
    pl.Series("id", ["a", 1, True], dtype=pl.Object),
]


@pytest.mark.parametrize("column", _BAD, ids=lambda column: str(column.dtype))
def test_a_column_names_the_first_row_that_can_name_nobody(column):
    with pytest.raises(BadInput) as refused:
        identifier_column(column, "people.parquet")
    assert refused.value.where is not None
    assert (refused.value.where.file, refused.value.where.row) == ("people.parquet", 3)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=20))
def test_any_text_reads_alone_as_in_a_column(values):
    column = pl.Series("id", values, dtype=pl.String)
    assert identifier_column(column).to_list() == [identifier_text(value) for value in values]


@given(st.lists(st.integers(-(2**53), 2**53), max_size=20))
def test_whole_numbers_are_one_with_their_floats_and_texts(values):
    texts = [str(value) for value in values]
    for kind in (pl.Int64, pl.Float64):
        assert identifier_column(pl.Series("id", values, dtype=kind)).to_list() == texts
    floats = pl.Series("id", [f"{value}.0" for value in values], dtype=pl.String)
    assert identifier_column(floats).to_list() == texts
