"""How an applicant is written to: what they typed for it, read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from equipoise.errors import BadInput
from equipoise.service.platform.messages.services import Channel, Contact, email, phone

PAGE = "contact"
"""What the page is called in the record."""
# A number is written without its country where the loan is: its calling code, and what is whole.
_NATIONAL = {
    "CNY": ("86", re.compile(r"\+861[3-9]\d{9}")),
    "GBP": ("44", re.compile(r"\+44[1-9]\d{8,9}")),
    "USD": ("1", re.compile(r"\+1[2-9]\d{9}")),
}


def contacts_of(raw: Mapping[str, str], currency: str) -> tuple[Contact, ...]:
    """What was given: the e-mail address first, then the telephone. Raises BadInput for what cannot
    be read, `field` is which."""
    return tuple(read(text) for read, text in _typed(raw, currency))


def readable(raw: Mapping[str, str], currency: str) -> tuple[Contact, ...]:
    """The same without what cannot be read."""
    contacts = []
    for read, text in _typed(raw, currency):
        with suppress(BadInput):
            contacts.append(read(text))
    return tuple(contacts)


def reachable(raw: Mapping[str, str], currency: str) -> bool:
    """Whether something was given, and all of it can be read."""
    return 0 < len(readable(raw, currency)) == len(_typed(raw, currency))


def filed_by(contact: Contact) -> str:
    """The name under which a draft is filed by such a contact point (`subjects.find`)."""
    return f"draft.{contact.channel}"


def readings(text: str) -> tuple[Contact, ...]:
    """As what a text may be meant, of which nobody said what it is: a number without a country's
    is one of any. Raises BadInput where it is nothing; `field` is `contact`."""
    reads: list[Callable[[str], Contact]] = [email] if "@" in text else [phone]
    reads += [] if "@" in text else [_national(currency) for currency in _NATIONAL]
    contacts: dict[str, Contact] = {}
    for read in reads:
        with suppress(BadInput):
            contact = read(text)
            contacts[contact.key] = contact
    if not contacts:
        raise BadInput("this is neither an e-mail address nor a telephone", field="contact")
    return tuple(contacts.values())


def _typed(
    raw: Mapping[str, str], currency: str
) -> tuple[tuple[Callable[[str], Contact], str], ...]:
    reads = {Channel.EMAIL: email, Channel.PHONE: _national(currency)}
    typed = ((read, raw.get(channel, "").strip()) for channel, read in reads.items())
    return tuple((read, text) for read, text in typed if text)


def _national(currency: str) -> Callable[[str], Contact]:
    """How a telephone number is read where the loan is in that currency: one without a country's
    is one of there, if it is whole there."""

    def read(text: str) -> Contact:
        code, whole = _NATIONAL.get(currency, ("", re.compile("")))
        with suppress(BadInput):
            contact = phone(text, code)
            if whole.fullmatch(contact.value):
                return contact
        return phone(text)

    return read
