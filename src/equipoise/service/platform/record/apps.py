"""The record as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class RecordConfig(AppConfig):
    """Guards its tables again after every migration: SQLite drops triggers when it alters one.
    Brings into readiness what the record needs: room on the disk, signatures, a clock."""

    name = "equipoise.service.platform.record"
    label = "record"

    def ready(self) -> None:
        from equipoise.service.platform import clock
        from equipoise.service.platform.operations import disk, health, metrics
        from equipoise.service.platform.record import figures, nature, rows, subjects

        autodiscover_modules("events")  # every app's types, for whoever reads the record
        post_migrate.connect(_guard, sender=self, dispatch_uid="record.guard")
        clock.goes_by(nature.pace)
        rows.blind_with(subjects.blind)
        health.register("disk", disk.room)
        health.register("signing", figures.signing)
        health.register("record", figures.from_the_future)
        metrics.on_asking("record", figures.RecordFigures())


def _guard(using: str, **_: Any) -> None:
    from equipoise.service.platform.record.guards import guard

    guard(connections[using])
