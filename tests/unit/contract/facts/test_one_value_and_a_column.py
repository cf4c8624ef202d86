"""A value read by itself and in a column is one fact, whichever program wrote it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import inf, isnan, nan

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.contract import Field
from equipoise.contract.facts import cast_column, value_reader
from equipoise.errors import BadInput

REFUSED, NO_NUMBER = "refused", "no number"
NUMBER = Field(name="x", type="number")
CODED = Field(name="x", type="number", missing_codes=(-999, "n/a", 99.5))
INTEGER = Field(name="x", type="integer")
TEXT = Field(name="x", type="string", missing_codes=("none", 9))
TRUTH = Field(name="x", type="boolean", missing_codes=("9",))
DAY = Field(name="x", type="date", missing_codes=("1900-01-01",))
GERMAN_DAY = Field(name="x", type="date", format="%d.%m.%Y")
MONTH = Field(name="x", type="date", format="%b-%Y")
COMPACT = Field(name="x", type="date", format="%Y%m%d")
PERCENT = Field(name="x", type="number", format="1,234.5%")
JAN_31 = date(2026, 1, 31)

# field, what was given, what it is: None is missing
CASES = [
    (NUMBER, "52000", 52000.0),
    (NUMBER, "\t 12.5\u00a0", 12.5),
    (NUMBER, "+.5e1", 5.0),
    (NUMBER, "", None),
    (NUMBER, " \u3000 ", None),
    (NUMBER, None, None),
    (NUMBER, 7, 7.0),
    (NUMBER, Decimal("0.1"), 0.1),
    (NUMBER, np.int16(3), 3.0),
    (NUMBER, "1,5", REFUSED),
    (NUMBER, "1_000", REFUSED),
    (NUMBER, "0x1A", REFUSED),
    (NUMBER, "\uff11\uff12", REFUSED),
    (NUMBER, True, REFUSED),
    (NUMBER, JAN_31, REFUSED),
    (NUMBER, "NaN", NO_NUMBER),
    (NUMBER, "-Infinity", NO_NUMBER),
    (NUMBER, nan, NO_NUMBER),
    (NUMBER, inf, NO_NUMBER),
    (NUMBER, 1e23, NO_NUMBER),
    (NUMBER, "1e400", NO_NUMBER),
    (NUMBER, "1e-400", 0.0),
    (CODED, "-999.0", None),
    (CODED, -999, None),
    (CODED, -999.0, None),
    (CODED, "n/a", None),
    (CODED, 99.5, None),
    (CODED, "99.50", None),
    (CODED, -998.0, -998.0),
    (PERCENT, "13.5 %", 13.5),
    (INTEGER, "36.0", 36),
    (INTEGER, 36.0, 36),
    (INTEGER, "36.5", REFUSED),
    (INTEGER, 2.0**60, NO_NUMBER),
    (TEXT, " 36 months ", "36 months"),
    (TEXT, "", None),
    (TEXT, "None", "None"),
    (TEXT, "none", None),
    (TEXT, 9, None),
    (TEXT, 9.0, None),
    (TEXT, 3.0, "3"),
    (TEXT, 3, "3"),
    (TEXT, "3.0", "3.0"),
    (TEXT, 3.5, REFUSED),
    (TEXT, False, REFUSED),
    (TEXT, JAN_31, "2026-01-31"),
    (TRUTH, "no", False),
    (TRUTH, "YES", True),
    (TRUTH, " t ", True),
    (TRUTH, "1.0", True),
    (TRUTH, 0, False),
    (TRUTH, 1.0, True),
    (TRUTH, 2, REFUSED),
    (TRUTH, "maybe", REFUSED),
    (TRUTH, "9", None),
    (TRUTH, 9, None),
    (TRUTH, nan, None),
    (DAY, "2026-01-31", JAN_31),
    (DAY, "2026/1/31", JAN_31),
    (DAY, "2026-01-31T23:59:59", JAN_31),
    (DAY, "2026-01-31 09:00:00.123", JAN_31),
    (DAY, "2026-01-31T25:00", REFUSED),
    (DAY, "2026-02-30", REFUSED),
    (DAY, "1899-12-31", REFUSED),
    (DAY, "1900-01-01", None),
    (DAY, date(1900, 1, 1), None),
    (DAY, "1900/1/1", None),
    (DAY, date(1850, 1, 1), REFUSED),
    (DAY, datetime(2026, 1, 31, 23, 0), JAN_31),
    (DAY, 20260131, REFUSED),
    (DAY, "31.01.2026", REFUSED),
    (GERMAN_DAY, "31.01.2026", JAN_31),
    (GERMAN_DAY, "2026-01-31", JAN_31),
    (GERMAN_DAY, "31.13.2026", REFUSED),
    (MONTH, "Jan-2026", date(2026, 1, 1)),
    (MONTH, "JAN-2026", date(2026, 1, 1)),
    (MONTH, "Foo-2026", REFUSED),
    (COMPACT, 20260131, JAN_31),
    (COMPACT, 20260131.0, JAN_31),
    (COMPACT, "20260131", JAN_31),
]


def alone(field: Field, value: object, zone: str = "UTC") -> object:
    try:
        read = value_reader(field, zone)(value)
    except BadInput:
        return REFUSED
    return NO_NUMBER if isinstance(read, float) and isnan(read) else read


def in_a_column(field: Field, column: pl.Series, zone: str = "UTC") -> object:
    cast = cast_column(column, field, zone)
    if cast.unreadable[0]:
        return REFUSED
    return NO_NUMBER if cast.not_finite[0] else cast.value[0]


@pytest.mark.parametrize(("field", "value", "fact"), CASES, ids=lambda each: str(each)[:40])
def test_a_value_is_the_fact_that_a_person_would_read(field, value, fact):
    assert alone(field, value) == fact
    assert in_a_column(field, pl.Series("x", [value])) == fact


@given(st.one_of(
    st.text(max_size=12),
    st.floats(), st.integers(-(10**30), 10**30), st.booleans(), st.none(), st.dates(),
    st.from_regex(r"[-+]?[0-9]{0,3}[.,]?[0-9]{0,3}(e[-+]?[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[12][0-9]{3}[-/][0-9]{1,2}[-/][0-9]{1,2}(T[0-9]{2}:[0-9]{2})?Z?",
                  fullmatch=True),
    st.sampled_from(["yes", "NO", "T", "nan", "-999", "-999.0", "9", "none", "1.0", "TRUE"]),
))  # fmt: skip
def test_one_by_one_and_as_a_column_are_the_same_reading(value):
    try:
        column = pl.Series("x", [value])
    except (OverflowError, UnicodeEncodeError, pl.exceptions.PolarsError):
        return  # no column can hold it
    if column.dtype in (pl.Int128, pl.UInt64):
        column = column.cast(pl.Float64)
        value = column[0]
    for field in (NUMBER, CODED, INTEGER, TEXT, TRUTH, DAY, GERMAN_DAY, MONTH, COMPACT):
        assert alone(field, value) == in_a_column(field, column), field


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", 31), ("Asia/Shanghai", 1), ("America/New_York", 31), ("Pacific/Kiritimati", 1)],
)
def test_a_moment_with_an_offset_falls_on_the_lenders_day(zone, day):
    written = "2026-01-31T17:30:00Z"
    moment = datetime(2026, 1, 31, 17, 30, tzinfo=UTC)
    east = moment.astimezone(timezone(timedelta(hours=9)))
    texts = (written, "2026-01-31T19:30+02:00", "2026-02-01 02:30:00+09:00")
    for value in (*texts, moment, east):
        assert alone(DAY, value, zone).day == day
    for column in (pl.Series(texts[:1]), pl.Series([moment])):
        assert in_a_column(DAY, column, zone).day == day


def test_zero_has_one_sign_however_it_came():
    for value in (-0.0, "-0", "-0.0", -1e-400):
        assert np.copysign(1.0, alone(NUMBER, value)) == 1.0
        assert np.copysign(1.0, in_a_column(NUMBER, pl.Series([value]))) == 1.0


def test_half_a_character_is_refused_with_its_field():
    with pytest.raises(BadInput, match="half a character") as error:
        value_reader(TEXT)("a\ud800")
    assert error.value.field == "x"


def test_pandas_missing_values_are_missing():
    import pandas as pd

    assert alone(DAY, pd.NaT) is None
    assert alone(TEXT, float("nan")) is None
    assert alone(DAY, pd.Timestamp("2026-01-31 08:00")) == JAN_31
