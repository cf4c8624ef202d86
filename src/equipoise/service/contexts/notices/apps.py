"""Notices as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Has the record tell what became of notices, and whoever runs the service of those that are
    late."""

    name = "equipoise.service.contexts.notices"
    label = "notices"

    def ready(self) -> None:
        from equipoise.service.contexts.notices.figures import Notices, amiss
        from equipoise.service.contexts.notices.models import Notice
        from equipoise.service.platform.operations import health, metrics
        from equipoise.service.platform.record import rows

        columns = ("decision", "application", "letter", "state", "due_on", "digest")
        rows.record(Notice, *columns)
        metrics.on_asking("notices", Notices())
        health.register("notices", amiss)
