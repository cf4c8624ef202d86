"""How the days of a column are written, as the whole column suggests it.

A pattern has to read nearly all cells. Of several that do, those that put days into the future
under a name that tells of the past, or scatter them over many times the years that another needs,
are out; where two are left that read a cell as different days, both are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from equipoise.contract.facts.days import read_days
from equipoise.contract.lexicon import protected_kind, sounds_like_date, sounds_planned
from equipoise.contract.lexicon.terms import terms
from equipoise.contract.numbermarks import ENOUGH, share_of
from equipoise.contract.patterns import (
    BY_NUMBER,
    EARLIEST_YEAR,
    FIRST_SHORT_YEAR,
    day_pattern,
    patterns_of,
)

_LATEST_YEAR = 2100
_SAMPLE, _SAMPLE_FITS, _GLANCE = 60, 0.8, 12
_NAME, _FOUR_DIGITS, _PART = re.compile(r"[^\W\d_]{3}"), re.compile(r"\d{4}"), re.compile("%.")
_MOST_SCATTERED = 3.0  # times the years that the narrowest reading needs
_YOUNGEST_BORROWER = 15
_LONGEST_PLAN = 45  # years that a planned day may lie ahead
_ISO = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]\d{1,2}:\d{2}.*)?$"
_TIME = re.compile(
    r"^.*?\d(?P<gap>T|,? )(?P<hour>\d{1,2}):\d{2}(?P<second>:\d{2})?(?P<part>\.\d{1,9})?"
    r"(?P<blank> ?)(?P<half>[AaPp][Mm])?(?P<zone> ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$"
)
# the likelier first where two read all the same: America writes slashes, others dots and dashes
_WITH_DAY = (
    "%Y.%m.%d", "%Y年%m月%d日", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%d. %m. %Y", "%d %m %Y", "%Y %m %d", "%d.%m.%y", "%m/%d/%y", "%d/%m/%y", "%d-%m-%y",
    "%m-%d-%y", "%y-%m-%d", "%y/%m/%d", "%y.%m.%d", "%Y/%d/%m",
    "%d-%b-%Y", "%d %b %Y", "%d. %b %Y", "%d.%b.%Y", "%d/%b/%Y", "%d%b%Y", "%d-%b-%y", "%d %b %y",
    "%d. %b %y", "%d.%b.%y", "%d/%b/%y", "%d%b%y", "%d %b, %Y", "%b %d, %Y", "%b %d %Y",
    "%b-%d-%Y", "%b %d, %y", "%b %d %y", "%Y-%b-%d", "%Y %b %d", "%d de %b de %Y", "%d de %b %Y",
    "%a, %d %b %Y", "%a %d %b %Y", "%a, %b %d, %Y", "%a %b %d %Y", "%Y%m%d",
)  # fmt: skip
_MONTHS = (
    "%Y-%m", "%Y/%m", "%Y.%m", "%m/%Y", "%m-%Y", "%m.%Y", "%YM%m", "%Ym%m", "%Y年%m月", "%b-%Y",
    "%b %Y", "%b/%Y", "%b, %Y", "%b.%Y", "%b%Y", "%Y-%b", "%Y %b", "%Y%b", "%b-%y", "%b %y",
    "%b/%y", "%b'%y", "%b%y", "%y-%b", "%b de %Y", "%b de %y",
)  # fmt: skip
_QUARTERS = (
    "%YQ%q", "%Yq%q", "%Y-Q%q", "%Y Q%q", "%Y/Q%q", "Q%q %Y", "Q%q-%Y", "Q%q/%Y", "Q%q%Y",
    "%qQ%Y", "%qQ%y", "%qQ %Y", "%qQ %y", "Q%q %y", "Q%q'%y", "%q. Quartal %Y", "%q.Quartal %Y",
    "T%q %Y", "%qT%Y", "%YT%q", "%Y年%q季度", "%Y年第%q季度",
)  # fmt: skip
_SHORT_MONTHS = ("%y-%m", "%m-%y", "%m/%y", "%y/%m", "%m.%y")
_OF_SIX_DIGITS = ("%Y%m", "%y%m%d", "%d%m%y", "%m%d%y", "%m%Y")
_OF_EIGHT_DIGITS = ("%Y%m%d", "%d%m%Y", "%m%d%Y")
# names of days, and of nothing that is counted in days or decided on one
_DAY_ITSELF = terms("""
    date date* dt datum datum* fecha fec fch data_de dob birthday tarih tarihi tanggal tgl dato
    pvm дата timestamp issued_on opened_on created_at updated_at applied_on created_on closed_on
    日期 时间 時間 年月日 날짜 일자 vintage
