"""Reading one value: the same fact whichever program wrote it, as text or typed.

A reader gives the typed value; None where nothing was given, or a code for missing; NaN for a
number that was given and is none to decide by. It raises BadInput for what is not of the type.
`column` reads the same of a whole column, `sql` writes it for a database.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from math import floor, isnan, nan
from numbers import Real
from typing import Any

from equipoise.contract.facts.codes import MissingCodes, missing_codes
from equipoise.contract.fields import Field
from equipoise.contract.formats import number_spelling
from equipoise.contract.grammar import (
    BLANKS,
    EXACT_IN_FLOAT,
    FALSE_WORDS,
    LARGEST,
    NO_NUMBER,
    NUMBER,
    TRUE_WORDS,
)
from equipoise.contract.patterns import EARLIEST_YEAR, day_of_moment, patterns_of
from equipoise.errors import BadInput

Read = Callable[[Any], Any]
WANTED = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
    "date": "a date such as 2026-01-31",
}
_NUMBER, _NO_NUMBER = re.compile(NUMBER), re.compile(NO_NUMBER)


def value_reader(field: Field, zone: str = "UTC") -> Read:
    """A function that reads the field's values; moments with an offset fall on days of `zone`."""
    codes = missing_codes(field)
    if field.type == "number":
        return _number_reader(field, codes)
    if field.type == "integer":
        return _integer_reader(field, codes)
    if field.type == "string":
        return _text_reader(field, codes, zone)
    if field.type == "boolean":
        return _truth_reader(field, codes)
    return _day_reader(field, codes, zone)


def text_of(value: str, field: str) -> str:
    """Text without the blanks around it. Raises BadInput for half a character."""
    text = value.strip(BLANKS)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise half_a_character(field) from None
    return text


def half_a_character(field: str) -> BadInput:
    """The refusal of text that no file and no database can hold."""
    return BadInput(
        f"'{field}' holds half a character (a surrogate without its other half)",
        field=field,
        mend="send the text as UTF-8, whole",
    )


def unreadable(field: Field, value: object) -> BadInput:
    """The refusal of a value that is not of its field's type."""
    wanted = WANTED[field.type]
    if field.type == "date" and field.format:
        wanted = f"a date written as {field.format}"
    elif field.accepts:
        wanted = "true or false: whether the document is there"
    return BadInput(
        f"'{field.name}' is {value!r:.60}, which is not {wanted}",
        field=field.name,
        mend=f"give {wanted}, or null where it is not known",
    )


def _number_reader(field: Field, codes: MissingCodes) -> Read:
    numbers = codes.numbers
    typed = _number_of(field, codes)

    def read(value: Any) -> float | None:
        number = value if type(value) is float else typed(value)
        if number is None or number in numbers:
            return None
        return number + 0.0 if -LARGEST <= number <= LARGEST else nan  # zero has one sign

    return read


def _integer_reader(field: Field, codes: MissingCodes) -> Read:
    numbers = codes.numbers
    typed = _number_of(field, codes)

    def read(value: Any) -> float | None:
        number = value if type(value) is float else typed(value)
        if number is None or number in numbers:
            return None
        if not -EXACT_IN_FLOAT <= number <= EXACT_IN_FLOAT:
            return nan
        if number != floor(number):
            raise unreadable(field, value)
        return number + 0.0

    return read


def _number_of(field: Field, codes: MissingCodes) -> Callable[[Any], float | None]:
    """A double from a number that is none yet, or from text."""
    spelled = number_spelling(field.format).number if field.format else _plain_number

    def typed(value: Any) -> float | None:
        if not isinstance(value, str):
            return None if value is None else _double(field, value)
        text = text_of(value, field.name)
        if not text or text in codes.texts:
            return None
        number = spelled(text)
        if number is not None:
            return number
        if _NO_NUMBER.fullmatch(text):
            return nan
        raise unreadable(field, value)

    return typed


def _plain_number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _double(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise unreadable(field, value)
    try:
        return float(value)
    except (OverflowError, ValueError):  # an integer of 400 digits, a signalling NaN
        return nan


def _text_reader(field: Field, codes: MissingCodes, zone: str) -> Read:
    name, texts = field.name, codes.texts

    def read(value: Any) -> str | None:
        text = text_of(value, name) if type(value) is str else _text_of_other(field, value, zone)
        return None if not text or text in texts else text

    return read


def _text_of_other(field: Field, value: Any, zone: str) -> str | None:
    """Text of what is none: a whole number's digits, a day as ISO writes it."""
    if value is None:
        return None
    if isinstance(value, str):
        return text_of(str(value), field.name)
    if isinstance(value, datetime):
        return day_of_moment(value, zone).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return digits_of(field, value)


def digits_of(field: Field, value: Any) -> str | None:
    """A whole number's digits; None for NaN. Raises BadInput for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    number = _double(field, value)
    if isnan(number):
        return None
    if abs(number) > EXACT_IN_FLOAT or number != floor(number):
        raise unreadable(field, value)
    return str(int(number))


def _truth_reader(field: Field, codes: MissingCodes) -> Read:
    def read(value: Any) -> bool | None:
        if value is None or isinstance(value, bool):
            truth = value
        elif isinstance(value, str):
            truth = _truth_of_text(field, value, codes)
        else:
            truth = _truth_of_number(field, value, codes)
        return None if truth in codes.truths else truth

    return read


_WORDS = {**dict.fromkeys(TRUE_WORDS, True), **dict.fromkeys(FALSE_WORDS, False)}


def _truth_of_text(field: Field, value: str, codes: MissingCodes) -> bool | None:
    text = text_of(value, field.name)
    if not text or text in codes.texts:
        return None
    if text.lower() not in _WORDS:
        raise unreadable(field, value)
    return _WORDS[text.lower()]


def _truth_of_number(field: Field, value: Any, codes: MissingCodes) -> bool | None:
    """1 and 0, however typed; numpy's own truth values too."""
    if type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    if not isinstance(value, (Real, Decimal)):
        raise unreadable(field, value)
    number = float(value)
    if isnan(number) or (number.is_integer() and str(int(number)) in codes.texts):
        return None
    if number not in (0.0, 1.0):
        raise unreadable(field, value)
    return number == 1.0


def _day_reader(field: Field, codes: MissingCodes, zone: str) -> Read:
    def read(value: Any) -> date | None:
        day = _day_of(field, value, codes, zone)
        if day is None or day in codes.days:
            return None
        if day.year < EARLIEST_YEAR:
            raise unreadable(field, value)
        return day

    return read


def _day_of(field: Field, value: Any, codes: MissingCodes, zone: str) -> date | None:
    if isinstance(value, datetime):
        # pandas' NaT is a datetime that is not even itself
        return day_of_moment(value, zone) if value == value else None  # noqa: PLR0124
    if value is None or isinstance(value, date):
        return value
    written = text_of(value, field.name) if isinstance(value, str) else digits_of(field, value)
    if not written or written in codes.texts:
        return None
    if isinstance(value, str) or field.format:
        days = (pattern.day(written, zone) for pattern in patterns_of(field.format))
        day = next((each for each in days if each is not None), None)
        if day is not None:
            return day
    raise unreadable(field, value)
