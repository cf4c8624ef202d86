"""What is answered about what is watched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class WatchReading:
    """An indicator's reading of a period: `value` on `n` rows with its interval, beside what was
    usual (`baseline`) and the `chance` of one as bad if nothing changed. `fault` is one of the data
    and never a risk; `snapshot` and `digest` name the rows and the watch it was read by."""

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


@dataclass(frozen=True, slots=True)
class WatchAlert:
    """An indicator's alert: amber, red or a fault of the data, from pending to closed. `owner` has
    it, `version` counts what happened to it, `episode` how often it was opened again."""

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


@dataclass(frozen=True, slots=True)
class AlertHappened:
    """What happened to an alert: `what`, when, `by` whom (empty: the watch itself) and in which
    `words`; the `run` of a plan, `to` whom it was told, for which `cause`, how it is to end, how
    bad it is, and until when it is silent, where that belongs to it."""

    what: str
    at: datetime
    by: str
    words: str
    run: str
    to: str
    cause: str
    ending: str
    severity: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AlertPlanBegun:
    """A plan that began by itself because of an alert, and its run."""

    plan: str
    run: str


@dataclass(frozen=True, slots=True)
class WatchAlertInFull(WatchAlert):
    """An alert with all that happened to it, oldest first. `treated_by` did what another verifies;
    `asked_by` (empty: nobody) wants it closed as `asked_ending`, for `asked_reason`."""

    treated_by: str
    asked_by: str
    asked_ending: str
    asked_reason: str
    happened: tuple[AlertHappened, ...]
    begun: tuple[AlertPlanBegun, ...]
