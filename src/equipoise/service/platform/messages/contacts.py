"""Contact points: how an e-mail address or a telephone number is written, whoever typed it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.encoding import punycode

from equipoise.errors import BadInput

_LONGEST_EMAIL = 254  # RFC 5321, by way of its erratum 1690
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN = re.compile(r"[\s().\-/‐-―]+")
_TRUNK = re.compile(r"\(\s*0\s*\)")
_COUNTRY = re.compile(r"[1-9][0-9]{0,2}")


class Channel(StrEnum):
    """By which way a person is written to."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person can be written to, in its one spelling. Its value is not shown by `repr`."""

    channel: Channel
    value: str = field(repr=False)

    @property
    def key(self) -> str:
        """What is equal for two spellings that reach one person: mailboxes heed no case."""
        return f"{self.channel}:{self.value.casefold()}"


def email(text: str) -> Contact:
    """An e-mail address, its domain in lower case and ASCII. Raises BadInput."""
    plain = unicodedata.normalize("NFKC", text).strip()
    local, _, domain = plain.rpartition("@")
    try:
        value = f"{local}@{punycode(domain.lower().rstrip('.'))}"
        EmailValidator()(value)
    except (ValidationError, UnicodeError):
        raise _no("this is no e-mail address", Channel.EMAIL, "write it as name@example.com") from (
            None
        )
    if len(value) > _LONGEST_EMAIL:
        raise _no("the e-mail address is too long", Channel.EMAIL, "give another one")
    return Contact(Channel.EMAIL, value)


def phone(text: str, country: str = "") -> Contact:
    """A telephone number as E.164 has it, such as +8613800138000.

    `country` is the calling code (`86`) of numbers that are written without one. Raises BadInput.
    """
    if country and not _COUNTRY.fullmatch(country):
        raise ValueError("a calling code has one to three digits")
    plain = _BETWEEN.sub("", _TRUNK.sub("", unicodedata.normalize("NFKC", text)))
    value = _with_country(plain, country)
    if not _E164.fullmatch(value):
        mend = "begin with + and the country's number, as in +44 20 7946 0000"
        raise _no("this is no telephone number", Channel.PHONE, mend)
    return Contact(Channel.PHONE, value)


def contact(channel: str, value: str) -> Contact:
    """A contact point of that channel. Raises BadInput."""
    return email(value) if channel == Channel.EMAIL else phone(value)


def _with_country(plain: str, country: str) -> str:
    if plain.startswith("00"):
        return f"+{plain[2:]}"
    if plain.startswith("+") or not country:
        return plain
    return f"+{country}{plain.removeprefix('0')}"


def _no(message: str, channel: Channel, mend: str) -> BadInput:
    return BadInput(message, field=channel.value, mend=mend)
