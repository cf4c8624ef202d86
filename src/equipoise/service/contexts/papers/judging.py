"""What the scanner says of held papers: clean ones can be opened, others go.

A paper of which it says nothing stays held: it is asked again, and nothing is let through.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.papers import files
from equipoise.service.contexts.papers.events import PaperCleared, PaperRefused
from equipoise.service.contexts.papers.models import Paper, PaperState
from equipoise.service.platform import clock
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.papers.scanner import NotScanned, is_clean
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

BY = "system.scanner"
_log = log("papers")


def judge(most: int = 100) -> int:
    """Have held papers scanned, the oldest first; how many were judged. Stops at the first of which
    the scanner says nothing."""
    if not settings.CONFIGURATION.clamd:
        return 0
    held = Paper.objects.filter(state=PaperState.HELD).order_by("id")
    judged = 0
    for row in held[:most]:
        try:
            judged += _judged(row)
        except NotScanned as error:
            _log.error("papers wait for the scanner", exc_info=error)
            break
        except Unreadable as error:  # it goes with its key, or its file is away
            _log.error("a held paper cannot be read", exc_info=error)
    return judged


def _judged(row: Paper) -> bool:
    subject = subjects.several([row.draft])[row.draft]
    content = subjects.open_file(subject, row.id, files.content(row.id))
    clean = is_clean(settings.CONFIGURATION.clamd, content)
    with transaction.atomic():
        subjects.held(row.draft)
        here = Paper.objects.filter(pk=row.pk, state=PaperState.HELD)
        if not here.update(state=PaperState.CLEAR if clean else PaperState.REFUSED):
            return False  # taken back, or judged by another
        row.refresh_from_db()
        kind = PaperCleared if clean else PaperRefused
        event = kind(by=BY, paper=row.id, at=clock.now().isoformat())
        record.append(record.event(row.draft, event, rows=(row,)))
        (drafts.document_clear if clean else drafts.document_gone)(row.draft, row.id)
    if not clean:
        files.remove(row.id)
    return True
