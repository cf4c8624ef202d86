"""What is answered about runs of emergency plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlanRun:
    """A run or a drill in a list."""

    id: str
    plan: str
    drill: bool
    began_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanRunStep:
    """A step: by when it is due (None while it waits for others), who was called for it, and how it
    ended: `done`, `left_out`, or None."""

    step: str
    role: str
    due: datetime | None
    called: tuple[str, ...]
    ended: str | None
    ended_at: datetime | None
    by: str
    note: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class PlanRunInFull(PlanRun):
    """A run with its cause, its steps in their order, and the switches that are on."""

    cause: str
    switched: tuple[str, ...]
    steps: tuple[PlanRunStep, ...]
