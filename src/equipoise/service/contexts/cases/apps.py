"""Cases as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Has the record tell who the officers are and what they signed."""

    name = "equipoise.service.contexts.cases"
    label = "cases"

    def ready(self) -> None:
        from equipoise.service.contexts.cases.models import Appointment, Override
        from equipoise.service.platform.record import rows

        rows.record(
            Appointment,
            *("person", "level", "products", "grades", "state", "asked_by", "settled_by"),
        )
        rows.record(
            Override,
            *("decision", "application", "answer", "reason", "officers", "level", "complete"),
        )
