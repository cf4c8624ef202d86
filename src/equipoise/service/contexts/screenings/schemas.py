"""Rounds of screening as the API takes and tells them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import LINES

Answer = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=LINES)]


class ScreeningsAsked(Schema):
    """Which rounds: all, or those that are open or answered."""

    state: Literal["open", "answered"] | None = None


class ScreeningAnswersIn(Refusing):
    """An answer to every question, in their order; of a round about a risk also the grade, 1 to 5,
    that its controls leave of it. Whoever was slower is told who answered."""

    answers: Annotated[list[Answer], Field(min_length=1, max_length=50)] = Field(
        examples=[["None is known.", "It held at every decision."]]
    )
    residual: int | None = Field(None, ge=1, le=5, strict=True, examples=[2])


class ScreeningOut(Schema):
    """A round of a duty: its questions, whose it is (as watch.yaml names them), and its answers, by
    whom and with which grade of the risk left (none while it is open)."""

    id: str
    duty: str
    owner: str
    begins: date
    due: date
    risk: str
    asks: list[str]
    answers: list[str]
    answered_by: str
    answered_at: datetime | None
    residual: int | None
