"""Custody as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class CustodyConfig(AppConfig):
    """Tells readiness whether the secrets fit, and learns when the administrator has come in."""

    name = "equipoise.service.platform.custody"
    label = "custody"

    def ready(self) -> None:
        from equipoise.service.platform.custody import fitting, handover
        from equipoise.service.platform.operations import health

        health.register("keys", fitting.look)
        user_logged_in.connect(handover.on_log_in, dispatch_uid="custody.handover")