""")


@dataclass(frozen=True, slots=True)
class DateGuess:
    """A way to write days that reads nearly all cells, and the days that it `reads`; `rival`
    reads `example` as another day."""

    written: str
    reads: pl.Series
    rival: str | None = None
    example: str = ""


class _Fit(NamedTuple):
    written: str
    days: pl.Series


def guess_dates(header: str, text: pl.Series, rows: pl.Series, today: date) -> DateGuess | None:
    """How the different cells of a column of text write days, if they do; `rows` counts each.

    `today` is the day on which the file is read: what has happened lies before it.
    """
    if float(text.str.contains(r"\d").mean() or 0.0) < ENOUGH:  # type: ignore[arg-type]
        return None
    if text.str.contains(r"^\d{4,5}[.]\d+$").any() and _DAY_ITSELF.within(header):
        whole = text.str.replace(r"^(\d{4,5})[.]\d+$", "$1")  # a workbook's days with a time of day
        return _by_number(header, whole, rows, today)
    if text.str.contains(r"^\d+(\.0*)?$").all():
        whole = text.str.replace(r"\.0*$", "")
        return guess_number_dates(header, whole, rows, today)
    if share_of(text.str.contains(_ISO), rows) >= ENOUGH:
        days = read_days(text, patterns_of(""), "UTC")
        if share_of(_sound(days), rows) >= ENOUGH:
            return DateGuess("", days)
    listed = list(_patterns(header, text))
    return _chosen(header, text, rows, listed, today)


def names_a_day(header: str) -> bool:
    """Whether whole numbers under this name may be days."""
    return sounds_like_date(header) or bool(_DAY_ITSELF.within(header))


def guess_number_dates(
    header: str, digits: pl.Series, rows: pl.Series, today: date
) -> DateGuess | None:
    """Days written as whole numbers, which only a name of a day tells from other numbers."""
    if not names_a_day(header):
        return None
    least, most = digits.str.len_chars().min(), digits.str.len_chars().max()
    listed: tuple[str, ...] = ()
    if (least, most) == (8, 8):
        listed = _OF_EIGHT_DIGITS
    elif (least, most) == (6, 6):
        listed = _OF_SIX_DIGITS
    if guess := _chosen(header, digits, rows, list(listed), today):
        return guess
    return _by_number(header, digits, rows, today) if _DAY_ITSELF.within(header) else None


def _by_number(header: str, digits: pl.Series, rows: pl.Series, today: date) -> DateGuess | None:
    """Serial days of Excel and seconds or milliseconds since 1970, within a lifetime of today."""
    first = date(1920 if protected_kind(header) == "age" else 1954, 1, 1)
    ahead = _LONGEST_PLAN if sounds_planned(header) else 1
    last = today + timedelta(days=366 * ahead)
    lengths = {"excel": (4, 5), "epoch seconds": (9, 10), "epoch milliseconds": (12, 13)}
    for written, (least, most) in lengths.items():
        if not digits.str.len_chars().is_between(least, most).all():
            continue
        days = read_days(digits, (BY_NUMBER[written],), "UTC")
        if share_of(days.is_between(first, last), rows) >= ENOUGH:
            return DateGuess(written, days)
    return None


def _patterns(header: str, text: pl.Series) -> Iterator[str]:
    """Patterns that the cells could follow, with the time of day that they have."""
    sample = text.head(_SAMPLE)
    days: tuple[str, ...] = (*_WITH_DAY, *_MONTHS, *_QUARTERS)
    if names_a_day(header):
        days += _SHORT_MONTHS
    if not sample.str.contains(":").any():
        yield from days
        return
    first = sample.filter(sample.str.contains(":"))[0]
    if (time := _time_of(str(first))) is not None:
        yield from (f"{each}{time}" for each in (*_WITH_DAY, "%Y-%m-%d"))


def _time_of(cell: str) -> str | None:
    time = _TIME.match(cell)
    if time is None:
        return None
    half = f"{time['blank']}%p" if time["half"] else ""
    second = ":%S" if time["second"] else ""
    part = ".%f" if time["part"] else ""
    zone = f"{' ' if (time['zone'] or '').startswith(' ') else ''}%z" if time["zone"] else ""
    gap = time["gap"]
    return f"{gap}%{'I' if half else 'H'}:%M{second}{part}{half}{zone}"


def _chosen(
    header: str,
    text: pl.Series,
    rows: pl.Series,
    listed: list[str],
    today: date,
) -> DateGuess | None:
    fits = [_Fit(written, days) for written, days in _fitting(text, listed, header, today)]
    shares = [share_of(_sound(fit.days), rows) for fit in fits]
    best = max(shares, default=0.0)
    if best < ENOUGH:
        return None
    able = [fit for fit, share in zip(fits, shares, strict=True) if share == best]
    able = _plausible(able, header, today)
    chosen = _preferred(able)
    rival = next((fit for fit in able if _reads_other(fit, chosen)), None)
    example = ""
    if rival is not None:
        differs = (rival.days != chosen.days).fill_null(value=False)
        example = str(text.filter(differs).min())
    return DateGuess(chosen.written, chosen.days, rival and rival.written, example)


def _fitting(
    text: pl.Series, listed: list[str], header: str, today: date
) -> Iterator[tuple[str, pl.Series]]:
    sample = text.head(_SAMPLE)
    some = sample.head(_GLANCE).to_list()
    for written in listed:
        if not any(_may_follow(cell, written) for cell in some):
            continue
        pattern = day_pattern(written)
        read = read_days(sample, (pattern,), "UTC")
        if read.len() - read.null_count() < _SAMPLE_FITS * sample.len():
            continue
        days = read_days(text, (pattern,), "UTC")
        if "%y" in written and (since := _since(header, days, today)) is not None:
            written = f"{written} from {since}"  # noqa: PLW2901
            days = read_days(text, (day_pattern(written),), "UTC")
        yield written, days


def _may_follow(cell: str, written: str) -> bool:
    """Whether a cell has a pattern's marks, and letters or four digits where it has such parts:
    seen at a glance, as most patterns need not even be compiled."""
    if "%b" in written and not _NAME.search(cell):
        return False
    if "%Y" in written and not _FOUR_DIGITS.search(cell):
        return False
    return set(_PART.sub("", written)) <= set(cell)


def _since(header: str, days: pl.Series, today: date) -> int | None:
    """The first of the hundred years that %y means here; None where POSIX's years will do."""
    if sounds_planned(header):
        return None
    born = protected_kind(header) == "age"
    last = today.year - (_YOUNGEST_BORROWER if born else 0)
    first = last - 99
    years = days.drop_nulls().dt.year()
    late = (years > last) | (days.drop_nulls() > today if not born else years > last)
    early = years < first
    return first if first != FIRST_SHORT_YEAR and bool((late | early).any()) else None


