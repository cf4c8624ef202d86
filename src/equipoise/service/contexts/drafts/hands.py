"""Whose hands are on a draft, and what each change of it does: alone with it, told in its chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.drafts.events import DraftEvent
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import APPLICANT, Action, Principal, Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

FOR_APPLICANTS = Principal(
    id=APPLICANT,
    person=APPLICANT,
    role=Role.API_CLIENT,
    scopes=frozenset({Action.DECIDE, Action.READ_DECISIONS, Action.READ_PERSONAL}),
)
"""The service itself, where it acts for whoever holds an application."""


class Closed(EquipoiseError):
    """The draft was sent or has ended, and nothing in it can be changed."""

    def __init__(self) -> None:
        super().__init__("this application was sent or has ended", mend="begin a new one")


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose hands are on a draft: over which channel, and who, where that is not the applicant."""

    channel: str = "web"
    by: str = APPLICANT


def open_row(draft: str) -> tuple[Draft, subjects.Subject]:
    """The draft, alone with it until the commit. Raises Closed."""
    subject = subjects.held(draft)
    row = Draft.objects.get(pk=draft)
    if row.state != DraftState.OPEN:
        raise Closed
    return row, subject


def write(row: Draft, **columns: Any) -> None:
    """Change what was typed, or where it stands: its time begins anew."""
    now = clock.now()
    Draft.objects.filter(pk=row.pk).update(changed_at=now, warned_at=None, **columns)


def append(row: Draft, kind: type[DraftEvent], hands: Hands, at: datetime, **fields: Any) -> None:
    """Tell it in the draft's chain, within the caller's transaction."""
    record.append(record.event(row.id, event_of(row, kind, hands, at, **fields)))


def event_of(
    row: Draft, kind: type[DraftEvent], hands: Hands, at: datetime, **fields: Any
) -> DraftEvent:
    """What there is to tell."""
    return kind(
        by=hands.by, product=row.product, channel=hands.channel, at=at.isoformat(), **fields
    )
