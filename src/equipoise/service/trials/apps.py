"""Trials as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """Lets the trial in force say who decides."""

    name = "equipoise.service.trials"
    label = "trials"

    def ready(self) -> None:
        from equipoise.service.decisions.assignment import ASSIGN
        from equipoise.service.trials.assigning import assign

        if assign not in ASSIGN:
            ASSIGN.append(assign)
