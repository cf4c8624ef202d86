"""Bodies and answers about concerns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from equipoise.service.contexts.concerns.models import ConcernState
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Reason


class CloseIn(Refusing):
    """What a person came to, and why; `words` are sealed with the applicant's facts."""

    outcome: Literal["cleared", "stands"] = Field(examples=["cleared"])
    words: Reason = Field(examples=["The payslips show what was given as the income."])


class ConcernOut(Schema):
    """Something that is unclear in an application: the reason `code` of its `decision`. It is
    `open` until the applicant answers, then `answered`, to be read by `due_on` where a day is set,
    and `closed` once a person has read it. `outcome` is empty until then."""

    id: str
    application: str
    decision: str
    code: str
    state: ConcernState
    outcome: Literal["", "cleared", "stands", "decided_anew"]
    raised_at: datetime
    answered_at: datetime | None
    due_on: date | None
    closed_by: str
    closed_at: datetime | None


class AnswerOut(Schema):
    """What the applicant answered: in words, empty where there are none, and with which papers of
    the application."""

    at: datetime
    words: str
    papers: list[str]


class ConcernInFullOut(ConcernOut):
    """The same with what the applicant answered."""

    answers: list[AnswerOut]


class ListedConcerns(Schema):
    """Which concerns: in any state, or in one."""

    state: ConcernState | None = None
