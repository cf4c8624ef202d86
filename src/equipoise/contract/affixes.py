"""Formats of numbers by example: what people add to a number's digits.

A format is an example of a cell: `1,234.5`, `1.234,5 €`, `R$ 1.234,5`, `1 234,5%`, `1,234.5K`. It
names the group and decimal marks, and what may stand before or after the number. A cell may leave
the additions out, and no others are read: a cell in another currency, a comma where the format has
a point, a group of two digits or one that starts with 0 is refused, never read otherwise.

Accounting negatives `(5)`, a trailing minus, a leading apostrophe and digits of full width are read
under every format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from equipoise.contract.spelling import Spelling, Term, a_word, any_of, ascii_lower, plain_marks

CORES = {
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1 234,5": (" ", ","),
    "1 234.5": (" ", "."),
    "1'234.5": ("'", "."),
    "1'234,5": ("'", ","),
}
# by the word that a format has for them: what a number's size is written with, as powers of ten
SCALES: dict[str, dict[str, int]] = {
    "K": {
        "k": 3, "thousand": 3, "tsd": 3, "tys": 3, "тыс": 3, "m": 6, "mm": 6, "mn": 6, "mio": 6,
        "mln": 6, "million": 6, "millions": 6, "млн": 6, "b": 9, "bn": 9, "mrd": 9, "mld": 9,
        "billion": 9, "billions": 9, "млрд": 9,
    },
    "万": {"千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8, "億": 8},
    "lakh": {
        "k": 3, "thousand": 3, "l": 5, "lac": 5, "lacs": 5, "lakh": 5, "lakhs": 5, "cr": 7,
        "crore": 7, "crores": 7,
    },
}  # fmt: skip
_WRITTEN = re.compile(
    r"(?P<prefix>[^0-9]*?) ?(?P<core>" + "|".join(map(re.escape, CORES)) + r")(?P<rest>[^0-9]*)"
)
_SCALED = re.compile(r" ?(?P<scale>K|万|lakh)(?: (?P<suffix>.+))?")
_AFFIX = re.compile(r"[^\s'()+\-,0-9.](?:[^'()+\-,0-9]{0,14}[^\s'()+\-,0-9])?")


@dataclass(frozen=True, slots=True)
class Affixes:
    """What a format has around a number's digits; words in small letters, longest first."""

    group: str
    decimal: str
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    scales: tuple[tuple[str, int], ...]


@lru_cache(maxsize=512)
def affixes_of(written: str) -> Affixes | None:
    """What the format of that name has around a number's digits; None where it is no example."""
    match = _WRITTEN.fullmatch(plain_marks(written))
    if match is None:
        return None
    scale, suffix = "", match["rest"].strip()
    if scaled := _SCALED.fullmatch(match["rest"]):
        scale, suffix = scaled["scale"], (scaled["suffix"] or "").strip()
    prefixes, suffixes = _variants(match["prefix"]), _variants(suffix)
    scales = sorted(SCALES.get(scale, {}).items(), key=lambda each: (-len(each[0]), each[0]))
    sizes = {word for word, _ in scales}
    if prefixes is None or suffixes is None or sizes & set(suffixes):
        return None
    return Affixes(*CORES[match["core"]], prefixes, suffixes, tuple(scales))


def _variants(text: str) -> tuple[str, ...] | None:
    """What may stand there, as in `day|days`; None where it could be a part of a number."""
    listed = [ascii_lower(each.strip()) for each in text.split("|")] if text.strip() else []
    if not all(map(_AFFIX.fullmatch, listed)):
        return None
    return tuple(sorted(dict.fromkeys(listed), key=lambda each: (-len(each), each)))


def needs_digit(prefix: str) -> bool:
    """Whether the number after a prefix has to start with a digit: a point behind letters, as in
    `Rs.500`, could be either's."""
    return bool(prefix) and (prefix[-1] == "." or prefix[-1].isalpha())


def affixed_spelling(written: str) -> Spelling | None:
    """The spelling of that name; None where it is no example of a number."""
    affixes = affixes_of(written)
    if affixes is None:
        return None
    before, after = _optional(affixes.prefixes), _optional(affixes.suffixes)
    scale = _optional(tuple(word for word, _ in affixes.scales))
    number, dashed = _number(affixes)
    number += f" *{scale}" if scale else ""
    signed = f"{_beside(before, '[+-]?')} *(?:{number}|{dashed}) *{after}"
    trailing = f"{before} *{number} *{_beside(after, '-')}"
    opened, closed = _beside(before, r"\("), _beside(after, r"\)")
    within = f"{opened} *{number} *{closed}"
    return Spelling(
        written,
        shape=f"'? *(?:{signed}|{trailing}|{within})",
        negative=f"'? *(?:{_beside(before, '-')}.*|{trailing}|{within})",
        terms=(Term(_steps(affixes, before, after)),),
    )


def _steps(affixes: Affixes, before: str, after: str) -> tuple[tuple[str, str], ...]:
    group = [(affixes.group, "")] if affixes.group in ",'" else [(re.escape(affixes.group), "")]
    return (
        (f"^'? *[+(-]? *{before} *[+(-]? *", ""),
        (f" *[)-]? *{after} *[)-]?$", ""),
        *group,
        *((f" *{a_word(word)}$", f"e{power}") for word, power in affixes.scales),
        (" ", ""),
        *([(",", ".")] if affixes.decimal == "," else []),
    )


def _beside(words: str, sign: str) -> str:
    """A sign before or behind the words."""
    return f"(?:{sign} *{words}|{words} *{sign})" if words else sign


def _optional(words: tuple[str, ...]) -> str:
    return f"(?:{any_of(words)})?" if words else ""


def _number(affixes: Affixes) -> tuple[str, str]:
    """A number without its sign, and one of no decimals: `100,-` is a hundred, and no trailing
    minus."""
    group, decimal = re.escape(affixes.group), re.escape(affixes.decimal)
    # India's groups are of two digits but for the last
    size = "{2,3}" if affixes.group == "," else "{3}"
    grouped = f"[1-9][0-9]{{0,2}}(?:{group}[0-9]{size})*{group}[0-9]{{3}}"
    whole = f"(?:{grouped}|[0-9]+)"
    bare = "" if any(map(needs_digit, affixes.prefixes)) else f"|{decimal}[0-9]+"
    exponent = "" if affixes.scales else "(?:[eE][+-]?[0-9]+)?"
    return f"(?:{whole}(?:{decimal}[0-9]+)?{bare}){exponent}", f"{whole}{decimal}-"
