"""Who lends and writes: the name at the head of the pages, the address and what else notices have
to name, from the file `lender.yaml` in the folder that is served."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from django.conf import settings
from pydantic import Field

from equipoise.documents import Document, read_document
from equipoise.errors import BadInput
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH
from equipoise.texts.wording import Text

FILE = "lender.yaml"
Said = Annotated[dict[str, Text], Field(min_length=1)]
Lines = Annotated[list[Text], Field(min_length=1)]
MOST_FACTORS = 5  # of a score: 15 U.S.C. 1681g(f)(1)(C) and (9)


class ScoreSection(Document):
    """A fact of the contract that is a credit score of an agency's: the field, who makes it, with
    its address and telephone by language, and from which to which number it goes.

    `date` is the field with the day it was made (unless given, the one that the contract names as
    the score's `as_of`), `factors` those with what lowered it most, the weightiest first; `says`
    are words for the agency's codes in them, by language.
    """

    field: Text
    agency: Said
    lowest: float
    highest: float
    date: Text | None = None
    factors: Annotated[list[Text], Field(max_length=MOST_FACTORS)] = Field(default_factory=list)
    says: dict[str, Said] = Field(default_factory=dict)

    def made_by(self, language: str) -> str:
        """The agency, in the language if it is given in that."""
        return _in(self.agency, language)

    def factor(self, code: str, language: str) -> str:
        """What a factor says; the agency's own words where the lender gives none."""
        return _in(self.says[code], language) if code in self.says else code


class Lender(Document):
    """What letters say of the lender, by language. `person` is how to ask for a person beside the
    button on the page; `places` fill the places of statements, such as the `agency` of the American
    notice or the `bureau` whose facts were used. `scores` are the facts that are an agency's credit
    score: an empty list where there are none, nothing where nobody said."""

    name: Said
    address: Annotated[dict[str, Lines], Field(min_length=1)]
    person: dict[str, Text] = Field(default_factory=dict)
    places: dict[str, Said] = Field(default_factory=dict)
    scores: list[ScoreSection] | None = None

    def named(self, language: str) -> str:
        """The name in the language, else in English, else as it is given first."""
        return _in(self.name, language)

    def lines(self, language: str) -> tuple[str, ...]:
        """The postal address, in the same way."""
        texts = {tag: "\n".join(lines) for tag, lines in self.address.items()}
        return tuple(_in(texts, language).split("\n"))

    def values(self, language: str) -> dict[str, str]:
        """What fills the places of statements."""
        return {name: _in(said, language) for name, said in self.places.items()}


def lender() -> Lender | None:
    """The lender, None where there is no such file. Raises BadInput or Faults, by its lines."""
    path: Path = settings.CONFIGURATION.workspace / FILE
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return _as_written(path, status.st_mtime_ns, status.st_size)


def lender_name(language: str) -> str:
    """What the lender is called; empty where nobody says, or not in a way that can be read."""
    try:
        sender = lender()
    except BadInput:
        return ""
    return "" if sender is None else sender.named(language)


@lru_cache(maxsize=4)
def _as_written(path: Path, _changed: int, _size: int) -> Lender:
    """Read once for each time that it was changed: every page names the lender."""
    return read_document(path, Lender).value


def _in(texts: Mapping[str, str], language: str) -> str:
    return text_in(texts, language) or text_in(texts, ENGLISH) or next(iter(texts.values()))
