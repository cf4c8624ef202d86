"""Decisions as a Django app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from equipoise.service.registry.gates import GateResult
    from equipoise.service.registry.models import Version


class DecisionsConfig(AppConfig):
    """Adds its gate to those that every publication passes."""

    name = "equipoise.service.decisions"
    label = "decisions"

    def ready(self) -> None:
        from equipoise.service.registry.gates import GATES

        if _last_decisions not in GATES:
            GATES.append(_last_decisions)


def _last_decisions(version: Version) -> GateResult:
    from equipoise.service.decisions.gates import last_decisions

    return last_decisions(version)
