"""Papers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Has the record tell which papers there are, and whoever opens one filed as looking."""

    name = "equipoise.service.contexts.papers"
    label = "papers"

    def ready(self) -> None:
        from equipoise.service.contexts.papers.events import PaperRead
        from equipoise.service.contexts.papers.models import Paper
        from equipoise.service.platform.looks.following import register
        from equipoise.service.platform.record import rows

        register(PaperRead, lambda recorded: [recorded.entry.chain])
        rows.record(Paper, "draft", "about", "kind", "size", "pages", "digest", "state")
