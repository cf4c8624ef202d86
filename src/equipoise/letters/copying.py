"""A copy of what somebody signed, set as letters are: the texts that they read, and every
payment."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from equipoise.errors import BadInput
from equipoise.letters.legible import MAX_CHARACTERS
from equipoise.letters.letter import Party
from equipoise.letters.printing import Printed, printed
from equipoise.letters.wording import Section, frame
from equipoise.texts.dates import written_day
from equipoise.texts.saying import marked, say, speaking

MOST_PAYMENTS = 2600  # weekly over fifty years
_ROW = 150  # characters of a payment at most, with its five figures
_COLUMNS = (
    marked("Month"),
    marked("You pay"),
    marked("Interest"),
    marked("Paid off"),
    marked("Still owed"),
)


@dataclass(frozen=True, slots=True)
class Copy:
    """What was signed `on` a day, in the language in which it was read: `paragraphs` as they were
    shown, and `payments` as rows of month, payment, interest, principal and what is then owed, as
    they are written. `digest` tells it from any other."""

    language: str
    lender: Party
    name: str
    on: date
    reference: str
    paragraphs: tuple[str, ...]
    payments: tuple[tuple[str, str, str, str, str], ...]
    digest: str


def copy_of(copy: Copy) -> Printed:
    """The copy on A4 sheets. Raises BadInput where its texts are longer than a letter is, or it has
    more payments than any loan, or the extra `letters` is not installed."""
    if len(copy.payments) > MOST_PAYMENTS:
        raise BadInput(f"a copy of {MOST_PAYMENTS:,} payments at most can be made")
    most = MAX_CHARACTERS + _ROW * len(copy.payments)
    with speaking(copy.language):
        return printed(_content(copy), copy.on, copy.language, most)


def _content(copy: Copy) -> dict[str, Any]:
    day = written_day(copy.on)
    head = tuple(map(say, _COLUMNS))
    signed = say("Signed: {name}", name=copy.name)
    sections = (
        Section(say("What you signed"), (*copy.paragraphs, signed), remark=copy.digest),
        Section(say("Every payment"), table=(head, *copy.payments)),
    )
    return {
        **frame(copy.lender, Party(copy.name), copy.on, copy.reference),
        "title": say("Your loan agreement"),
        "headline": say("This is a copy of what you read and signed on {day}.", day=day),
        "sections": [asdict(each) for each in sections],
    }
