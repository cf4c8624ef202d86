"""Runs of plans as the API takes and tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import PATTERN

Named = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Note = Annotated[str, StringConstraints(max_length=500, pattern=PATTERN)]


class PlanRunIn(Refusing):
    """A run of a plan in force, for a cause; a drill changes nothing that is in force."""

    plan: Named = Field(examples=["bureau_down"])
    cause: Note = Field(min_length=1, examples=["one call in five is answered"])
    drill: bool = Field(default=False, strict=True, examples=[True])


class PlanStepIn(Refusing):
    """A step that can be worked on is done, or left out for a reason (`note`)."""

    step: Named = Field(examples=["confirm"])
    ended: Literal["done", "left_out"] = Field(examples=["done"])
    note: Note = Field(default="", examples=["they know of it"])


class PlanSwitchIn(Refusing):
    """A switch that is on is turned back."""

    switch: Named = Field(examples=["all_to_people"])


class PlanEndIn(Refusing):
    """The run is over: every step has ended and no switch is on, and two people took part."""

    note: Note = Field(default="", examples=["the bureau answers again"])


class PlanRunOut(Schema):
    """A run without what happened in it."""

    id: str
    plan: str
    drill: bool
    began_at: datetime
    closed_at: datetime | None


class PlanStepOut(Schema):
    """A step: by when it is due (null while it waits for others), who was called for it, and how it
    ended."""

    step: str
    role: str
    due: datetime | None
    called: list[str]
    ended: Literal["done", "left_out"] | None
    ended_at: datetime | None
    by: str
    note: str
    is_open: bool


class PlanRunInFullOut(PlanRunOut):
    """A run with its cause, its steps in their order, and the switches that are on."""

    cause: str
    switched: list[str]
    steps: list[PlanStepOut]
