"""Who writes the letters: the lender's name, address and what else notices have to name, from the
file `lender.yaml` in the folder that is served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from django.conf import settings
from pydantic import Field

from equipoise.documents import Document, read_document
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH
from equipoise.texts.wording import Text

FILE = "lender.yaml"
Said = Annotated[dict[str, Text], Field(min_length=1)]
Lines = Annotated[list[Text], Field(min_length=1)]


class Lender(Document):
    """What letters say of the lender, by language. `person` is how to ask for a person beside the
    button on the page; `places` fill the places of statements, such as the `agency` of the American
    notice or the `bureau` whose facts were used."""

    name: Said
    address: Annotated[dict[str, Lines], Field(min_length=1)]
    person: dict[str, Text] = Field(default_factory=dict)
    places: dict[str, Said] = Field(default_factory=dict)

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
    return read_document(path, Lender).value if path.is_file() else None


def _in(texts: Mapping[str, str], language: str) -> str:
    return text_in(texts, language) or text_in(texts, ENGLISH) or next(iter(texts.values()))
