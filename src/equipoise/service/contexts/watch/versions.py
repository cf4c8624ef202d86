"""Which watch.yaml is in force."""

from __future__ import annotations

from equipoise.service.contexts.watch.models import WatchVersion


def version_in_force() -> WatchVersion | None:
    """The newest version that somebody approved."""
    return WatchVersion.objects.exclude(approved_at=None).order_by("-pk").first()


def version_waiting() -> WatchVersion | None:
    """The newest one, where it waits for somebody to approve it."""
    row = WatchVersion.objects.order_by("-pk").first()
    return None if row is None or row.approved_at else row
