"""Accounts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "equipoise.service.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Log who logs in; allauth's models are there only now."""
        from equipoise.service.accounts.logins import write_log_lines

        write_log_lines()
