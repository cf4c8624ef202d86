"""Dates in three boxes: a day, a month by number or name, a year in full."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import MAXYEAR, date

from equipoise.contract import Field
from equipoise.contract.monthnames import month_of
from equipoise.contract.patterns import EARLIEST_YEAR
from equipoise.contract.spelling import plain_marks
from equipoise.journey.freetext import box
from equipoise.journey.refusal import NotRead
from equipoise.texts.dates import written_day
from equipoise.texts.saying import say

PARTS = ("day", "month", "year")
_DIGITS = {each: digit for digit, each in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_AFTER_A_DAY = re.compile("(?:日|号|號|st|nd|rd|th)$", re.IGNORECASE)
_TENS = re.compile("(?P<tens>[一二三]?)十(?P<ones>[一二三四五六七八九]?)")


def read_date(field: Field, raw: Mapping[str, str]) -> date | None:
    """The day that three boxes say; None where all are empty. Raises NotRead, naming the box."""
    written = {part: box(raw, field.name, part) for part in PARTS}
    if not any(written.values()):
        return None
    for part in PARTS:
        if not written[part]:
            raise NotRead(_lacking(part), field=field.name, part=part)
    year = _year(field, written["year"])
    month = _month(field, written["month"])
    day = _day(field, written["day"], month, year)
    _require_in_range(field, day)
    return day


def _year(field: Field, text: str) -> int:
    year = _number(text.removesuffix("年"))
    if year is None or not EARLIEST_YEAR <= year <= MAXYEAR:
        message = say("Please give the year in full, such as 1987.")
        raise NotRead(message, field=field.name, part="year")
    return year


def _month(field: Field, text: str) -> int:
    month = month_of(text.rstrip(".")) or _number(text.removesuffix("月"))
    if month is None or not 1 <= month <= 12:
        message = say("The month is a number from 1 to 12, or its name.")
        raise NotRead(message, field=field.name, part="month")
    return month


def _day(field: Field, text: str, month: int, year: int) -> date:
    day = _number(_AFTER_A_DAY.sub("", text))
    last = monthrange(year, month)[1]
    if day is None or not 1 <= day <= 31:
        message = say("The day is a number from 1 to 31.")
    elif day > last:
        message = say(
            "That month has {last} days, so there is no day {day} in it.",
            last=last,
            day=day,
        )
    else:
        return date(year, month, day)
    raise NotRead(message, field=field.name, part="day")


def _number(text: str) -> int | None:
    """A whole number in digits of any width, or in Chinese ones."""
    plain = plain_marks(text).strip()
    if re.fullmatch("[0-9]{1,4}", plain):
        return int(plain)
    if match := _TENS.fullmatch(plain):
        return _DIGITS.get(match["tens"], 1) * 10 + _DIGITS.get(match["ones"], 0)
    if plain and len(plain) <= 4 and all(each in _DIGITS for each in plain):
        return int("".join(str(_DIGITS[each]) for each in plain))
    return None


def _lacking(part: str) -> str:
    if part == "day":
        return say("Please give the day as well.")
    if part == "month":
        return say("Please give the month as well.")
    return say("Please give the year as well.")


def _require_in_range(field: Field, day: date) -> None:
    low, high = (each if isinstance(each, date) else None for each in field.range or (None, None))
    if (low is None or day >= low) and (high is None or day <= high):
        return
    first = "" if low is None else written_day(low)
    last = "" if high is None else written_day(high)
    if low is not None and high is not None:
        message = say("Please give a date from {first} to {last}.", first=first, last=last)
    elif low is not None:
        message = say("Please give a date that is {first} or later.", first=first)
    else:
        message = say("Please give a date that is {last} or earlier.", last=last)
    raise NotRead(message, field=field.name)
