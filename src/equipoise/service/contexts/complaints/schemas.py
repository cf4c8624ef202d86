"""Bodies and answers about complaints."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.contexts.complaints.models import ComplaintOutcome, ComplaintState, Matter
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import LINES

Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=LINES),
]


class ComplaintAnswerIn(Refusing):
    """What it comes to, and why: the person reads the words, which are sealed with their facts."""

    outcome: ComplaintOutcome = Field(examples=["upheld"])
    words: Words = Field(examples=["We asked twice for the same letter. We are sorry for that."])


class ComplaintOut(Schema):
    """A complaint, or the wish that a fact is corrected (`matter`), made at a `step` of the draft's
    pages. It is to be answered by `due_on` where a day is set, by that `rule` of the law (empty:
    the lender's own days), counted as `counted` says. `overdue`: the person was told that it is
    late."""

    id: str
    reference: str
    draft: str
    matter: Matter
    product: str
    language: str
    channel: str
    step: str
    state: ComplaintState
    outcome: Literal["", "upheld", "partly_upheld", "not_upheld"]
    received_at: datetime
    due_on: date | None
    rule: str
    counted: str
    overdue: bool
    answered_by: str
    answered_at: datetime | None


class ComplaintInFullOut(ComplaintOut):
    """The same with what the person said, and the answer, empty until there is one."""

    words: str
    answer: str


class WhichComplaints(Schema):
    """Which complaints: in any state, or in one."""

    state: ComplaintState | None = None
