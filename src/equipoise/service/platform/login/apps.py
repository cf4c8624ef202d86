"""Logging in as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LoginConfig(AppConfig):
    """Has sessions rotate and end as people prove who they are, or change how they do; and has
    readiness tell where the addresses that guesses are slowed by cannot be believed."""

    name = "equipoise.service.platform.login"
    label = "login"

    def ready(self) -> None:
        from equipoise.service.platform.login import receivers
        from equipoise.service.platform.operations import health, proxies

        receivers.connect()
        health.register("proxy", proxies.look)
