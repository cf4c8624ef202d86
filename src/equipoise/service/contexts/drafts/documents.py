"""Questions of a draft that are answered with a document, for whoever keeps documents.

All but `document_asked` is within the caller's transaction, which is alone with the draft.
"""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.contract import Field
from equipoise.journey import HELD, NAME, PAPER, SIZE
from equipoise.service.contexts.drafts.asked import asked_of, asked_row
from equipoise.service.contexts.drafts.hands import Closed, write
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.typed import Typed, opened_text, sealed_text
from equipoise.service.platform.record import subjects


def document_asked(draft: str, page: str) -> Field | None:
    """The field of that name, where it is asked now and answered with a document. Raises
    Unreadable where the draft was erased."""
    row = Draft.objects.get(pk=draft)
    if not row.sealed:
        return None
    asked = asked_of(row, opened_text(subjects.several([draft]).get(draft), row.sealed))
    named = (each for each in asked.contract.fields if each.name == page and each.accepts)
    return next((each for each in named if each.name in asked.names), None)


def answer_with(draft: str, page: str, paper: str, name: str, size: int, *, held: bool) -> str:
    """Answer it with that document, which nobody may open yet where it is `held`; the one that
    answered it before, empty where none did. Raises Closed."""
    row, subject = asked_row(draft, page)
    typed = opened_text(subject, row.sealed)
    parts = {PAPER: paper, NAME: name, SIZE: str(size)} | ({HELD: "yes"} if held else {})
    write(row, sealed=sealed_text(subject, typed.with_document(page, parts)))
    return str(typed.raw.get(page, {}).get(PAPER, ""))


def document_gone(draft: str, paper: str) -> None:
    """Take it away as an answer, as long as that can be changed."""
    for row, subject, typed, page in _answered_by(draft, paper):
        write(row, sealed=sealed_text(subject, typed.with_document(page, {})))


def document_clear(draft: str, paper: str) -> None:
    """Hold it back no more, where it answers a question."""
    for row, subject, typed, page in _answered_by(draft, paper):
        parts = {
            part: text for part, text in typed.raw[page].items() if part in (PAPER, NAME, SIZE)
        }
        write(row, sealed=sealed_text(subject, typed.with_document(page, parts)))


def _answered_by(draft: str, paper: str) -> Iterator[tuple[Draft, subjects.Subject, Typed, str]]:
    """Whatever it answers and can still be changed; one document answers one question."""
    row = Draft.objects.get(pk=draft)
    if not row.sealed:
        return
    typed = opened_text(subjects.held(draft), row.sealed)
    page = next((page for page, raw in typed.raw.items() if raw.get(PAPER) == paper), None)
    if page is None:
        return
    try:
        row, subject = asked_row(draft, page)
    except Closed:  # it was sent with it
        return
    yield row, subject, typed, page
