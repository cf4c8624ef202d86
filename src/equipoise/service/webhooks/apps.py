"""Webhooks as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Brings what waits to be delivered into the metrics."""

    name = "equipoise.service.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from equipoise.service.operations import metrics
        from equipoise.service.webhooks.figures import Deliveries

        metrics.on_asking("webhooks", Deliveries())
