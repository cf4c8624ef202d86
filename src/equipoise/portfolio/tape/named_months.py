"""Months as they stand in the names of files, sheets and columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from equipoise.portfolio.tape.document import month_of, month_text

# Twelve of a language, each as a regular expression: its names and what they are cut to.
_LANGUAGES = (
    "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)? "
    "oct(?:ober)? nov(?:ember)? dec(?:ember)?",
    "j(?:anuar|änner) februar m(?:är|ae|ä|a)rz april mai juni juli august september "
    "okt(?:ober)? november dez(?:ember)?",
    "ene(?:ro)? febrero marzo abr(?:il)? mayo junio julio ago(?:sto)? sep?tiembre octubre "
    "noviembre dic(?:iembre)?",
    "janv(?:ier)? f[ée]vr(?:ier)? mars avr(?:il)? mai juin juil(?:let)? ao[uû]t septembre octobre "
    "novembre d[ée]c(?:embre)?",
    "janeiro fev(?:ereiro)? mar[çc]o abril maio junho julho agosto setembro outubro novembro "
    "dez(?:embro)?",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
)
_NAMES = [
    (re.compile(name, re.IGNORECASE), number)
    for language in _LANGUAGES
    for number, name in enumerate(language.split(), 1)
]
_NAME = "(?:" + "|".join(name.pattern for name, _ in _NAMES) + ")"
_YEAR, _OF_A_YEAR, _DAY = r"(?:19|20)\d\d", r"0?[1-9]|1[0-2]", r"3[01]|[12]\d|0?[1-9]"
_ANY_YEAR = r"(?:19|20)?\d\d"
_CHINESE_NUMBERS = "一二三四"


def _named(text: str) -> int:
    return next(number for name, number in _NAMES if name.fullmatch(text))


def _quarter(text: str) -> int:
    return 3 * (_CHINESE_NUMBERS.index(text) + 1 if text in _CHINESE_NUMBERS else int(text))


# In this order: what an earlier one takes is no part of a later. Each has a `year` and a `month`.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], int]], ...] = tuple(
    (re.compile(form, re.IGNORECASE), number)
    for form, number in (
        # 31.01.2024; 2024-01-31 and 2024_1; 20240131 and 202401; 2024M01
        (rf"(?<!\d)(?:{_DAY})\.(?P<month>{_OF_A_YEAR})\.(?P<year>{_YEAR})(?!\d)", int),
        (
            rf"(?<!\d)(?:3[01]|2\d|1[3-9])[-_/](?P<month>{_OF_A_YEAR})[-_/](?P<year>{_YEAR})(?!\d)",
            int,
        ),
        (
            rf"(?<!\d)(?P<month>{_OF_A_YEAR})[-_/](?:3[01]|2\d|1[3-9])[-_/](?P<year>{_YEAR})(?!\d)",
            int,
        ),
        (rf"(?<!\d)(?P<year>{_YEAR})[-_./](?P<month>{_OF_A_YEAR})(?:[-_./](?:{_DAY}))?(?!\d)", int),
        (rf"(?<!\d)(?P<year>{_YEAR})(?P<month>0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)", int),
        (rf"(?<!\d)(?P<year>{_YEAR})m(?P<month>{_OF_A_YEAR})(?!\d)", int),
        # Q1 2024, 1Q24, 2024Q1, 2024年一季度
        (rf"(?P<year>{_YEAR})[-_. ]?q(?P<month>[1-4])(?!\d)", _quarter),
        (rf"(?<![a-z])q(?P<month>[1-4])[-_. '’]*(?P<year>{_ANY_YEAR})(?!\d)", _quarter),
        (rf"(?<!\d)(?P<month>[1-4])q[-_. '’]*(?P<year>{_ANY_YEAR})(?!\d)", _quarter),
        (rf"(?<!\d)(?P<year>{_ANY_YEAR})年?第?(?P<month>[一二三四1-4])季", _quarter),
        (rf"(?<!\d)(?P<year>{_ANY_YEAR})年(?P<month>{_OF_A_YEAR})月", int),
        # 2025 Mar; March 2025, Mar-25
        (rf"(?<!\d)(?P<year>{_YEAR})[-_. ]*(?<![a-z])(?P<month>{_NAME})(?![a-z])", _named),
        (rf"(?<![a-z])(?P<month>{_NAME})[-_. '’]*(?P<year>{_ANY_YEAR})(?!\d)", _named),
        # 01-2024, 012024
        (rf"(?<![\d])(?<!\d[-_./])(?P<month>{_OF_A_YEAR})[-_./ ](?P<year>{_YEAR})(?!\d)", int),
        (rf"(?<!\d)(?P<month>0[1-9]|1[0-2])(?P<year>{_YEAR})(?!\d)", int),
    )
)
_ALONE = re.compile(
    rf"(?<![a-z])(?P<name>{_NAME})(?![a-z])|(?<!\d)(?P<number>{_OF_A_YEAR})月", re.I
)
_YEAR_ALONE = re.compile(rf"(?<!\d)(?P<year>{_YEAR})(?!\d)")


def months_in(text: str) -> Iterator[tuple[str, str]]:
    """The months (YYYY-MM) that a text tells, each with the words that tell it; a quarter is its
    last."""
    taken: list[tuple[int, int]] = []
    for form, number in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if all(end <= before or start >= after for before, after in taken):
                taken.append((start, end))
                year = match["year"] if len(match["year"]) == 4 else f"20{match['year']}"
                yield f"{year}-{number(match['month']):02d}", match[0]


def month_in_name(name: str) -> str:
    """The month (YYYY-MM) that a file's name tells, a quarter as its last; "" where it tells none,
    or several."""
    months = {month for month, _ in months_in(name)}
    return months.pop() if len(months) == 1 else ""


def month_without_year(name: str) -> int | None:
    """The month of a year (1 to 12) that a name tells; None where it tells none, or several, or its
    year too."""
    told = {
        int(match["number"]) if match["number"] else _named(match["name"])
        for match in _ALONE.finditer(name)
    }
    return told.pop() if len(told) == 1 and not any(months_in(name)) else None


def month_of_file(path: Path, as_of: str = "") -> str:
    """The month (YYYY-MM) that a file's name tells, or a sheet's. One that tells no year is of that
    which the name of its workbook, archive or folder tells; with `as_of`, the last such month until
    then. "" where none is told."""
    if named := month_in_name(path.name):
        return named
    number = month_without_year(path.name)
    if number is None:
        return ""
    if newest := month_of(as_of):
        return month_text(newest - (newest - (number - 1)) % 12)
    years = {match["year"] for match in _YEAR_ALONE.finditer(path.parent.name)}
    return f"{years.pop()}-{number:02d}" if len(years) == 1 else ""
