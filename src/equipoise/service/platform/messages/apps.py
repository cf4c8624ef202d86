"""Messages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The outbox and one-time codes."""

    name = "equipoise.service.platform.messages"
    label = "outbox"
