"""Which secrets the database needs: as it was begun, and as they came since. One that is replaced
is told by `record.events`, which has to know whose signatures count."""

from __future__ import annotations

from equipoise.record.events import event
from equipoise.service.platform.record.events import CustodyReplaced, KeysTold

__all__ = ["CustodyAdded", "CustodyBegun", "CustodyReplaced"]


@event("custody.begun", 1)
class CustodyBegun(KeysTold, frozen=True, kw_only=True):
    """The database was begun with these secrets."""


@event("custody.added", 1)
class CustodyAdded(KeysTold, frozen=True, kw_only=True):
    """Newer versions of the master keys came."""
