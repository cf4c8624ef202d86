"""What SQLite writes in its own way when it reads a fact: no regular expressions, no dates."""

# ruff: noqa: ARG002 - what other databases need to know, SQLite has no use for

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from equipoise.contract.facts import sqlite_grammar, sqlite_numbers
from equipoise.contract.facts.sql_engines import Engine, Sort
from equipoise.contract.patterns import DayPattern
from equipoise.contract.spelling import Spelling

_FIRST, _LAST = datetime(1899, 12, 31, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)


class SQLite(Engine):
    """Each value has a type of its own, whatever its column says; a NaN it can not even hold.

    Days are ISO text, truth is 1 or 0, and a number that is none to decide by is an infinity.
    """

    name = "sqlite"
    sorts: ClassVar[Mapping[Sort, tuple[str, ...]]] = {
        "text": ("text",),
        "whole": ("integer",),
        "float": ("real",),
        "decimal": (),
        "boolean": (),
        "date": (),
        "moment": (),
        "instant": (),
    }

    def is_(self, column: str, *sorts: Sort) -> str:
        listed = [self.literal(name) for each in sorts for name in self.sorts[each]]
        kind = f"typeof({column}) IN ({', '.join(listed)})"
        # SQLite's functions see text up to its first NUL alone: such text is none of these
        whole = f" AND INSTR(CAST({column} AS BLOB), x'00') = 0" if "text" in sorts else ""
        return f"({kind}{whole})"

    def taken(self, column: str) -> str:
        # without the column's affinity, which would turn what it is compared with
        return f"(+ {column})"

    def bytewise(self, text: str) -> str:
        return f"{text} COLLATE BINARY"

    def nan(self) -> str:
        return "9e999"

    def is_nan(self, number: str) -> str:
        return "FALSE"

    def read_number(self, bare: str, fail: str) -> str:
        return f" ELSE {sqlite_grammar.number_of(bare, self.nan(), fail)}"

    def plain_marks(self, text: str) -> str:
        return sqlite_numbers.plain_marks(text)

    def ascii_lower(self, text: str) -> str:
        return f"LOWER({text})"  # of ASCII alone, unless an extension says otherwise

    def read_spelled(self, said: str, spelling: Spelling, fail: str) -> str:
        read = sqlite_numbers.number_of_format(said, spelling.written, self.nan(), fail)
        return f" ELSE {read}"

    def whole_float(self, text: str) -> str:
        bare = f"LTRIM({text}, '-')"
        digits = f"SUBSTR({bare}, 1, LENGTH({bare}) - 2)"
        return (
            f"SUBSTR({text}, -2) = '.0' AND ({text} = '0.0' OR LENGTH({digits}) BETWEEN 1 AND 16"
            f" AND LENGTH({text}) - LENGTH({bare}) <= 1 AND SUBSTR({digits}, 1, 1) <> '0'"
            f" AND {digits} NOT GLOB '*[^0-9]*')"
        )

    def whole_decimal(self, text: str, fail: str) -> str:
        return fail

    def part(self, text: str, pattern: DayPattern, group: str) -> str:
        return sqlite_grammar.part_of(text, group)

    def apart(self, text: str, pattern: DayPattern) -> str:
        return sqlite_grammar.parts_of(text, pattern.regex, pattern.written)

    def double_of_number(self, column: str) -> str:
        return f"CAST({column} AS REAL)"

    def truth(self, column: str) -> str:
        return "NULL"

    def day_of_typed(self, column: str) -> str:
        return "NULL"

    def instant_day(self, column: str, zone: str) -> str:
        return "NULL"

    def iso(self, day: str) -> str:
        return day

    def in_zone(self, day: str, seconds: str, zone: str) -> str:
        return _day_in(f"datetime({day}, ({seconds}) || ' seconds')", zone)

    def today(self, zone: str) -> str:
        return "date('now')" if zone == "UTC" else _day_in("datetime('now')", zone)

    def failing(self, message: str, kind: str) -> str:
        return f"json_extract('{{}}', {message})"

    def day(self, iso: str) -> str:
        return self.literal(iso)

    def number(self, value: float) -> str:
        return f"{int(value)}.0" if abs(value) < 1e16 and value == int(value) else _exact(value)

    def date_of(self, year: str, month: str, day: str) -> str:
        return f"printf('%04d-%02d-%02d', {year}, {month}, {day})"

    def days_later(self, day: str, days: str) -> str:
        return f"date({day}, ({days}) || ' days')"


def _exact(value: float) -> str:
    """A whole number over or times a power of two, which every build reads exactly."""
    over, under = value.as_integer_ratio()
    twos = (over & -over).bit_length() - 1
    text = f"{over >> twos}.0"
    for sign, power in (("*", twos), ("/", under.bit_length() - 1)):
        while power > 0:
            text, power = f"{text} {sign} {2 ** min(power, 50)}.0", power - 50  # noqa: PLW2901
    return f"({text})"


def _day_in(moment: str, zone: str) -> str:
    """The day in a zone of a moment in UTC, from 1900 to 2100; NULL, which is refused, later."""
    arms, before = [], _offset(_FIRST, zone)
    for at, offset in _changes(zone):
        arms.append(f"WHEN said < '{at}' THEN '{before} seconds'")
        before = offset
    arms.append(f"WHEN said < '{_LAST:%Y-%m-%d}' THEN '{before} seconds'")
    return (
        f"(WITH moment AS (SELECT {moment} AS said LIMIT -1)"
        f" SELECT date(said, CASE {' '.join(arms)} END) FROM moment)"
    )


@lru_cache(maxsize=16)
def _changes(zone: str) -> tuple[tuple[str, int], ...]:
    """When the zone's clocks were or will be set, in UTC, and seconds east of it from then on."""
    changes, at, step = [], _FIRST, timedelta(days=1)
    while at < _LAST:
        if _offset(at, zone) != _offset(at + step, zone):
            low, high = 0, int(step.total_seconds())
            while high - low > 1:
                middle = (low + high) // 2
                same = _offset(at + timedelta(seconds=middle), zone) == _offset(at, zone)
                low, high = (middle, high) if same else (low, middle)
            when = at + timedelta(seconds=high)
            changes.append((f"{when:%Y-%m-%d %H:%M:%S}", _offset(when, zone)))
        at += step
    return tuple(changes)


def _offset(moment: datetime, zone: str) -> int:
    shift = moment.astimezone(ZoneInfo(zone)).utcoffset()
    return 0 if shift is None else round(shift.total_seconds())
