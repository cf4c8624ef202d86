"""Trials as a Django app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from equipoise.service.contexts.applications.services import Assigned, Split


class TrialsConfig(AppConfig):
    """Lets the trial in force say who decides, and has the record tell trials."""

    name = "equipoise.service.contexts.trials"
    label = "trials"

    def ready(self) -> None:
        from equipoise.service.contexts.applications.services import ASSIGN
        from equipoise.service.contexts.trials.models import (
            Arm,
            Ask,
            Breach,
            DeclaredGuardrail,
            Trial,
        )
        from equipoise.service.platform.record import rows

        if _by_trial not in ASSIGN:
            ASSIGN.append(_by_trial)
        rows.record(Trial, "strategy", "experiment", "champion", "begun_at", "ended_at")
        rows.record(DeclaredGuardrail, "trial_id", "measure", "bound", "least", "then")
        rows.record(
            Breach, "arm_id", "measure", "then", "bound", "difference", "low", "high", "since", "at"
        )
        rows.record(Arm, "trial_id", "version_id", "role", "place", "share")
        rows.record(Ask, "trial_id", "what", "version_id", "asked_by", "answered_by", "agreed")


def _by_trial(champion: Assigned) -> Split:
    if champion.trial is None:  # the hash is at home among what decides, which is large
        return lambda _key: champion
    from equipoise.service.contexts.trials.assigning import splitting

    return splitting(champion)
