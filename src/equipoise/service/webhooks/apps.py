"""Webhooks as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Brings what waits to be delivered into the metrics, and addresses into the record."""

    name = "equipoise.service.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from equipoise.service.ledger import rows
        from equipoise.service.operations import metrics
        from equipoise.service.webhooks.figures import Deliveries
        from equipoise.service.webhooks.models import Webhook

        metrics.on_asking("webhooks", Deliveries())
        told = ("events", "begun_by", "made_by", "branch", "region", "switched_off", "address")
        rows.record(Webhook, *told, blind=("address",))
