"""Concerns as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """Has the record tell which concerns there are, and others' systems be told of them."""

    name = "equipoise.service.contexts.concerns"
    label = "concerns"

    def ready(self) -> None:
        from equipoise.service.contexts.concerns.events import (
            ConcernAnswered,
            ConcernClosed,
            ConcernRaised,
        )
        from equipoise.service.contexts.concerns.models import Concern
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.record import rows
        from equipoise.service.platform.webhooks.public import make_public

        rows.record(Concern, "application", "decision", "code", "state", "outcome")
        for each in (ConcernRaised, ConcernAnswered, ConcernClosed):
            make_public(each.kind, Action.READ_DECISIONS, each, rows=Concern)
