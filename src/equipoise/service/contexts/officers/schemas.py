"""Bodies and answers about officers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.contexts.officers.models import AppointmentState
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Name

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
