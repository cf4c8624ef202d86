"""Words and phrases of many languages, looked for in names and values however these are spelled."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from equipoise.contract.naming import words

_LONGEST_PHRASE = 4
_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d"}
)
# scripts that put no space between words, or whose vowel signs are no letters to a regular
# expression: a term is looked for anywhere in the text
_UNSPACED = re.compile("[\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def fold(text: str) -> str:
    """Lower case without accents, so that `Género` and `genero` are one."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


@lru_cache(maxsize=65_536)
def tokens(text: str) -> tuple[str, ...]:
    """The folded words of a name or value."""
    return tuple(fold(word) for word in words(text))


@lru_cache(maxsize=65_536)
def phrases(text: str) -> tuple[str, ...]:
    """Each run of up to four words written as one, longest first.

    `PostCode_3` gives `postcode3`, `postcode`, `post`, `code`, so one term finds every spelling.
    """
    split = tokens(text)
    runs = []
    for length in range(min(_LONGEST_PHRASE, len(split)), 0, -1):
        for start in range(len(split) - length + 1):
            run = "".join(split[start : start + length])
            runs += [run, run.strip("0123456789")]
    return tuple(dict.fromkeys(run for run in runs if run))


@dataclass(frozen=True, slots=True)
class Terms:
    """A set of terms: whole words, stems (written `late*`) and signs of unspaced scripts."""

    whole: frozenset[str]
    stems: tuple[str, ...]
    signs: tuple[str, ...]

    def within(self, text: str) -> str:
        """The first of these terms in a name or value, as folded; empty when there is none."""
        if self.signs:
            folded = fold(text)
            sign = next((sign for sign in self.signs if sign in folded), "")
            if sign:
                return sign
        return next((phrase for phrase in phrases(text) if self.has(phrase)), "")

    def has(self, word: str) -> bool:
        """Whether one folded word, or words written as one, is a term."""
        return word in self.whole or (bool(self.stems) and word.startswith(self.stems))


def terms(text: str) -> Terms:
    """Terms written as one text, apart by spaces; words of a phrase are joined by `_`."""
    listed = [fold(term).replace("_", "") for term in text.split()]
    signs = tuple(term for term in listed if _UNSPACED.search(term))
    spaced = [term for term in listed if not _UNSPACED.search(term)]
    stems = tuple(term[:-1] for term in spaced if term.endswith("*"))
    whole = frozenset(term for term in spaced if not term.endswith("*"))
    return Terms(whole, stems, signs)


def listed(text: str, by: str | None = None) -> frozenset[str]:
    """A set of words or phrases written as one text."""
    return frozenset(text.split(by))
