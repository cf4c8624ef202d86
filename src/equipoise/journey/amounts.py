"""Numbers as people write them: every number that a text may mean, never the likelier of two.

`12,000`, `12 000`, `12'000`, `1,20,000` and `12,000.50` say one number. `12.000,50`, `1.234` and
`12,5` may say two, by whether the mark is read as here or as on the continent; so may a slip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from equipoise.contract.affixes import SCALES
from equipoise.contract.spelling import LONGEST, ascii_lower, plain_marks

# Letters that mean one size to some people and another to others are no size.
_TWO_MEANINGS = {"m", "mm", "b", "l", "cr"}
_SIZES = {word: power for scale in SCALES.values() for word, power in scale.items()}
_LONGEST_FIRST = sorted(_SIZES.keys() - _TWO_MEANINGS, key=lambda word: (-len(word), word))
_AMOUNT = re.compile(
    r"(?P<sign>[+-]?) ?(?P<before>[^0-9+,. -]*) ?(?P<inner>[+-]?) ?"
    r"(?P<digits>(?:[0-9]|[.][0-9])(?:[0-9.,' ]*[0-9])?)(?P<after>[^0-9]*)"
)
_GROUP = "[1-9][0-9]{0,2}"
_PLAIN = re.compile(r"[0-9]*[.]?[0-9]+")
_DOT_AND_THREE = re.compile(rf"{_GROUP}[.][0-9]{{3}}")
_COMMA = re.compile(r"[0-9]+,[0-9]+")
# what is one number, and the marks that group it
_GROUPED = (
    (re.compile(rf"{_GROUP}(?:,[0-9]{{3}})+(?:[.][0-9]+)?"), ","),
    (re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:[.][0-9]+)?"), ","),
    (re.compile(rf"{_GROUP}(?: [0-9]{{3}})+(?:[.][0-9]+)?"), " "),
    (re.compile(rf"{_GROUP}(?:'[0-9]{{3}})+(?:[.][0-9]+)?"), "'"),
    (re.compile(rf"{_GROUP}(?:[.][0-9]{{3}}){{2,}}"), "."),
)
_BLANKS_AND_COMMA = re.compile(rf"{_GROUP}(?:(?: [0-9]{{3}})+|(?:'[0-9]{{3}})+),[0-9]+")
_BLANKS_AND_THREE = re.compile(rf"{_BLANKS_AND_COMMA.pattern.removesuffix('[0-9]+')}[0-9]{{3}}")
_CONTINENTAL = re.compile(rf"{_GROUP}(?:[.][0-9]{{3}})+,[0-9]+")


@dataclass(frozen=True, slots=True)
class Amount:
    """The numbers that a text may mean, and the words beside it in small letters: `USD`, `%`."""

    readings: tuple[Decimal, ...]
    words: tuple[str, ...]


def amount_of(text: str) -> Amount | None:
    """What a text says as a number; None where it is none. More than one reading: ask."""
    match = _AMOUNT.fullmatch(" ".join(ascii_lower(plain_marks(text)).split()))
    if match is None or len(text) > LONGEST or (match["sign"] and match["inner"]):
        return None
    power, after = _size(match["after"].strip(" ."))
    sign = -1 if "-" in (match["sign"], match["inner"]) else 1
    readings = dict.fromkeys(Decimal(each) for each in _readings(match["digits"]))
    words = tuple(word for word in (match["before"], after) if word)
    if not readings:
        return None
    return Amount(tuple(sign * each * 10**power for each in readings), words)


def unmistakable(number: Decimal) -> str:
    """The number in digits that can be read in one way only, to be typed as they stand."""
    digits = format(number.normalize(), "f")
    return f"{digits}0" if _DOT_AND_THREE.fullmatch(digits.lstrip("-")) else digits


def _readings(digits: str) -> tuple[str, ...]:
    """Digits with a point at most, for each number that the marks may mean."""
    if _DOT_AND_THREE.fullmatch(digits):
        return digits.replace(".", ""), digits
    if _PLAIN.fullmatch(digits):
        return (digits,)
    for pattern, group in _GROUPED:
        if pattern.fullmatch(digits):
            return (digits.replace(group, ""),)
    return _with_decimal_comma(digits)


def _with_decimal_comma(digits: str) -> tuple[str, ...]:
    """Readings where a comma may have decimals behind it."""
    bare = digits.replace(" ", "").replace("'", "")
    if _COMMA.fullmatch(digits) or _BLANKS_AND_THREE.fullmatch(digits):
        return _with_one_comma(bare)
    if _BLANKS_AND_COMMA.fullmatch(digits):
        return (bare.replace(",", "."),)
    if _CONTINENTAL.fullmatch(digits):
        return digits.replace(".", "").replace(",", "."), _otherwise(digits.replace(",", ""))
    return ()


def _with_one_comma(digits: str) -> tuple[str, ...]:
    """Decimals, or a slip of groups; behind a zero nothing but decimals."""
    decimal = digits.replace(",", ".")
    return (decimal,) if digits.startswith("0,") else (decimal, digits.replace(",", ""))


def _otherwise(digits: str) -> str:
    """The point of continental groups as a decimal one; as none where it stands twice."""
    return digits if digits.count(".") == 1 else digits.replace(".", "")


def _size(after: str) -> tuple[int, str]:
    """The power of ten that the words behind a number begin with, and the rest of them."""
    for word in _LONGEST_FIRST:
        rest = after.removeprefix(word)
        if rest != after and not (word.isascii() and rest[:1].isalpha()):
            return _SIZES[word], rest.strip()
    return 0, after
