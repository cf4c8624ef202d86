"""Feedback as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Has the record tell who was asked, and what they tapped."""

    name = "equipoise.service.contexts.feedback"
    label = "feedback"

    def ready(self) -> None:
        from equipoise.service.contexts.feedback.models import Ask
        from equipoise.service.platform.record import rows

        rows.record(Ask, "draft", "moment", "satisfaction", "effort", "said", "dismissed")
