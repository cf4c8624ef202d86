"""Webhooks as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Brings what waits to be delivered into the metrics, and addresses into the record."""

    name = "equipoise.service.platform.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from equipoise.service.platform.operations import metrics
        from equipoise.service.platform.record import rows
        from equipoise.service.platform.webhooks.events import WebhookPing
        from equipoise.service.platform.webhooks.figures import Deliveries
        from equipoise.service.platform.webhooks.models import Webhook
        from equipoise.service.platform.webhooks.public import PING, make_public

        metrics.on_asking("webhooks", Deliveries())
        make_public(PING, None, WebhookPing)
        columns = ("events", "begun_by", "made_by", "branch", "region", "switched_off", "address")
        rows.record(Webhook, *columns, blind=("address",))
