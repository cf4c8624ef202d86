"""Screenings as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ScreeningsConfig(AppConfig):
    """Has the record tell which rounds were asked, and how each ended."""

    name = "equipoise.service.contexts.screenings"
    label = "screenings"

    def ready(self) -> None:
        from equipoise.service.contexts.screenings.models import Screening
        from equipoise.service.platform.record import rows

        rows.record(Screening, "duty", "owner", "begins", "due", "answered_by", "risk", "residual")
