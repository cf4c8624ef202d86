"""Agreements as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Has the record tell what became of offers, and others' systems be told of it."""

    name = "equipoise.service.contexts.agreements"
    label = "agreements"

    def ready(self) -> None:
        from equipoise.service.contexts.agreements.events import (
            AgreementSigned,
            AgreementWithdrawn,
            OfferAccepted,
        )
        from equipoise.service.contexts.agreements.models import Agreement
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.record import rows
        from equipoise.service.platform.webhooks.public import make_public

        columns = ("application", "decision", "state", "withdraw_until")
        rows.record(Agreement, *columns)
        for each in (OfferAccepted, AgreementSigned, AgreementWithdrawn):
            make_public(each.kind, Action.READ_DECISIONS, each, rows=Agreement)
