"""Who is told of alerts, how soon the next is, and by which clock: a section of watch.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from equipoise.documents import Document
from equipoise.experience.document import CalendarSection
from equipoise.texts.wording import Text


class StepSection(Document):
    """Who is told, and how many hours they have before the next is: around the clock, or while the
    calendar is open where `clock` says so."""

    to: Text
    hours: float = Field(gt=0, le=24 * 90)
    clock: Literal["always", "open"] = "always"


class AlertsSection(Document):
    """How alerts are told. `red`, `amber` and `data` are the steps of each severity, the first told
    at once; where there are none the indicator's owner is. The rest as `Rules` has it."""

    red: tuple[StepSection, ...] = ()
    amber: tuple[StepSection, ...] = ()
    data: tuple[StepSection, ...] = ()
    calendar: CalendarSection = Field(default_factory=CalendarSection)
    fire_after: int = Field(default=1, ge=1, le=24)
    repeat_hours: float = Field(default=24, gt=0, le=24 * 31)
    flaps: int = Field(default=3, ge=2, le=100)
    flap_days: float = Field(default=90, gt=0, le=366)
    longest_silence_days: float = Field(default=30, gt=0, le=366)
