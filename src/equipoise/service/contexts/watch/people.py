"""Whom watch.yaml means: by the name of an account as the record knows the person, else as it is
written there, such as an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.service.contexts.officers import reading as officers
from equipoise.service.platform.accounts import reading as accounts

if TYPE_CHECKING:
    from equipoise.watch import Rules, WatchDocument


def rules(document: WatchDocument) -> Rules:
    """The rules of alerts, of people as they are known here now, and who of them is away."""
    from equipoise.watch import Absence, rules_of

    known = accounts.persons([each.id for each in document.people])
    away = [Absence(each.person, each.starts, each.ends) for each in officers.absences()]
    return rules_of(document, away, lambda name: known.get(name, name))


def known_as(name: str) -> str:
    """As the record knows somebody of watch.yaml."""
    return accounts.persons([name]).get(name, name)


def address_of(person: str) -> str:
    """Where somebody is written to; empty where nobody knows."""
    if "@" in person:
        return person
    name = accounts.usernames([person]).get(person, "") if person.startswith("user.") else person
    return accounts.address_of(name)
