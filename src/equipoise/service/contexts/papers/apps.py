"""Papers as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Has the record tell which papers there are."""

    name = "equipoise.service.contexts.papers"
    label = "papers"

    def ready(self) -> None:
        from equipoise.service.contexts.papers.models import Paper
        from equipoise.service.platform.record import rows

        rows.record(Paper, "draft", "about", "kind", "size", "pages", "digest", "state")
