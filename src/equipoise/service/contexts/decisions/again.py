"""Deciding an application again, as its next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from equipoise.service.contexts.decisions.asking import asked_of
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.contexts.decisions.terms import changes_to, offer_of, said_to, today
from equipoise.service.contexts.decisions.together import decide_together
from equipoise.service.platform.accounts.permissions import Principal


def take_terms(decision: DecisionView, by: Principal, amount: float, months: float) -> DecisionView:
    """Decide the application again with these terms, as its next step, if the strategy makes an
    offer for them that can be taken as it is: twice asked for, it is decided once.

    Raises NotOffered, and then nothing is recorded; else as `said_to` and `decide`.
    """
    offer_of(said_to(decision, by, amount, months))
    changes = changes_to(decision, by, amount, months)
    return decide_again(decision, by, changes) if changes else decision


def decide_again(decision: DecisionView, by: Principal, changes: Mapping[str, Any]) -> DecisionView:
    """Decide the application again today, with some facts changed, as its next step; of one
    decision and the same changes on one day it is done once. Raises as `decide`."""
    key = f"{decision.row.id}-{today(decision)}"
    terms = "-".join(f"{name}={value}" for name, value in sorted(changes.items()))
    name = sha256(f"{key}-{terms}".encode()).hexdigest()
    ask = asked_of(changes, by, name, strategy=decision.row.strategy, language="")
    (answer,) = decide_together((replace(ask, further=decision.row.application),))
    if isinstance(answer, Exception):
        raise answer
    return answer
