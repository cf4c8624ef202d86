"""From what a program sends to what is decided: the same whichever way it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.service.contexts.applications.services import plain_facts
from equipoise.service.contexts.decisions import trying
from equipoise.service.contexts.decisions.deciding import Asked
from equipoise.service.contexts.decisions.idempotency import once
from equipoise.service.contexts.decisions.schemas import DecisionIn
from equipoise.service.contexts.decisions.together import Ask
from equipoise.service.platform.accounts.permissions import Principal

_ASKED = ("application", "strategy", "branch", "region", "language")


def ask_of(body: DecisionIn, by: Principal, key: str | None) -> Ask:
    """The application, ready to be decided once for its key.

    Raises BadInput where a value may not stand in it, or the key cannot be used.
    """
    plain_facts(body.application)
    plain = {name: getattr(body, name) for name in _ASKED}
    return Ask(by, Asked(**plain), once(by.id, key, plain))


def asked_of(
    application: Mapping[str, Any], by: Principal, key: str, *, strategy: str, language: str
) -> Ask:
    """The same for an application that the service itself holds: the lender's, not a program's."""
    body = DecisionIn(application=dict(application), strategy=strategy, language=language)
    return ask_of(body, by, key)


def tried(ask: Ask) -> dict[str, Any]:
    """The answer to a test key, recorded nowhere."""
    return trying.try_out(ask.asked, ask.by)
