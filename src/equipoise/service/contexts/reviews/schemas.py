"""Bodies and answers about reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.contexts.cases.schemas import GrantIn
from equipoise.service.contexts.reviews.models import ReviewOutcome, ReviewState
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import LINES, Name, Reason

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=LINES)]


class DecisionReviewIn(Refusing):
    """What the applicant says to the decision, if anything; sealed with their facts."""

    words: Words = Field("", examples=["My contract was made permanent last month."])


class SettleIn(Refusing):
    """What a person came to, and why; `words` are sealed with the applicant's facts. To overturn
    what a person had answered, name the `terms` of the yes that takes its place, and `reasons`, as
    codes of the strategy's texts, where those are other terms than were asked for."""

    outcome: ReviewOutcome = Field(examples=["kept"])
    words: Reason = Field(examples=["The new contract was read; it is for a year."])
    terms: GrantIn | None = Field(None, examples=[None])
    reasons: Annotated[list[Name], Field(max_length=4)] = Field([], examples=[[]])


class DecisionReviewOut(Schema):
    """A review: a person looks again at a decision, by `due_on` where a day is set. `outcome` is
    empty until it is settled: also while what one person would change needs another signature."""

    id: str
    decision: str
    application: str
    state: ReviewState
    outcome: Literal["", "kept", "overturned"]
    asked_at: datetime
    due_on: date | None
    settled_by: str
    settled_at: datetime | None


class ReviewInFullOut(DecisionReviewOut):
    """The same with what the applicant said: null to readers without the right to personal
    facts."""

    words: str | None


class Listed(Schema):
    """Which reviews: in any state, or in one."""

    state: ReviewState | None = None
