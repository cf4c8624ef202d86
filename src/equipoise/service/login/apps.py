"""Logging in as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LoginConfig(AppConfig):
    """Has sessions rotate and end as people prove who they are, or change how they do."""

    name = "equipoise.service.login"
    label = "login"

    def ready(self) -> None:
        from equipoise.service.login import receivers

        receivers.connect()
