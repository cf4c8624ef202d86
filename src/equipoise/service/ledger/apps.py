"""The ledger as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """Guards its tables again after every migration: SQLite drops triggers when it alters one.
    Brings the room left on the disk, without which nothing is recorded, into readiness."""

    name = "equipoise.service.ledger"
    label = "ledger"

    def ready(self) -> None:
        from equipoise.service.operations import disk, health

        post_migrate.connect(_guard, sender=self, dispatch_uid="ledger.guard")
        health.register("disk", disk.room)


def _guard(using: str, **_: Any) -> None:
    from equipoise.service.ledger.guards import guard

    guard(connections[using])
