"""Answers about what is watched."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema


class WatchReadingOut(Schema):
    """An indicator's reading of a period. `fault` is one of the data and never a risk; `snapshot`
    and `digest` name the rows and the watch it was read by."""

    id: int
    indicator: str
    period: date
    value: float | None
    n: int
    low: float | None
    high: float | None
    baseline: float | None
    chance: float | None
    verdict: str
    fault: str
    inhibited_by: str
    snapshot: str
    digest: str
    detail: str
    measured_at: datetime


class WatchAlertOut(Schema):
    """An indicator's alert as it stands. `version` counts what happened to it."""

    id: str
    indicator: str
    severity: str
    stage: str
    group: str
    owner: str
    version: int
    episode: int
    since: datetime
    raised_at: datetime
    cleared_at: datetime | None
    silenced_until: datetime | None
    inhibited_by: str


class ReadingsAsked(Schema):
    """Which readings: of every indicator, or of one."""

    indicator: str = Field("", max_length=120)


class AlertsAsked(Schema):
    """Which alerts: all, or those that are open or closed."""

    state: Literal["open", "closed"] | None = None
