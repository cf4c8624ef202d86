"""Drafts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Owns applications before they are sent; has whoever helps filed as looking."""

    name = "equipoise.service.contexts.drafts"
    label = "drafts"

    def ready(self) -> None:
        from equipoise.service.contexts.drafts.events import DraftHelpBegan
        from equipoise.service.platform.looks.following import register

        register(DraftHelpBegan, lambda recorded: [recorded.entry.chain])
