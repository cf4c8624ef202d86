"""What others may know of papers: the applicant of their own, and the desk of an application's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from equipoise.service.contexts.applications.reading import ApplicationSummary
from equipoise.service.contexts.decisions.reading import Withheld, may_read, opened_for_us
from equipoise.service.contexts.drafts.reading import draft_of
from equipoise.service.contexts.papers.contents import content_of
from equipoise.service.contexts.papers.events import PaperBrought, PaperRead
from equipoise.service.contexts.papers.models import Paper, PaperState
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = ["PaperState", "PaperView", "of_application", "of_draft", "own"]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper. `name` is what its file was called; `opened` are the moments at which somebody of
    the lender's opened it."""

    id: str
    about: str
    name: str
    kind: str
    size: int
    pages: int
    state: PaperState
    brought_at: datetime
    opened: tuple[datetime, ...]


def of_draft(draft: str) -> Sequence[PaperView]:
    """A draft's papers, for its applicant, in the order in which they were brought. Raises
    Unreadable where they were erased."""
    rows = list(Paper.objects.filter(draft=draft).order_by("id"))
    return _shown(draft, rows) if rows else ()


def of_application(application: ApplicationSummary, by: Principal) -> Sequence[PaperView]:
    """The papers that the application's applicant brought; none where it was not sent by the pages.
    Raises Withheld for readers without the right to personal facts, and as above."""
    if not may_read(by, application):
        raise Withheld
    draft = draft_of(application.id)
    return of_draft(draft) if draft else ()


def own(draft: str, paper: str) -> tuple[str, bytes] | None:
    """The kind and content of one of the draft's papers, for its applicant; None where it cannot be
    opened."""
    row = Paper.objects.filter(pk=paper, draft=draft, state=PaperState.CLEAR).first()
    if row is None:
        return None
    return row.kind, content_of(subjects.several([draft])[draft], row)


def _shown(draft: str, rows: Sequence[Paper]) -> list[PaperView]:
    names: dict[str, str] = {}
    opened: dict[str, list[datetime]] = {}
    for each in record.history(draft, PaperBrought, PaperRead):
        event = each.event
        if isinstance(event, PaperRead):
            opened.setdefault(event.paper, []).append(datetime.fromisoformat(event.at))
        elif isinstance(event, PaperBrought):
            names[event.paper] = str(opened_for_us(event.called)["name"])
    return [
        PaperView(
            row.id,
            row.about,
            names.get(row.id) or row.id,
            row.kind,
            row.size,
            row.pages,
            PaperState(row.state),
            row.brought_at,
            tuple(opened.get(row.id, ())),
        )
        for row in rows
    ]
