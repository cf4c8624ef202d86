"""Incidents as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Has the record tell how far each incident is."""

    name = "equipoise.service.contexts.incidents"
    label = "incidents"

    def ready(self) -> None:
        from equipoise.service.contexts.incidents.models import Incident
        from equipoise.service.platform.record import rows

        rows.record(Incident, "risk", "severity", "alert", "serial", "closed_at", "learnt")
