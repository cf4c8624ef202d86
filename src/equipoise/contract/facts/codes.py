"""A field's codes for missing, in the type that the field has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from equipoise.contract.fields import Field
from equipoise.contract.grammar import FALSE_WORDS, NUMBER, TRUE_WORDS
from equipoise.contract.patterns import patterns_of


@dataclass(frozen=True, slots=True)
class MissingCodes:
    """What stands for a missing value: as text, and as what the text means in the field's type.

    A code is met whichever way it is written: '-999' by -999.0, '1900-01-01' by that day.
    """

    texts: frozenset[str]
    numbers: frozenset[float] = frozenset()
    days: frozenset[date] = frozenset()
    truths: frozenset[bool] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.texts)


def missing_codes(field: Field) -> MissingCodes:
    """The codes of a field."""
    texts = frozenset(_text(code) for code in field.missing_codes)
    if field.type in ("number", "integer"):
        numbers = frozenset(float(each) for each in texts if re.fullmatch(NUMBER, each))
        return MissingCodes(texts, numbers=numbers)
    if field.type == "date":
        forms = (*patterns_of(field.format), *patterns_of(""))
        days = {form.day(each, "UTC") for form in forms for each in texts}
        return MissingCodes(texts, days=frozenset(day for day in days if day is not None))
    if field.type == "boolean":
        words = {each.lower() for each in texts}
        truths = {True for _ in words & {*TRUE_WORDS}} | {False for _ in words & {*FALSE_WORDS}}
        return MissingCodes(texts, truths=frozenset(truths))
    return MissingCodes(texts)


def _text(code: bool | float | str) -> str:
    if isinstance(code, bool):
        return "true" if code else "false"
    if isinstance(code, float) and code.is_integer():
        return str(int(code))
    return str(code).strip()
