"""Decisions as a Django app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from equipoise.authority import GateResult
    from equipoise.service.contexts.registry.reading import Registered


class DecisionsConfig(AppConfig):
    """Adds its gates to those that every publication passes; has decisions told to others'
    systems, and searches filed as looks."""

    name = "equipoise.service.contexts.decisions"
    label = "decisions"

    def ready(self) -> None:
        from equipoise.service.contexts.decisions.events import (
            DecisionMade,
            DecisionsRead,
            DecisionsSearched,
            OutcomeRecorded,
        )
        from equipoise.service.contexts.decisions.models import Decision
        from equipoise.service.contexts.registry.services import add_check, add_comparison
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.looks.following import register
        from equipoise.service.platform.webhooks.public import make_public

        register(DecisionsSearched, lambda recorded: recorded.event.subjects)
        register(DecisionsRead, lambda recorded: recorded.event.subjects)
        make_public("decision.made", Action.READ_DECISIONS, DecisionMade, rows=Decision)
        make_public("decision.outcome", Action.READ_DECISIONS, OutcomeRecorded, rows=Decision)
        add_check(_rehearsed)
        add_comparison(_last_decisions)


# what decides is large, and is loaded once somebody asks
def _rehearsed(version: Registered) -> GateResult:
    from equipoise.service.contexts.decisions.rehearsal_gate import rehearsed_aside

    return rehearsed_aside(version.content)


def _last_decisions(version: Registered, *, strategy: str) -> GateResult:
    from equipoise.service.contexts.decisions.gates import last_decisions

    return last_decisions(version, strategy=strategy)
