"""Balances as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class BalancesConfig(AppConfig):
    """Has the record tell what was asked for and found."""

    name = "equipoise.service.contexts.balances"
    label = "balances"

    def ready(self) -> None:
        from equipoise.service.contexts.balances.models import Change, Run
        from equipoise.service.platform.record import rows

        rows.record(Run, "asked_by", "digest", "state", "applicants", "result")
        rows.record(Change, "base", "change")
