"""How days are written: strptime patterns as regular expressions that every engine reads alike.

A pattern becomes one expression with a named group for each part, so that Python, polars and a
database take the same text apart in the same way. Beside strptime's parts there is `%q`, a quarter
whose first day is meant; `from 1921` behind a pattern says that years of two digits are those of
1921 to 2020. `excel`, `excel 1904`, `epoch seconds` and `epoch milliseconds` are days by number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from equipoise.contract.days import day_of
from equipoise.contract.monthnames import LETTERS, month_of

EARLIEST_YEAR = 1900
FIRST_SHORT_YEAR = 1969  # %y: 69 to 99 are 1969 to 1999, as POSIX has it
MONTHS_A_QUARTER = 3
MILLISECONDS = 1000
_MONTH_NAME = f"[{LETTERS}]{{3,12}}"
_COMPOSITE = {"%D": "%m/%d/%y", "%x": "%m/%d/%y", "%F": "%Y-%m-%d", "%v": "%e-%b-%Y",
              "%T": "%H:%M:%S", "%R": "%H:%M"}  # fmt: skip
_ZONE = "(?P<z>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)"
_FIXED = {"Y": 4, "y": 2, "m": 2, "d": 2, "e": 2, "j": 3, "H": 2, "I": 2, "M": 2, "S": 2}
_LEAST = {"Y": 4, "y": 2, "j": 1, "M": 2, "S": 2}
_WORDS = {"b": _MONTH_NAME, "B": _MONTH_NAME, "h": _MONTH_NAME, "p": "[AaPp][Mm]"}
_GROUP = {"e": "d", "B": "b", "h": "b"}
_TIME = (
    "(?:[T ](?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    f" ?{_ZONE}?)?"
)
_ISO = "(?P<Y>[0-9]{{4}}){0}(?P<m>[0-9]{{1,2}}){0}(?P<d>[0-9]{{1,2}})"
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})?")
_SINCE = re.compile(r"(?P<pattern>.+) from (?P<year>[0-9]{4})")


@dataclass(frozen=True, slots=True)
class DayPattern:
    """One way to write a day: `regex` has groups named by what they hold (Y, y, m, q, b, d, j, H,
    I, M, S, p, z; n: days after `day_zero`; s, t: seconds and milliseconds since 1970), and is
    anchored by nobody. Years of two digits are those of the hundred from `first_year`; days by
    number are none below `least`."""

    written: str
    regex: str
    first_year: int = FIRST_SHORT_YEAR
    day_zero: date = date(1970, 1, 1)
    least: int = 0

    def day(self, text: str, zone: str) -> date | None:
        """The day that the whole text says, in `zone` where it is a moment with an offset."""
        match = _compiled(self.regex).fullmatch(text)
        return None if match is None else _day_of_parts(self, match.groupdict(), zone)


def day_pattern(written: str) -> DayPattern:
    """The pattern of a date's format. Raises ValueError for what no engine could read alike."""
    if written in BY_NUMBER:
        return BY_NUMBER[written]
    since = _SINCE.fullmatch(written)
    if since is None:
        return DayPattern(written, _regex(written))
    regex, year = _regex(since["pattern"]), int(since["year"])
    if "?P<y>" not in regex or not EARLIEST_YEAR <= year <= _LAST_FIRST_YEAR:
        raise ValueError(f"'{written}' says from which year on %y is, from 1900 to 2099")
    return DayPattern(written, regex, first_year=year)


def _regex(written: str) -> str:
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
        if token[1:] in ("b", "B", "h") and tokens[at + 1 : at + 2] != ["."]:
            parts.append("[.]?")  # Aug. or Aug
    groups = re.findall(r"\?P<(\w)>", "".join(parts))
    if len(set(groups)) != len(groups):
        raise ValueError(f"'{written}' says a part of the day twice")
    if not {"Y", "y"} & set(groups):
        raise ValueError(f"'{written}' has no year (%Y or %y)")
    return "".join(parts)


def _is_numeric(token: str) -> bool:
    return token[0] == "%" and token[1:] in _FIXED


