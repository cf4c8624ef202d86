"""Papers that go: taken back, or lying under a key that is gone."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from equipoise.service.contexts.papers import files
from equipoise.service.contexts.papers.events import PaperEvent, PaperRemoved
from equipoise.service.contexts.papers.models import Paper
from equipoise.service.platform import clock
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

_BY = "system.erasure"


def forget(drafts: Collection[str]) -> int:
    """Remove the papers of applicants whose keys are gone; how many were."""
    rows = list(Paper.objects.filter(draft__in=subjects.unreadable(drafts)))
    for row in rows:
        with transaction.atomic():
            subjects.held(row.draft)
            if Paper.objects.filter(pk=row.pk).exists():  # nobody else was first
                at = clock.now().isoformat()
                gone(row, PaperRemoved(by=_BY, paper=row.id, at=at, why="erased"))
    return len(rows)


def gone(row: Paper, event: PaperEvent) -> None:
    """Remove it and tell so, within the caller's transaction; its file goes once that is
    committed."""
    record.append(record.event(row.draft, event, gone=(row,)))
    paper = row.id
    row.delete()
    transaction.on_commit(lambda: files.remove(paper))
