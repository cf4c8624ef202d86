"""Answers about notices."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema

from equipoise.service.contexts.notices.models import NoticeState


class NoticeOut(Schema):
    """A letter that an applicant is owed, by `due_on` where the law sets a day. `lacks` says what
    it cannot be made without; `digest` is the letter's SHA-256, empty until it is made."""

    id: str
    decision: str
    application: str
    letter: str
    state: NoticeState
    lacks: str
    due_on: date | None
    made_at: datetime | None
    opened_at: datetime | None
    digest: str


class NoticesAsked(Schema):
    """Which notices: in any state, or in one."""

    state: NoticeState | None = None
