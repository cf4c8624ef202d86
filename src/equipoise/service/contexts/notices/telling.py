"""What each change of a notice does: its row is saved, and its application's chain tells it."""

from __future__ import annotations

from typing import Any

from equipoise.service.contexts.notices.events import NoticeEvent
from equipoise.service.contexts.notices.models import Notice
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

_SERVICE = "service"


def tell(row: Notice, kind: type[NoticeEvent], **fields: Any) -> None:
    """Save the row, and tell what happened to it, within the caller's transaction."""
    row.save()
    event = kind(notice=row.id, decision=row.decision, by=_SERVICE, **fields)
    record.append(record.event(row.application, event, rows=(row,)))


def alone_with(notice: str) -> Notice:
    """The notice, alone with its application's chain until the commit."""
    subjects.held(Notice.objects.get(pk=notice).application)
    return Notice.objects.get(pk=notice)
