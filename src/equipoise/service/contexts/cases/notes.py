"""What people said as they handed work on: sealed in the record, read by who may read the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from equipoise.service.contexts.cases.arriving import moment_of
from equipoise.service.contexts.cases.events import WorkWithWords
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.decisions.reading import Withheld, opened_for
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record


@dataclass(frozen=True, slots=True)
class Note:
    """What was done (`assigned`, `snoozed`, `held`), by whom and when, and what they said; None to
    readers without the right to personal facts."""

    what: str
    by: str
    at: datetime
    words: str | None


def notes_of(work: str, by: Principal, over: Reach) -> list[Note]:
    """Of a piece of work, the newest first. Raises DoesNotExist where it is not within reach,
    Unreadable after an erasure."""
    row = Work.objects.filter(rows_for(by, over)).get(pk=work)
    history = [e for e in record.history(row.chain, WorkWithWords) if e.event.work == work]
    notes = list[Note]()
    for each in reversed(history):
        event = each.event
        if event.words is None:
            continue
        try:
            words = str(opened_for(by, row, event.words)["words"])
        except Withheld:
            words = None
        what = event.kind.removeprefix("work.")
        notes.append(Note(what, event.by, moment_of(each), words))
    return notes
