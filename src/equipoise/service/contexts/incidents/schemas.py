"""Incidents and what is learned of them, as the API takes and tells them. Money is in minor units
of the incident's currency; people are told as the record knows them (`user.7`), and named by the
name that they log in with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from equipoise.service.contexts.incidents.leading import RoleName
from equipoise.service.platform.api.bodies import Day, Moment, Refusing
from equipoise.service.platform.api.short_text import Account, Line, Name, OptionalName
from equipoise.watch.incidents import RiskClass, Severity, Touched

_SOON = "2030-01-31T12:00:00Z"
_MOST_MINOR = 10**15
_MOST_SERIAL = 2**31 - 1
Money = Annotated[int, Field(ge=0, le=_MOST_MINOR, strict=True)]


class IncidentsAsked(Schema):
    """Which incidents: all, or those that are open or closed."""

    state: Literal["open", "closed"] | None = None


class IncidentIn(Refusing):
    """An incident of a class of risk: how bad, what it is called, and what happened. Where the
    regulator is owed a notice, within how many hours; `alert` is what it is opened from."""

    risk: RiskClass = Field(examples=["operational"])
    severity: Severity = Field(examples=["major"])
    title: Line = Field(examples=["The bureau does not answer"])
    text: Account = Field(examples=["One call in five is answered since this morning."])
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["EUR"])
    notice_hours: float | None = Field(None, gt=0, le=2160, strict=True, examples=[72.0])
    alert: OptionalName = Field("", examples=[""])


class IncidentSeenIn(Refusing):
    """Which state of it was `seen` (its `serial`): whoever was slower changes nothing, and is told
    who was first and what they did."""

    seen: int = Field(ge=0, le=_MOST_SERIAL, strict=True, examples=[4])


class IncidentNoteIn(IncidentSeenIn):
    """A line of the timeline: what happened, and when."""

    text: Account = Field(examples=["The bureau's own page says it is down."])
    happened_at: Moment = Field(examples=["2026-03-02T09:30:00Z"])


class IncidentGradeIn(IncidentSeenIn):
    """How bad it is now, and why."""

    severity: Severity = Field(examples=["critical"])
    why: Line = Field(examples=["No application is decided any more."])


class IncidentRoleIn(IncidentSeenIn):
    """Who has a role from now on; nobody (null) for one that is given back. There is always a
    lead."""

    role: RoleName = Field(examples=["scribe"])
    person: Name | None = Field(examples=["rita"])


class IncidentTaskIn(IncidentSeenIn):
    """What somebody is to do by a moment."""

    name: Line = Field(examples=["Call the bureau"])
    owner: Name = Field(examples=["rita"])
    due: Moment = Field(examples=[_SOON])


class IncidentTaskDoneIn(IncidentSeenIn):
    """The open task of that name is done."""

    name: Line = Field(examples=["Tell the branches"])


class IncidentLinkIn(IncidentSeenIn):
    """An alert, a loan, a customer or a run of a plan belongs to it."""

    what: Touched = Field(examples=["loan"])
    which: Name = Field(examples=["L-1001"])


class IncidentStableIn(IncidentSeenIn):
    """It does no more harm: how one knows."""

    text: Account = Field(examples=["Every call of the last hour was answered."])


class IncidentClosingIn(IncidentSeenIn):
    """It is over and cost so much."""

    loss: Money = Field(examples=[120_050])


class PostMortemActionIn(Refusing):
    """What somebody is to do by a day, so that it does not happen again."""

    what: Annotated[str, Field(min_length=1, max_length=300)] = Field(examples=["Watch the bureau"])
    owner: Name = Field(examples=["rita"])
    due: Day = Field(examples=["2030-03-01"])


class PostMortemIn(IncidentSeenIn):
    """What is learned: when data first showed it and when it was noticed, the cause, which control
    of the register failed (by name; empty: none), actions, and red thresholds proposed, by
    indicator."""

    visible_at: Moment = Field(examples=["2026-03-01T22:00:00Z"])
    noticed_at: Moment = Field(examples=["2026-03-02T09:00:00Z"])
    cause: Account = Field(examples=["Nobody watched how many calls are answered."])
    went_well: Annotated[str, Field(max_length=2000)] = Field("", examples=["The plan was known."])
    failed_control: Annotated[str, Field(max_length=200)] = Field(examples=["calls"])
    actions: Annotated[list[PostMortemActionIn], Field(max_length=20)] = Field(
        examples=[[{"what": "Watch the bureau", "owner": "rita", "due": "2030-03-01"}]]
    )
    thresholds: dict[Name, Annotated[float, Field(strict=True, allow_inf_nan=False)]] = Field(
        {}, max_length=20, examples=[{}]
    )


class PostMortemReturnIn(IncidentSeenIn):
    """Why it is to be written anew."""

    why: Account = Field(examples=["It does not say why nobody noticed."])


class PostMortemActionDoneIn(IncidentSeenIn):
    """Which action is done, and what shows it."""

    what: Annotated[str, Field(min_length=1, max_length=300)] = Field(examples=["Watch the bureau"])
    evidence: Account = Field(examples=["The indicator rang in the drill of May."])


class IncidentOut(Schema):
    """An incident in a list: who leads it (empty: nobody), how far its post-mortem is, and how many
    things are late. `title` is empty where its words cannot be read."""

    id: str
    title: str
    risk: RiskClass
    severity: Severity
    reported_at: datetime
    closed_at: datetime | None
    learnt: Literal["nothing", "written", "accepted", "done"]
    lead: str
    late: int


class IncidentNoteOut(Schema):
    """A line of the timeline: when it happened, and when and by whom it was written down."""

    happened_at: datetime
    written_at: datetime
    by: str
    text: str


class IncidentRoleOut(Schema):
    """A role that somebody has or had."""

    role: str
    person: str
    since: datetime
    until: datetime | None


class IncidentTaskOut(Schema):
    """Something to do: whose, by when, and when it was done."""

    name: str
    owner: str
    due: datetime
    done_at: datetime | None


class IncidentLinkOut(Schema):
    """What belongs to it."""

    what: Touched
    which: str


class LateOut(Schema):
    """Something late: a task, the notice or an action, whose, and since when."""

    what: Literal["task", "notice", "action"]
    name: str
    person: str
    due: datetime


class PostMortemActionOut(Schema):
    """An action: whose, by when, when it was done, and what shows it."""

    what: str
    owner: str
    due: date
    done_on: date | None
    evidence: str


class ThresholdOut(Schema):
    """A red threshold proposed beside the one that was in force, each held against the history of
    that digest (empty: not yet, or it could not be: `failure`): median days of warning, how many of
    the `events` it saw, false alarms a year."""

    indicator: str
    before: float
    after: float
    history: str
    failure: str
    events: int | None
    lead_days_before: float | None
    lead_days_after: float | None
    seen_before: int
    seen_after: int
    false_a_year_before: float
    false_a_year_after: float


class PostMortemOut(Schema):
    """What is learned of it; `returned` is why it is to be written anew, `accepted_by` is empty
    while it waits for a second person."""

    by: str
    written_at: datetime
    visible_at: datetime
    noticed_at: datetime
    missed_hours: float
    cause: str
    went_well: str
    failed_control: str
    returned: str
    accepted_by: str
    actions: list[PostMortemActionOut]
    thresholds: list[ThresholdOut]


class IncidentInFullOut(Schema):
    """An incident in full. `serial` counts what happened to it: whoever acts says which they
    saw."""

    id: str
    serial: int
    title: str
    risk: RiskClass
    severity: Severity
    reported_at: datetime
    by: str
    currency: str
    lead: str
    notice_due: datetime | None
    notified_at: datetime | None
    stable_at: datetime | None
    closed_at: datetime | None
    loss: int | None
    timeline: list[IncidentNoteOut]
    roles: list[IncidentRoleOut]
    tasks: list[IncidentTaskOut]
    links: list[IncidentLinkOut]
    late: list[LateOut]
    learnt: Literal["nothing", "written", "accepted", "done"]
    post_mortem: PostMortemOut | None
