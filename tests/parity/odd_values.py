"""A thousand odd values and more: field types x spellings x the types that programs give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import inf, nan
from typing import Any

import polars as pl

from equipoise.contract import Contract
from equipoise.contract.grammar import BLANKS

ZONE = "America/New_York"
FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "plain", "type": "number"},
    {"name": "coded", "type": "number", "missing_codes": [-9, "999", "n/a", "1e3"]},
    {"name": "share", "type": "number", "format": "1,234.5%"},
    {"name": "english", "type": "number", "format": "1,234.5", "missing_codes": ["-"]},
    {"name": "german", "type": "number", "format": "1.234,5"},
    {"name": "euros", "type": "number", "format": "1 234,5 €"},
    {"name": "sized", "type": "number", "format": "$1,234.5K"},
    {"name": "tenor", "type": "integer", "format": "months"},
    {"name": "whole", "type": "integer", "missing_codes": [-1]},
    {"name": "words", "type": "string"},
    {"name": "coded_words", "type": "string", "missing_codes": ["NA", "-9", 7, "true"]},
    {"name": "truth", "type": "boolean"},
    {"name": "coded_truth", "type": "boolean", "missing_codes": ["unknown", -9, "no"]},
    {"name": "day", "type": "date"},
    {"name": "coded_day", "type": "date", "missing_codes": ["1900-01-01", "0000-00-00", "never"]},
    {"name": "dotted", "type": "date", "format": "%d.%m.%Y", "missing_codes": ["31.12.9999"]},
    {"name": "short", "type": "date", "format": "%d/%m/%y"},
    {"name": "month", "type": "date", "format": "%b-%Y"},
    {"name": "glued", "type": "date", "format": "%Y%m%d", "missing_codes": [99991231]},
    {"name": "clocked", "type": "date", "format": "%m/%d/%Y %I:%M %p"},
    {"name": "counted", "type": "date", "format": "%Y.%j"},
    {"name": "quarter", "type": "date", "format": "Q%q %Y"},
    {"name": "born", "type": "date", "format": "%d/%m/%y from 1911"},
    {"name": "serial", "type": "date", "format": "excel"},
    {"name": "stamped", "type": "date", "format": "epoch milliseconds"},
)
CONTRACT = Contract.model_validate(
    {
        "name": "odd",
        "version": 1,
        "time_zone": ZONE,
        "id": "id",
        "target": {"field": "bad", "event": True, "window_months": 12},
        "fields": [
            {"name": "id", "type": "string", "use": "identifier"},
            *FIELDS,
            {"name": "bad", "type": "boolean", "use": "target"},
        ],
    }
)
NAMES = tuple(each["name"] for each in FIELDS)
NUMBERS = (
    "0", "-0", "-0.0", "+0.", ".5", "5.", "+.5e1", "1e3", "1E3", "1e+3", "1000.0", "1e-3", "007",
    "3", "3.0", "3.5", "0.1", "0.30000000000000004", "123456789.123456789", "9007199254740993",
    "9007199254740992", "9007199254740994.0", "1e22", "1.0000000000000001e22", "-1e22", "1e23",
    "1e308", "1e309", "1e400", "-1e400", "1e99999", "1e-99999", "5e-324",
    "2.2250738585072014e-308", "1e-400", "0e400", "0.0e-999999", "0", "7", "9", "0.", "0", "1",
    "1_000", "1,234.5", "1.234,5", "1,234,567", "1.234.567,89", "1 234", "1\u00a0234,5", "12%",
    "12 %", "12\u00a0%", "%", "$5", "€ 5", "5€", "-$5.25", "(5)", "--5", "+-5", "5-", "1e", "e5",
    "1e5.5", ".", "+", "-", "0x10", "0b1", "1d", "1f", "1L", "nan", "NaN", "-nan", "inf", "-Inf",
    "+Infinity", "infinit", "١٢", "½", "一", "-9", "-9.0", "-09", "999", "7", "-1", "-1.0", "1/2",
    "99991231", "1\u202f234,50 €", "(1 234)", "12 50", "0,412", "(1,234)", "1,234-", "'1234",
    "5 €-",
    "12,34,567.8", "0,123", "1,23", "１，２３４．５", "٣٦", "$12.5K", "-$3 mn", "(2M)", "36 months",
    "2 yrs 6 mo.", "3 Jahre und 6 Monate", "10+ years", "< 1 year", "2年3个月", "12期", "1.5 years",
    "24 monkeys", "2 4 months", "43101", "43101.75", "60", "61", "2958465", "2958466",
    "1514764800000", "-86400000", "1514764799999.5", "4070908799000",
)  # fmt: skip
WORDS = (
    "", "a", "NA", "na", "n/a", "null", "None", "unknown", "UNKNOWN", "never", "true", "TRUE",
    "True", "t", "T", "yes", "YES", "yEs", "y", "1", "1.0", "1.00", "false", "f", "F", "no", "No",
    "N", "0.0", "on", "off", "ja", "wahr", "d'or", "O'Brien; DROP TABLE", "back\\slash", "a b",
    "a  b", "ß",
    "é", "e\u0301", "贷款", "😀", "İ", "ſ", "${x}", "%s", "{}", "a\u200bb", "tab\there",
)  # fmt: skip
DAYS = (
    "2026-03-02", "2026-3-2", "2026/03/02", "2026/3/2", "2026-03/02", "2026-02-29", "2024-02-29",
    "1900-02-29", "2000-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-01-32",
    "2026-04-31", "1899-12-31", "1900-01-01", "1900-01-02", "9999-12-31", "0000-00-00",
    "0001-01-01", "26-03-02", "2026-03-02T10:00", "2026-03-02 10:00:00",
    "2026-03-02T23:59:59.999999", "2026-03-02 1:05", "2026-03-02T24:00", "2026-03-02T10:60",
    "2026-03-02T10:00:60", "2026-03-02 10:00:00,5", "2026-03-02T00:30:00Z",
    "2026-03-02T05:30:00z", "2026-03-02T00:30:00+08:00", "2026-03-02T23:30:00-05:00",
    "2026-03-02 23:30:00 -0500", "2026-03-02T23:30:00+14", "2026-03-02T00:00:00-24:00",
    "2026-03-02T00:00:00+23:59", "2026-03-08T06:59:59Z", "2026-03-08T07:00:00Z",
    "2026-11-01T05:59:00Z", "2026-11-01T04:30:00Z", "2026-07-01T03:59:59Z",
    "2026-07-01T04:00:00Z", "2026-12-31T23:59:59-12:00", "9999-12-31T23:59:59-12:00",
    "2026-03-02T10:00 Europe/Paris", "2026-03-02T", "2026-03", "2026", "20260302", "20260230",
    "02.03.2026", "2.3.2026", "30.02.2026", "31.12.9999", "02/03/26", "2/3/68", "2/3/69",
    "31/02/26", "Mar-2026", "mar-2026", "MARCH-2026", "Sept-2026", "Sep-2026", "Foo-2026",
    "Mar-26", "03/02/2026 11:59 PM", "3/2/2026 12:00 am", "03/02/2026 13:00 PM",
    "03/02/2026 0:30 AM", "2026.061", "2026.366", "2024.366", "2026.0", "2026.1", "today",
    "2026-03-02x", "x2026-03-02", "Q1 2026", "Q5 2026", "q1 2026", "2026-03-02 23:30:00 UTC",
    "2/3/10", "2/3/11", "März-2026", "MÄRZ-2026", "mÄrz-2026", "Déc.-2025", "сен-2026", "ОКТ-2026",
    "Mar.-2026",
)  # fmt: skip
SIDES = (
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u2003",
    "\u200b",
    "\ufeff",
    "\u3000",
    "\x1f",
    "\x85",
)
FLOATS = (
    0.0, -0.0, 1.0, 0.5, 3.0, 7.0, -9.0, 999.0, 1000.0, -1.0, 0.1 + 0.2, 1e22, 1.1e22, -1e300,
    5e-324, 2.0**53, 2.0**53 + 2, nan, inf, -inf, 20260302.0, 20260230.0, 99991231.0, 2026.5, 1e-30,
)  # fmt: skip
WHOLES = (0, 1, -1, 7, -9, 999, 2, 2**53, 2**53 + 1, 2**62, -(2**63), 20260302, 99991231, 1900)
DECIMALS = tuple(
    map(
        Decimal,
        ("0", "1", "0.10", "-9.00", "7.000", "3.5", "999.0", "12345678901234567.25", "20260302"),
    )
)
DATES = (
    date(2026, 3, 2), date(1900, 1, 1), date(1899, 12, 31), date(1900, 1, 2), date(9999, 12, 31),
    date(2024, 2, 29),
)  # fmt: skip
MOMENTS = (
    datetime(2026, 3, 2), datetime(2026, 3, 2, 23, 59, 59, 999999), datetime(1900, 1, 1, 12),
    datetime(2026, 3, 8, 2, 30),
)  # fmt: skip
INSTANTS = (
    datetime(2026, 3, 2, 4, 59, 59, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC),
    datetime(2026, 7, 1, 3, 59, tzinfo=UTC), datetime(2026, 7, 1, 4, tzinfo=UTC),
    datetime(2026, 3, 2, 8, tzinfo=timezone(timedelta(hours=8))),
    datetime(1900, 1, 1, 12, tzinfo=UTC),
)  # fmt: skip
SORTS: dict[str, tuple[pl.DataType, tuple[Any, ...]]] = {
    "float": (pl.Float64(), FLOATS),
    "whole": (pl.Int64(), WHOLES),
    "decimal": (pl.Decimal(28, 3), DECIMALS),
    "boolean": (pl.Boolean(), (True, False)),
    "date": (pl.Date(), DATES),
    "moment": (pl.Datetime("us"), MOMENTS),
    "instant": (pl.Datetime("us", "UTC"), INSTANTS),
}
IDS: dict[str, tuple[Any, ...]] = {
    "text": (
        "", " ", "a", " a ", "7", "7.0", "007", "007.0", "7.00", "-7.0", "0.0", "-0.0", "-0", "1e3",
        "a.0", "\u00a0x", "x" * 200, "x" * 201, "1234567890123456.0", "12345678901234567.0", "贷",
    ),
    "float": (0.0, -0.0, 7.0, 7.5, 2.0**53, 2.0**53 + 2, nan, inf),
    "whole": (0, 7, -7, 2**53 + 1, 2**63 - 1),
    "decimal": tuple(map(Decimal, ("7", "7.5", "12345678901234567", "0.000"))),
    "boolean": (True, False),
    "date": (date(2026, 3, 2),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One value of one field, as a program types it."""

    field: str
    sort: str
    value: Any


def texts() -> Iterator[str]:
    """Every spelling bare, and some within blanks of every kind."""
    every = dict.fromkeys((*NUMBERS, *WORDS, *DAYS))
    yield from every
    for side in SIDES:
        for inner in ("", "5", "NA", "yes", "2026-03-02", "-9"):
            yield f"{side}{inner}{side}"
    for blank in BLANKS:
        yield f"{blank}1{blank}"


def cases() -> tuple[Case, ...]:
    """All of them, in one order."""
    rows = [Case(name, "text", text) for text in dict.fromkeys(texts()) for name in NAMES]
    rows += [
        Case(name, sort, value)
        for sort, (_, values) in SORTS.items()
        for value in values
        for name in NAMES
    ]
    return tuple(rows)
