"""Cases as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Has the record tell what officers signed and which applications that decided, and others'
    systems be told of it."""

    name = "equipoise.service.contexts.cases"
    label = "cases"

    def ready(self) -> None:
        from equipoise.service.contexts.applications.reading import AnsweredApplications
        from equipoise.service.contexts.asks.services import on_answer
        from equipoise.service.contexts.cases.events import CaseDecided, CaseLooked, OverrideMade
        from equipoise.service.contexts.cases.models import Override, Reversal, Ruling
        from equipoise.service.contexts.cases.returning import answered_at
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.looks import following as looks
        from equipoise.service.platform.record import deriving, rows
        from equipoise.service.platform.webhooks.public import make_public

        on_answer(answered_at)
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
            Reversal,
            *("application", "machine", "state", "answer", "reasons", "officers", "level"),
            "signatures",
        )
        deriving.follow(AnsweredApplications(CaseDecided.kind))
        make_public("override.made", Action.READ_DECISIONS, OverrideMade, rows=Override)
        make_public("case.decided", Action.READ_DECISIONS, CaseDecided, rows=Ruling)
        looks.register(CaseLooked, lambda recorded: [recorded.entry.chain])
