"""Cases as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Has the record tell who the officers are, what they signed and which applications that
    decided, and others' systems be told of it."""

    name = "equipoise.service.contexts.cases"
    label = "cases"

    def ready(self) -> None:
        from equipoise.service.contexts.applications.reading import AnsweredApplications
        from equipoise.service.contexts.cases.events import CaseDecided, CaseLooked
        from equipoise.service.contexts.cases.models import (
            Absence,
            Appointment,
            Delegation,
            Override,
            Ruling,
            Tie,
        )
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.looks import following as looks
        from equipoise.service.platform.record import deriving, rows
        from equipoise.service.platform.webhooks.public import make_public

        rows.record(
            Appointment,
            *("person", "level", "products", "grades", "state", "asked_by", "settled_by"),
        )
        rows.record(
            Override,
            *("decision", "application", "answer", "reason", "officers", "level", "complete"),
        )
        rows.record(
            Ruling,
            *("application", "machine", "state", "answer", "reasons", "officers", "passed_by"),
            *("level", "signatures"),
        )
        rows.record(
            Delegation,
            *("lender", "borrower", "level", "up_to", "starts", "ends", "revoked", "state"),
            *("asked_by", "settled_by"),
        )
        rows.record(Absence, "person", "starts", "ends", "told_by")
        rows.record(Tie, "person", "kind", "told_by", "ended_by")  # never whom: that may be erased
        deriving.follow(AnsweredApplications(CaseDecided.kind))
        make_public("case.decided", Action.READ_DECISIONS, CaseDecided, rows=Ruling)
        looks.register(CaseLooked, lambda told: [told.entry.chain])
