"""Learning as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Has the record tell rankings, plans and proposals."""

    name = "equipoise.service.contexts.learning"
    label = "learning"

    def ready(self) -> None:
        from equipoise.service.contexts.learning.models import Plan, Proposal, Ranking
        from equipoise.service.platform.record import rows

        rows.record(Ranking, "asked_by", "state", "sha256")
        rows.record(Plan, "ranking_id", "input", "experiment")
        rows.record(
            Proposal,
            "input",
            "value",
            "low",
            "high",
            "outcomes",
            "known_on",
            "source",
            "trial_id",
            "state",
        )
