"""Bodies and answers about officers and overrides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.contexts.cases.models import AppointmentState, Override
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Name, Reason

Person = Annotated[str, StringConstraints(pattern=r"^user\.[0-9]{1,9}$")]
Names = Annotated[list[Name], Field(max_length=100)]


class AuthorityIn(Refusing):
    """Authority that a person is to have: a level that a strategy in force declares, in some
    products and grades, or in all."""

    person: Person = Field(examples=["user.7"])
    level: Name = Field(examples=["senior"])
    products: Names | None = None
    grades: Names | None = None


class AppointmentOut(Schema):
    """Authority asked for, in force, or gone."""

    id: int
    person: str
    level: str
    products: list[str] | None
    grades: list[str] | None
    state: AppointmentState
    asked_by: str
    asked_at: datetime
    settled_by: str
    settled_at: datetime | None


class OverrideIn(Refusing):
    """A person's answer against the strategy's: `reason` is one that the strategy declares, `words`
    say why; they are sealed with the applicant's facts."""

    answer: Literal["approve", "decline"] = Field(examples=["decline"])
    reason: Name = Field(examples=["INCOME"])
    words: Reason = Field(examples=["The contract of employment was read, and is permanent."])


class OverrideOut(Schema):
    """What was signed so far; it holds once it is `complete`."""

    decision: str
    answer: str
    reason: str
    officers: list[str]
    level: str
    signatures: int
    complete: bool
    signed_at: datetime


def override_out(row: Override) -> dict[str, object]:
    """The row as it is answered."""
    return {name: getattr(row, name) for name in OverrideOut.model_fields}