def _sound(days: pl.Series) -> pl.Series:
    # 1.2345 is no January of 2345
    return days.dt.year().is_between(EARLIEST_YEAR, _LATEST_YEAR).fill_null(value=False)


def _plausible(able: list[_Fit], header: str, today: date) -> list[_Fit]:
    if len(able) > 1 and not sounds_planned(header):
        past = [fit for fit in able if not (fit.days > today).any()]
        able = past or able
    # a day taken for a year scatters a few years over thirty
    spans = [_years(fit.days) for fit in able]
    widest = _MOST_SCATTERED * max(min(spans), 2)
    return [fit for fit, span in zip(able, spans, strict=True) if span <= widest]


def _years(days: pl.Series) -> int:
    years = days.drop_nulls().dt.year()
    low, high = years.min(), years.max()
    return high - low if isinstance(low, int) and isinstance(high, int) else 0


def _preferred(able: list[_Fit]) -> _Fit:
    """The first, unless another has every day on the first of a month and many months."""
    for fit in able:
        days = fit.days.drop_nulls()
        if len(able) > 1 and days.n_unique() > 1 and bool((days.dt.day() == 1).all()):
            return fit
    return able[0]


def _reads_other(fit: _Fit, chosen: _Fit) -> bool:
    return fit is not chosen and bool((fit.days != chosen.days).fill_null(value=False).any())
