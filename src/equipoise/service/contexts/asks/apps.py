"""Asks as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AsksConfig(AppConfig):
    """Has the record tell what applicants are asked, and others' systems be told of it."""

    name = "equipoise.service.contexts.asks"
    label = "asks"

    def ready(self) -> None:
        from equipoise.service.contexts.asks.events import (
            AskLapsed,
            AskMet,
            AskWithdrawn,
            CaseAnswered,
            CaseAsked,
        )
        from equipoise.service.contexts.asks.models import Ask
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.record import rows
        from equipoise.service.platform.webhooks.public import make_public

        rows.record(Ask, "application", "decision", "what", "about", "state", "outcome")
        for each in (CaseAsked, CaseAnswered, AskWithdrawn, AskLapsed, AskMet):
            make_public(each.kind, Action.READ_DECISIONS, each, rows=Ask)
