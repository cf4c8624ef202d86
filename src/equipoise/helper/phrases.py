"""Phrases to look for: lists that a person can read and mend, not expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from equipoise.helper.plain import has_han, plain

_LATIN_GAP, _HAN_GAP = r"(?:\s+\S{1,30}){0,3}?\s+", r".{0,6}?"
_CHOICE = re.compile(r"\\([(|)])")


class Phrases:
    """Phrases by language, found in text that is `plain`.

    `..` stands for up to three words, in Chinese for up to six characters; `*` for any ending of a
    word; `(a|b)` for either. Latin words are found whole, all languages in every text.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        ways = [_way(plain(each)) for several in phrases.values() for each in several]
        self._pattern = re.compile("|".join(ways)) if ways else None

    def first_in(self, text: str) -> str:
        """The words of the text that are one of the phrases; empty where none is."""
        match = self._pattern.search(text) if self._pattern else None
        return match[0].strip() if match else ""


def _way(phrase: str) -> str:
    parts = [_CHOICE.sub(r"\1", re.escape(part.strip())) for part in phrase.split("..")]
    if has_han(phrase):
        return f"(?:{_HAN_GAP.join(parts)})"
    words = _LATIN_GAP.join(part.replace(r"\*", "[a-z]*") for part in parts)
    return f"(?<![a-z0-9])(?:{words})(?![a-z0-9])"


def fault_in(phrase: str) -> str | None:
    """Why a phrase cannot be looked for; None where it can."""
    if not re.sub(r"[.*()|\s]", "", phrase):
        return "it names no word"
    try:
        re.compile(_way(plain(phrase)))
    except re.error:
        return "its brackets do not close"
    return None
