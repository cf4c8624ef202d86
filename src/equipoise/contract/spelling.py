"""How a number's text is read: marks of other scripts, a shape to follow, and what to take out.

Python, polars and databases with regular expressions go by a spelling's `shape` and `terms`;
SQLite takes the same text apart by what `affixes` and `durations` list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from equipoise.contract.grammar import BLANKS

LONGEST = 80  # characters of a number written in a format, beyond which it is none
_FULL_WIDTH = "０１２３４５６７８９％，．－＋（）＄￥￡’ʼ＇−–—"
_AS_ASCII = "0123456789%,.-+()$¥£'''---"
_ARABIC = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬"
# each mark stands for the one at the same place of the other: blanks are one blank
MARKS = BLANKS.replace(" ", "") + _FULL_WIDTH + _ARABIC
PLAIN_MARKS = " " * (len(BLANKS) - 1) + _AS_ASCII + "01234567890123456789.,"
_TRANSLATED = str.maketrans(MARKS, PLAIN_MARKS)
CAPITALS, SMALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_LOWERED = str.maketrans(CAPITALS, SMALL)
Steps = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a text's number: what is taken out of the text to have its digits, as (pattern,
    replacement) in order, and what the part is multiplied with or divided by."""

    steps: Steps
    times: float = 1.0
    over: float = 1.0


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write numbers, by its format's name.

    A text of plain marks (`plain_marks`, in small letters where `lower`) that follows `shape` as a
    whole says the sum of its `terms`, below zero where it follows `negative`.
    """

    written: str
    shape: str
    negative: str
    terms: tuple[Term, ...]
    lower: bool = False

    def number(self, text: str) -> float | None:
        """The number that a trimmed text says; None where it does not follow the format."""
        if len(text) > LONGEST:
            return None
        text = plain_marks(text)
        text = ascii_lower(text) if self.lower else text
        if not _compiled(self.shape).fullmatch(text):
            return None
        total = sum(_digits(text, term.steps) * term.times / term.over for term in self.terms)
        below = self.negative and _compiled(self.negative).fullmatch(text)
        return -total if below else total


def plain_marks(text: str) -> str:
    """The text with ASCII's digits, signs and blanks for those of other scripts and widths."""
    return text.translate(_TRANSLATED)


def ascii_lower(text: str) -> str:
    """The text with small letters for ASCII's capitals, as every engine can have it."""
    return text.translate(_LOWERED)


def _digits(text: str, steps: Steps) -> float:
    for pattern, by in steps:
        text = _compiled(pattern).sub(by, text)
    return float(text)


@lru_cache(maxsize=512)
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)


def any_of(words: tuple[str, ...]) -> str:
    """A regular expression of these words, whatever the case of ASCII's letters."""
    return "|".join(map(a_word, words))


def a_word(word: str) -> str:
    """A regular expression of a word in small letters, whatever the case of ASCII's letters."""
    return "".join(
        f"[{each}{each.upper()}]" if each.isascii() and each.isalpha() else re.escape(each)
        for each in word
    ).replace(r"\ ", " ")
