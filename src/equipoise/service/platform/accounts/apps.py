"""Accounts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Has log and record told what people do to their way in, and readiness which keys end."""

    name = "equipoise.service.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        """allauth's models are there only now."""
        from equipoise.service.platform.accounts import factors, receivers
        from equipoise.service.platform.accounts.figures import Keys, keys_amiss
        from equipoise.service.platform.accounts.logins import write_log_lines
        from equipoise.service.platform.accounts.recorded import record_rows
        from equipoise.service.platform.operations import health, metrics

        record_rows()
        write_log_lines()
        receivers.connect()
        factors.connect()
        health.register("api_keys", keys_amiss)
        metrics.on_asking("api_keys", Keys())
