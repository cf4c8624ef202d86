"""Messages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Brings what waits to be sent into the metrics."""

    name = "equipoise.service.platform.messages"
    label = "outbox"

    def ready(self) -> None:
        from equipoise.service.platform.messages.figures import Messages
        from equipoise.service.platform.operations import metrics

        metrics.on_asking("messages", Messages())
