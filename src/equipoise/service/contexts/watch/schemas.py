"""What is watched, as the API tells it, and what is done with alerts, as it takes it. People are
told as the record knows them (`user.7`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from equipoise.service.contexts.watch.acting import Ending
from equipoise.service.platform.api.bodies import Moment, Refusing
from equipoise.service.platform.api.short_text import Deed

_MOST_VERSION = 2**31 - 1
_NAME = r"^[a-z][a-z0-9_]*$"


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


class AlertHappenedOut(Schema):
    """What happened to it: `what` (an event's kind after `alert.`), `by` whom (empty: the watch
    itself), in which `words`, and what else there is to it: the `run` of a plan, `to` whom it was
    told and for which `cause`, how it is to end, how bad it is, until when it is silent."""

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


class AlertPlanBegunOut(Schema):
    """A plan that began by itself, and its run."""

    plan: str
    run: str


class WatchAlertInFullOut(WatchAlertOut):
    """An alert with all that happened to it, oldest first. `treated_by` did what another verifies;
    `asked_by` wants it closed as `asked_ending`, for `asked_reason`, and another agrees or not."""

    treated_by: str
    asked_by: str
    asked_ending: str
    asked_reason: str
    happened: list[AlertHappenedOut]
    begun: list[AlertPlanBegunOut]


class AlertSeenIn(Refusing):
    """Which state of it was `seen` (its `version`): whoever was slower changes nothing, and is told
    who was first and what they did."""

    seen: int = Field(ge=1, le=_MOST_VERSION, strict=True, examples=[4])


class AlertTreatmentIn(AlertSeenIn):
    """What is done about it."""

    how: Deed = Field(examples=["The branch is called."])


class AlertPlanIn(AlertSeenIn):
    """The plan in force that is begun because of it, as its treatment."""

    plan: str = Field(pattern=_NAME, max_length=60, examples=["bureau_down"])


class AlertMitigationIn(AlertSeenIn):
    """What should hold from now on."""

    how: Deed = Field(examples=["Its lending is stopped."])


class AlertClosingIn(AlertSeenIn):
    """How it is to end: resolved once it is verified, as a false alarm, or accepted as it is."""

    ending: Ending = Field(examples=["accepted"])
    reason: Deed = Field(examples=["The branch closes in March."])


class AlertRefusalIn(AlertSeenIn):
    """Why it stays open."""

    reason: Deed = Field(examples=["It rang twice this week."])


class AlertSilenceIn(AlertSeenIn):
    """Until when nobody is told of it, and why: at most as long as watch.yaml allows."""

    until: Moment = Field(examples=["2030-01-31T12:00:00Z"])
    reason: Deed = Field(examples=["The branch moves."])


class ReadingsAsked(Schema):
    """Which readings: of every indicator, or of one."""

    indicator: str = Field("", max_length=120)


class AlertsAsked(Schema):
    """Which alerts: all, or those that are open or closed."""

    state: Literal["open", "closed"] | None = None
