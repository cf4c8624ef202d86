"""Deciding as if, for test keys: the strategy's own answer, of which nothing stays."""

from __future__ import annotations

import re
import secrets
from typing import Any

from equipoise.errors import BadInput
from equipoise.service.contexts.applications import services as applications
from equipoise.service.contexts.applications.services import Assigned, as_named, reference_of
from equipoise.service.contexts.decisions.deciding import Asked, parts_by
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.registry.reading import Unregistered, lender_day, registered
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Action, Principal

PREFIX = "test_"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def try_out(asked: Asked, by: Principal) -> dict[str, Any]:
    """What the answer would be, by the version in force or the one that is named by its digest.

    No challenger takes part, and nothing is read of applications in flight. Raises BadInput and
    NoneInForce as a decision does.
    """
    chosen = _chosen(asked.strategy, by)
    application = as_named(chosen.digest, asked.application)
    reference_of(chosen.digest, application)
    now = clock.now()
    parts = parts_by(chosen.digest, application, lender_day(chosen.digest, now))
    row = Decision(  # never saved
        id=PREFIX + secrets.token_hex(16),
        application=PREFIX + secrets.token_hex(16),
        strategy=chosen.strategy,
        digest=chosen.digest,
        made_at=now,
    )
    return {**DecisionView(row, parts.plain, {}, parts.sealed).answer(), "test": True}


def _chosen(strategy: str, by: Principal) -> Assigned:
    """By name the version in force; by digest any, for whoever may write strategies."""
    if not _DIGEST.fullmatch(strategy) or by.reach(Action.WRITE_STRATEGY) is None:
        return applications.champion(strategy)
    try:
        version = registered(strategy)
    except Unregistered:
        raise BadInput(
            "no version has this digest", field="strategy", mend="hand it in as a draft first"
        ) from None
    return Assigned(version.strategy, version.digest)