def _directive(token: str, *, glued: bool) -> str:
    letter = token[1:]
    if letter in _WORDS:
        return f"(?P<{_GROUP.get(letter, letter)}>{_WORDS[letter]})"
    if letter == "f":
        return "[0-9]{1,9}"
    if letter == "q":
        return "(?P<q>[1-4])"
    if letter == "z":
        return _ZONE
    if letter in ("a", "A"):
        return f"[{LETTERS}]{{2,13}}"
    if letter not in _FIXED:
        known = ", ".join(f"%{each}" for each in (*_FIXED, *_WORDS, "a", "A", "f", "q", "z"))
        raise ValueError(f"'{token}' is not a part of a date's pattern; known are {known}")
    most = _FIXED[letter]
    least = most if glued else _LEAST.get(letter, 1)
    blank = " ?" if letter == "e" and not glued else ""
    return f"{blank}(?P<{_GROUP.get(letter, letter)}>[0-9]{{{least},{most}}})"


ISO_PATTERNS = tuple(
    DayPattern(written, _ISO.format(separator) + _TIME)
    for written, separator in (("%Y-%m-%d", "-"), ("%Y/%m/%d", "/"))
)
_LAST_FIRST_YEAR = 2099
_FRACTION = "(?:[.][0-9]{1,20})?"
# Excel's day 60 is the 29th of February 1900, which never was: from 61 on its days are right
BY_NUMBER = {
    "excel": DayPattern(
        "excel", f"(?P<n>[0-9]{{1,7}}){_FRACTION}", day_zero=date(1899, 12, 30), least=61
    ),
    "excel 1904": DayPattern(
        "excel 1904", f"(?P<n>[0-9]{{1,7}}){_FRACTION}", day_zero=date(1904, 1, 1)
    ),
    "epoch seconds": DayPattern("epoch seconds", f"(?P<s>-?[0-9]{{1,11}}){_FRACTION}"),
    "epoch milliseconds": DayPattern("epoch milliseconds", f"(?P<t>-?[0-9]{{1,14}}){_FRACTION}"),
}


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


def _day_of_parts(pattern: DayPattern, parts: dict[str, str | None], zone: str) -> date | None:
    """The day of a text's parts; None where there is no such day or time of day."""
    if parts.get("n") or parts.get("s") or parts.get("t"):
        return _day_by_number(pattern, parts, zone)
    hour = int(parts.get("H") or parts.get("I") or 0)
    if parts.get("p"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if (parts["p"] or "").lower() == "pm" else 0)
    minute, second = int(parts.get("M") or 0), int(parts.get("S") or 0)
    day = _civil(parts, pattern.first_year)
    if day is None or hour > 23 or minute > 59 or second > 59:
        return None
    offset = parts.get("z")
    if not offset:
        return day
    return _in_zone(datetime(day.year, day.month, day.day, hour, minute, second), offset, zone)


def _day_by_number(pattern: DayPattern, parts: dict[str, str | None], zone: str) -> date | None:
    try:
        if days := parts.get("n"):
            after = int(days)
            return pattern.day_zero + timedelta(days=after) if after >= pattern.least else None
        seconds = int(parts.get("s") or 0) if parts.get("s") else _seconds(parts.get("t"))
        return day_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), zone)
    except OverflowError:
        return None


def _seconds(milliseconds: str | None) -> int:
    return int(milliseconds or 0) // MILLISECONDS


def _civil(parts: dict[str, str | None], first_year: int) -> date | None:
    written = parts.get("Y")
    year = int(written) if written else full_year(int(parts.get("y") or 0), first_year)
    try:
        if parts.get("j"):
            day = date(year, 1, 1) + timedelta(days=int(parts["j"] or 0) - 1)
            return day if day.year == year else None
        return date(year, _month(parts), int(parts.get("d") or 1))
    except (ValueError, OverflowError):
        return None


def full_year(short: int, first_year: int) -> int:
    """The year of two digits among the hundred that start with `first_year`."""
    year = first_year - first_year % 100 + short
    return year if year >= first_year else year + 100


def _month(parts: dict[str, str | None]) -> int:
    """1 to 12; 0 for a name that is none's."""
    if parts.get("b"):
        return month_of(parts["b"] or "")
    if parts.get("q"):
        return (int(parts["q"] or 1) - 1) * MONTHS_A_QUARTER + 1
    return int(parts.get("m") or 1)


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


DAY_EXAMPLES = (
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%d-%m-%y", "%b-%Y", "%m/%Y",
    "%YQ%q", "%d-%b-%y from 1927", *BY_NUMBER,
)  # fmt: skip
