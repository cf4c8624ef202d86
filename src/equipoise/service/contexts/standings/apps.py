"""Standings as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class StandingsConfig(AppConfig):
    """Has the record tell measurements, and drafts sent."""

    name = "equipoise.service.contexts.standings"
    label = "standings"

    def ready(self) -> None:
        from equipoise.service.contexts.standings.models import Measurement, Sending
        from equipoise.service.platform.record import rows

        rows.record(Measurement, "asked_by", "state", "sha256", "draft")
        rows.record(Sending, "measurement_id", "version", "sent_by")
