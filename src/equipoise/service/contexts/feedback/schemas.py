"""Figures of feedback as the API tells them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from equipoise.service.platform.api.bodies import Day

By = Literal["step", "moment", "product", "channel", "language", "outcome"]


class WhichFeedback(Schema):
    """Of those asked in these days (UTC; the last ninety where none are named), grouped by what is
    named."""

    since: Day | None = None
    until: Day | None = Field(None, description="The first day that is not counted.")
    by: list[By] = Field(["moment"], max_length=6)


class FigureOut(Schema):
    """A share or a mean of n people, with its 95 % interval."""

    value: float
    n: int
    low: float
    high: float


class FeedbackGroupOut(Schema):
    """Those asked, of one value each of what they are grouped by. `response`: the share that
    answered. `satisfied`: 4 or 5 of 5. `easy`: 6 or 7 of 7. `effort`: the mean of 1 to 7, the
    higher the easier. Null where a figure would be of fewer than ten people. Languages are not to
    be held against one another: people use scales differently."""

    by: dict[str, str]
    asked: int
    response: FigureOut | None
    satisfied: FigureOut | None
    easy: FigureOut | None
    effort: FigureOut | None


class FeedbackOut(Schema):
    """How it went: from and before which day, the largest group first. Groups of fewer than ten who
    were asked are left out, and counted in `few`."""

    since: date
    until: date
    groups: list[FeedbackGroupOut]
    few: int


class CommentOut(Schema):
    """What somebody added in words (null where they were erased), and what they tapped:
    satisfaction of 5, effort of 7."""

    id: str
    draft: str
    moment: Literal["answer", "drop_off", "review"]
    step: str
    product: str
    channel: str
    language: str
    outcome: str
    asked_at: datetime
    satisfaction: int | None
    effort: int | None
    words: str | None
