"""From what a program sends to what is decided: the same whichever way it comes in."""

from __future__ import annotations

from typing import Any

from equipoise.service.accounts.permissions import Principal
from equipoise.service.decisions import trying
from equipoise.service.decisions.deciding import Asked
from equipoise.service.decisions.facts import plain_facts
from equipoise.service.decisions.idempotency import once
from equipoise.service.decisions.schemas import DecisionIn
from equipoise.service.decisions.together import Ask

_ASKED = ("application", "strategy", "branch", "region")


def ask_of(body: DecisionIn, by: Principal, key: str | None) -> Ask:
    """The application, ready to be decided once for its key.

    Raises BadInput where a value may not stand in it, or the key cannot be used.
    """
    plain_facts(body.application)
    plain = {name: getattr(body, name) for name in _ASKED}
    return Ask(by, Asked(**plain), once(by.id, key, plain))


def tried(ask: Ask) -> dict[str, Any]:
    """The answer to a test key, recorded nowhere."""
    return trying.try_out(ask.asked, ask.by)
