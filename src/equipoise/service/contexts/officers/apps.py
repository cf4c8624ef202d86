"""Officers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OfficersConfig(AppConfig):
    """Has the record tell who the officers are, what they lend and when they are away."""

    name = "equipoise.service.contexts.officers"
    label = "officers"

    def ready(self) -> None:
        from equipoise.service.contexts.officers.models import (
            Absence,
            Appointment,
            Delegation,
            Tie,
        )
        from equipoise.service.platform.record import rows

        rows.record(
            Appointment,
            *("person", "level", "products", "grades", "state", "asked_by", "settled_by"),
        )
        rows.record(
            Delegation,
            *("lender", "borrower", "level", "up_to", "starts", "ends", "revoked", "state"),
            *("asked_by", "settled_by"),
        )
        rows.record(Absence, "person", "starts", "ends", "told_by")
        # Never about whom: that may be erased.
        rows.record(Tie, "person", "kind", "branch", "told_by", "ended_by")
