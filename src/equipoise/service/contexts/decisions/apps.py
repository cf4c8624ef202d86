"""Decisions as a Django app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from equipoise.service.contexts.registry.gates import GateResult
    from equipoise.service.contexts.registry.models import Version


class DecisionsConfig(AppConfig):
    """Adds its gates to those that every publication passes; has decisions told to others'
    systems."""

    name = "equipoise.service.contexts.decisions"
    label = "decisions"

    def ready(self) -> None:
        from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
        from equipoise.service.contexts.decisions.models import Decision
        from equipoise.service.contexts.registry.gates import CHECKS, COMPARISONS
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.webhooks.public import make_public

        make_public("decision.made", Action.READ_DECISIONS, DecisionMade, rows=Decision)
        make_public("decision.outcome", Action.READ_DECISIONS, OutcomeRecorded, rows=Decision)
        if _rehearsed not in CHECKS:
            CHECKS.append(_rehearsed)
        if _last_decisions not in COMPARISONS:
            COMPARISONS.append(_last_decisions)


# what decides is large, and is loaded once somebody asks
def _rehearsed(version: Version) -> GateResult:
    from equipoise.service.contexts.decisions.rehearsal_gate import rehearsed_aside

    return rehearsed_aside(bytes(version.content))


def _last_decisions(version: Version, *, strategy: str) -> GateResult:
    from equipoise.service.contexts.decisions.gates import last_decisions

    return last_decisions(version, strategy=strategy)
