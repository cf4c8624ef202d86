"""Disposals as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DisposalsConfig(AppConfig):
    """Has the record tell how far each disposal is, and which watch lists were measured."""

    name = "equipoise.service.contexts.disposals"
    label = "disposals"

    def ready(self) -> None:
        from equipoise.service.contexts.disposals.models import Disposal, WatchList
        from equipoise.service.platform.record import rows

        columns = ("application", "measure", "state", "serial", "exposure", "expected", "recovered")
        rows.record(Disposal, *columns, "currency", "expires")
        rows.record(WatchList, "period", "listed")
