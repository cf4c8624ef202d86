"""How days are written: strptime patterns as regular expressions that every engine reads alike.

A pattern becomes one expression with a named group for each part, so that Python, polars and a
database take the same text apart in the same way. Names of months are English, whatever the
machine's language is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from equipoise.contract.days import day_of

EARLIEST_YEAR = 1900
CENTURY_PIVOT = 69  # %y: 69 to 99 are 1969 to 1999, as POSIX has it
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_COMPOSITE = {"%D": "%m/%d/%y", "%x": "%m/%d/%y", "%F": "%Y-%m-%d", "%v": "%e-%b-%Y",
              "%T": "%H:%M:%S", "%R": "%H:%M"}  # fmt: skip
_ZONE = "(?P<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)"
_FIXED = {"Y": 4, "y": 2, "m": 2, "d": 2, "e": 2, "j": 3, "H": 2, "I": 2, "M": 2, "S": 2}
_LEAST = {"Y": 4, "y": 2, "j": 1, "M": 2, "S": 2}
_WORDS = {"b": "[A-Za-z]{3,9}", "B": "[A-Za-z]{3,9}", "h": "[A-Za-z]{3,9}", "p": "[AaPp][Mm]"}
_GROUP = {"e": "d", "B": "b", "h": "b"}
_TIME = (
    "(?:[T ](?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    f" ?{_ZONE}?)?"
)
_ISO = "(?P<Y>[0-9]{{4}}){0}(?P<m>[0-9]{{1,2}}){0}(?P<d>[0-9]{{1,2}})"
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})?")


@dataclass(frozen=True, slots=True)
class DayPattern:
    """One way to write a day: `regex` has groups named by what they hold (Y, y, m, b, d, j, H, I,
    M, S, p, z), and is anchored by nobody."""

    written: str
    regex: str

    def day(self, text: str, zone: str) -> date | None:
        """The day that the whole text says, in `zone` where it is a moment with an offset."""
        match = _compiled(self.regex).fullmatch(text)
        return None if match is None else day_of_parts(match.groupdict(), zone)


def day_pattern(written: str) -> DayPattern:
    """A strptime pattern. Raises ValueError for a directive that no engine could read alike."""
    for short, long in _COMPOSITE.items():
        written = written.replace(short, long)
    tokens = re.findall(r"%.|\s+|[^%\s]|%$", written)
    parts: list[str] = []
    for at, token in enumerate(tokens):
        if token[0] != "%" or token[1:] == "%":
            parts.append(r"[ ]+" if token.isspace() else re.escape(token[-1]))
            continue
        beside = tokens[max(at - 1, 0) : at] + tokens[at + 1 : at + 2]
        parts.append(_directive(token, glued=any(_is_numeric(each) for each in beside)))
    groups = re.findall(r"\?P<(\w)>", "".join(parts))
    if len(set(groups)) != len(groups):
        raise ValueError(f"'{written}' says a part of the day twice")
    if not {"Y", "y"} & set(groups):
        raise ValueError(f"'{written}' has no year (%Y or %y)")
    return DayPattern(written, "".join(parts))


def _is_numeric(token: str) -> bool:
    return token[0] == "%" and token[1:] in _FIXED


def _directive(token: str, *, glued: bool) -> str:
    letter = token[1:]
    if letter in _WORDS:
        return f"(?P<{_GROUP.get(letter, letter)}>{_WORDS[letter]})"
    if letter == "f":
        return "[0-9]{1,9}"
    if letter == "z":
        return _ZONE
    if letter in ("a", "A"):
        return "[A-Za-z]{3,9}"
    if letter not in _FIXED:
        known = ", ".join(f"%{each}" for each in (*_FIXED, *_WORDS, "a", "A", "f", "z"))
        raise ValueError(f"'{token}' is not a part of a date's pattern; known are {known}")
    most = _FIXED[letter]
    least = most if glued else _LEAST.get(letter, 1)
    blank = " ?" if letter == "e" and not glued else ""
    return f"{blank}(?P<{_GROUP.get(letter, letter)}>[0-9]{{{least},{most}}})"


ISO_PATTERNS = tuple(
    DayPattern(written, _ISO.format(separator) + _TIME)
    for written, separator in (("%Y-%m-%d", "-"), ("%Y/%m/%d", "/"))
)


@lru_cache(maxsize=512)
def patterns_of(written: str) -> tuple[DayPattern, ...]:
    """The patterns that a field's text may follow, in order: its `format`, then ISO's.

    Programs write ISO whatever the file looked like; only where a format puts the day before the
    month behind a year could the two be taken for each other, and the format stands alone.
    """
    if not written:
        return ISO_PATTERNS
    own = day_pattern(written)
    return (own,) if re.match(r"%Y[-/]%[de]", own.written) else (own, *ISO_PATTERNS)


@lru_cache(maxsize=512)
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)


def day_of_parts(parts: dict[str, str | None], zone: str) -> date | None:
    """The day of a text's parts; None where there is no such day or time of day."""
    hour = int(parts.get("H") or parts.get("I") or 0)
    if parts.get("p"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if (parts["p"] or "").lower() == "pm" else 0)
    minute, second = int(parts.get("M") or 0), int(parts.get("S") or 0)
    day = _civil(parts)
    if day is None or hour > 23 or minute > 59 or second > 59:
        return None
    offset = parts.get("z")
    if not offset:
        return day
    return _in_zone(datetime(day.year, day.month, day.day, hour, minute, second), offset, zone)


def _civil(parts: dict[str, str | None]) -> date | None:
    written = parts.get("Y")
    if written:
        year = int(written)
    else:
        short = int(parts.get("y") or 0)
        year = short + (1900 if short >= CENTURY_PIVOT else 2000)
    try:
        if parts.get("j"):
            day = date(year, 1, 1) + timedelta(days=int(parts["j"] or 0) - 1)
            return day if day.year == year else None
        month = _month(parts.get("b")) if parts.get("b") else int(parts.get("m") or 1)
        return date(year, month, int(parts.get("d") or 1))
    except ValueError:
        return None


def _month(name: str | None) -> int:
    """1 to 12 by an English month's name or its first three letters (`sept` too); 0 is none."""
    short = (name or "").lower()
    for number, whole in enumerate(MONTHS, start=1):
        if short in (whole, whole[:3]) or (number == 9 and short == "sept"):
            return number
    return 0


def _in_zone(moment: datetime, offset: str, zone: str) -> date | None:
    minutes = offset_minutes(offset)
    if abs(minutes) >= 24 * 60:
        return None
    try:
        aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        return day_of(aware, zone)
    except OverflowError:
        return None


def offset_minutes(offset: str) -> int:
    """Minutes east of UTC of `Z`, `+08:00`, `-0330` or `+08`."""
    match = _OFFSET.fullmatch(offset)
    if match is None:
        return 0
    sign, hours, minutes = match.groups()
    return (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes or 0))


def day_of_moment(moment: datetime, zone: str) -> date:
    """A moment's day: in `zone` where it has an offset, its own where it has none."""
    return moment.date() if moment.tzinfo is None else day_of(moment, zone)
