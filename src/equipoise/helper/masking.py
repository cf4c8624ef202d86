"""What may say who somebody is, taken out of a text before it leaves the house."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from equipoise.helper.checksums import is_card, is_iban, is_resident_number
from equipoise.helper.plain import has_han

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_MONTHS})\.?,?\s\d{{4}}"
    rf"|(?:{_MONTHS})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<!\d)(?!000|666|9)\d{3}[- ](?!00)\d\d[- ](?!0000)\d{4}(?!\d)")
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_RESIDENT = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")
_NUMBER = re.compile(r"\+?\(?\d(?:[ ().-]{0,2}\d){6,}")  # of seven digits or more, however spaced
_SHORTEST_KNOWN = 3  # characters; shorter would mask half of what is written. 2 in Chinese


def masked(text: str, known: Iterable[str] = ()) -> str:
    """The text after NFKC, with a word in brackets where it told who somebody is.

    `known` are the person's own fields: what is exactly one of them goes first. Then e-mail
    addresses, accounts, identity numbers, dates, cards, telephone numbers, and every other number
    of seven digits or more. Names and addresses that are not known stay.
    """
    read = unicodedata.normalize("NFKC", text)
    for value in sorted({*_worth_hiding(known)}, key=len, reverse=True):
        read = re.sub(re.escape(value), "[known]", read, flags=re.IGNORECASE)
    read = _EMAIL.sub("[e-mail]", read)
    read = _IBAN.sub(_named("[account]", lambda each: is_iban(re.sub("[ -]", "", each))), read)
    read = _RESIDENT.sub(_named("[identity number]", is_resident_number), read)
    read = _DATE.sub("[date]", read)
    read = _SSN.sub("[identity number]", read)
    return _NUMBER.sub(_number, read)


def _worth_hiding(known: Iterable[str]) -> Iterable[str]:
    for each in known:
        value = unicodedata.normalize("NFKC", each).strip()
        if len(value) >= (2 if has_han(value) else _SHORTEST_KNOWN):
            yield value


def _named(name: str, is_one: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    return lambda match: name if is_one(match[0]) else match[0]


def _number(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if is_card(digits):
        return "[card]"
    return "[telephone]" if len(digits) <= 15 else "[number]"
