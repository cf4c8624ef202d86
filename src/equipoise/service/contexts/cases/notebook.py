"""Notes that people leave for colleagues at an application, and who opened what is personal of it.

Words lie sealed in the application's chain. It is a face of its own, for the underwriter's pages
alone (a contract of the imports in pyproject.toml): nothing that is sent out reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.cases.events import CaseLooked, CaseNoted
from equipoise.service.contexts.decisions.reading import (
    DecisionView,
    Withheld,
    may_read,
    opened_for,
)
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

MOST_WORDS = 2000  # characters of one note
_AN_HOUR = 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A note: by whom, when, and its words."""

    by: str
    at: datetime
    words: str


def note(decision: DecisionView, words: str, by: Principal) -> None:
    """Leave a note. Raises BadInput where it says nothing, or too much; Unreadable after an
    erasure."""
    kept = words.replace("\x00", "").strip()
    if not 0 < len(kept) <= MOST_WORDS:
        raise BadInput("a note has words, and not too many", field="note", mend="write less")
    with transaction.atomic():
        subject = subjects.held(decision.row.application)
        sealed = subjects.seal_for(subject, {"words": kept}).body
        event = CaseNoted(decision=decision.row.id, words=sealed, by=by.id, key=by.key or None)
        record.append(record.event(decision.row.application, event))


def notes_at(decision: DecisionView, by: Principal) -> Sequence[CaseNote]:
    """The notes of the decision's application, the newest first, for a reader of personal facts.
    Raises Withheld, and Unreadable after an erasure."""
    history = record.history(decision.row.application, CaseNoted)
    return [
        CaseNote(
            each.event.by,
            datetime.fromtimestamp(each.entry.at / 1e6, UTC),
            str(opened_for(by, decision.row, each.event.words)["words"]),
        )
        for each in reversed(history)
    ]


def looked_again(decision: DecisionView, by: Principal) -> None:
    """The same of whoever has it before them for longer: told once within the hour."""
    history = record.history(decision.row.application, CaseLooked)
    since = clock.micros() - _AN_HOUR
    if not any(
        (each.event.by, each.event.decision) == (by.id, decision.row.id) and each.entry.at > since
        for each in history
    ):
        looked(decision, by)


def looked(decision: DecisionView, by: Principal) -> None:
    """Have it told that somebody opened what is personal. Raises Withheld where they may not."""
    if not may_read(by, decision.row):
        raise Withheld
    with transaction.atomic():
        subjects.held(decision.row.application)
        event = CaseLooked(decision=decision.row.id, by=by.id, key=by.key or None)
        record.append(record.event(decision.row.application, event))
