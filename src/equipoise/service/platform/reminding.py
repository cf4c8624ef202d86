"""Colleagues who are told that something is theirs to do, or late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.service.platform.accounts.reading import address_of, language_of, usernames
from equipoise.service.platform.messages.services import Purpose, email, send


@dataclass(frozen=True, slots=True)
class Reminder:
    """That something (`what`, of `of`) is due or late, by a text (`duty_asked`, `duty_late`), for
    somebody: `user.7`, the name they log in with, or an e-mail address."""

    text: str
    person: str
    what: str
    of: str
    due: datetime


def remind(chain: str, reminder: Reminder) -> str:
    """Write to somebody about something of a chain, in their language; the message's id. Empty
    where none can go to them, and their pages tell them all the same.

    It is queued inside the caller's transaction; carried twice it keeps its id.
    """
    address = _address(reminder.person)
    if not address:
        return ""
    values = {"what": reminder.what, "of": reminder.of, "due": f"{reminder.due:%Y-%m-%d %H:%M} UTC"}
    language = language_of(reminder.person) or settings.LANGUAGE_CODE.partition("-")[0]
    try:
        return send(chain, email(address), reminder.text, language, values, purpose=Purpose.DUTY)
    except EquipoiseError:
        return ""


def _address(person: str) -> str:
    """Where somebody is written to; empty where nobody knows."""
    return person if "@" in person else address_of(usernames([person]).get(person, person))
