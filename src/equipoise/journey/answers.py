"""An answer as a person typed it, read by its field of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from equipoise.contract import Field
from equipoise.contract.facts.codes import missing_codes
from equipoise.contract.fields import Scalar
from equipoise.journey.brought import read_document
from equipoise.journey.choices import read_choice, read_yes_no
from equipoise.journey.dates import read_date
from equipoise.journey.figures import read_figure
from equipoise.journey.freetext import read_text
from equipoise.journey.quantities import priced
from equipoise.journey.refusal import NotRead
from equipoise.texts.saying import say, speaking

Answer = Scalar | date | None
_READERS: Mapping[str, Callable[[Field, Mapping[str, str]], Answer]] = {
    "number": read_figure,
    "integer": read_figure,
    "string": read_text,
    "boolean": read_yes_no,
    "date": read_date,
}


def read_answer(field: Field, raw: Mapping[str, str], language: str, currency: str = "") -> Answer:
    """The answer in the boxes of `raw`: "" of most fields, "day", "month" and "year" of dates; of a
    document whether it is there.

    None where nothing was given and the contract allows that. A number has the field's unit;
    `currency` is the contract's, where the unit is plain money: an amount with the sign of
    another is refused, and where none is named any sign is read as the lender's.
    Raises NotRead, in the language, for what cannot be read, could be read twice, or lies outside
    what the contract allows.
    """
    with speaking(language):
        answer = _reader(field)(priced(field, currency), raw)
        if answer is not None and not _stands_for_missing(field, answer):
            return answer
        if field.missing == "refuse":
            raise NotRead(_needed(field), field=field.name)
        return None


def _reader(field: Field) -> Callable[[Field, Mapping[str, str]], Answer]:
    if field.accepts:
        return read_document
    return read_choice if field.values else _READERS[field.type]


def _stands_for_missing(field: Field, answer: Scalar | date) -> bool:
    codes = missing_codes(field)
    if isinstance(answer, bool):
        return answer in codes.truths
    if isinstance(answer, date):
        return answer in codes.days
    return answer in codes.texts if isinstance(answer, str) else answer in codes.numbers


def _needed(field: Field) -> str:
    if field.accepts:
        return say("Please choose a file: we need this document to go on.")
    if field.values or field.type == "boolean":
        return say("Please choose one of the answers.")
    if field.type == "date":
        return say("Please give the day, the month and the year.")
    return say("Please fill this in: we need it to go on.")
