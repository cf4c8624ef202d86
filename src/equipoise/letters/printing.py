"""A letter as a PDF: tagged for screen readers (PDF/UA-1), the same bytes for the same letter."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput
from equipoise.letters.legible import FONTS, MAX_CHARACTERS, Reader, lacking, number
from equipoise.letters.letter import Letter
from equipoise.letters.wording import content_of
from equipoise.texts.saying import joined, say, speaking

_TEMPLATE = Path(__file__).parent / "letter.typ"


@dataclass(frozen=True, slots=True)
class Printed:
    """A set letter; `missing` are the characters that no typeface had, written by their sound or
    number and explained at the letter's end."""

    pdf: bytes
    missing: tuple[str, ...]


def pdf_of(letter: Letter) -> Printed:
    """The letter on A4 sheets.

    Raises Faults where it lacks what its jurisdiction requires, BadInput where it is longer than a
    letter is or the extra `letters` is not installed.
    """
    letter.check_contents()
    return printed(content_of(letter), letter.on, letter.language)


def printed(
    content: dict[str, Any], on: date, language: str, most: int = MAX_CHARACTERS
) -> Printed:
    """Content in the letters' form, of so many characters at most, made legible and set. Raises
    BadInput as `pdf_of`."""
    reader = Reader(most)
    legible = reader.all_in(content)
    legible["explained"] = _explained(reader.missing, language)
    legible["on"] = [on.year, on.month, on.day]
    return Printed(_set(legible, on), tuple(reader.missing))


def _explained(missing: dict[str, str], language: str) -> str:
    """What stands for which character; empty where nothing is missing."""
    if not missing:
        return ""
    with speaking(language):
        return say(
            "Characters that our typeface does not have stand in brackets, "
            "by their sound or their number: {which}.",
            which=joined((_pair(*each) for each in missing.items()), ", "),
        )


def _pair(character: str, shown: str) -> str:
    """`[yíng] U+2C386`, or the number alone where it is all that is shown."""
    known = number(character)
    return shown if known in shown else f"{shown} {known}"


def _set(content: dict[str, Any], on: date) -> bytes:
    typst = _typst()
    try:
        made: bytes = typst.compile(
            _TEMPLATE,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"letter": json.dumps(content)},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(on, time(), UTC),
        )
    except typst.TypstError as error:
        raise BadInput(f"the letter cannot be set: {error}") from error
    return made


@cache
def _fonts() -> Any:
    """Ours alone, so that a letter is the same on every machine."""
    return _typst().Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )


def _typst() -> Any:
    try:
        import typst
    except ModuleNotFoundError:
        raise lacking("typst") from None
    return typst
