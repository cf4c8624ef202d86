"""What happens to an incident and to what is learned of it; what people wrote stands sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event

Words = Mapping[str, Any]


class IncidentEvent(Signed, frozen=True, kw_only=True):
    """Something about an incident, in its chain."""

    words: Words | None = None


@event("incident.reported", 1)
class IncidentReported(IncidentEvent, frozen=True, kw_only=True):
    """Somebody reported trouble of that class of risk, from an `alert` or by themselves (empty).
    Money is in minor units of `currency`; the regulator is owed a notice within so many hours,
    where one is owed. Title and first account stand sealed in `words`."""

    risk: str
    severity: str
    currency: str
    notice_hours: float | None
    alert: str


@event("incident.noted", 1)
class IncidentNoted(IncidentEvent, frozen=True, kw_only=True):
    """A line of the timeline: what happened at that moment, sealed in `words`."""

    happened: str


@event("incident.regraded", 1)
class IncidentRegraded(IncidentEvent, frozen=True, kw_only=True):
    """It is worse, or less bad, than was reported; why stands sealed in `words`."""

    severity: str


@event("incident.role_taken", 1)
class RoleTaken(IncidentEvent, frozen=True, kw_only=True):
    """A person has a role from now on (`lead`, `scribe`, ...); whoever had it has not."""

    role: str
    person: str


@event("incident.role_given_back", 1)
class RoleGivenBack(IncidentEvent, frozen=True, kw_only=True):
    """Nobody has a role any more."""

    role: str


@event("incident.task_added", 1)
class TaskAdded(IncidentEvent, frozen=True, kw_only=True):
    """A person is to do something by a moment; what stands sealed in `words`."""

    person: str
    due: str


@event("incident.task_done", 1)
class TaskDone(IncidentEvent, frozen=True, kw_only=True):
    """The task in `words` is done."""


@event("incident.linked", 1)
class IncidentLinked(IncidentEvent, frozen=True, kw_only=True):
    """An `alert`, a `loan`, a `customer` or a run of a `plan` belongs to it; which one stands
    sealed in `words`."""

    what: str


@event("incident.notice_given", 1)
class NoticeGiven(IncidentEvent, frozen=True, kw_only=True):
    """The regulator was told."""


@event("incident.stabilised", 1)
class IncidentStabilised(IncidentEvent, frozen=True, kw_only=True):
    """It does no more harm; how one knows stands sealed in `words`."""


@event("incident.chased", 1)
class IncidentChased(IncidentEvent, frozen=True, kw_only=True):
    """Something is late (`task`, `notice`, `action`; sealed in `words`), and a person was told, by
    that message (empty: none could be sent, and their pages tell them)."""

    what: str
    person: str
    message: str


@event("incident.closed", 1)
class IncidentClosed(IncidentEvent, frozen=True, kw_only=True):
    """Somebody (`person`) other than its lead closed it; it cost that much, in minor units."""

    person: str
    loss: int


@event("post_mortem.written", 1)
class PostMortemWritten(IncidentEvent, frozen=True, kw_only=True):
    """What is learned: when data first showed it and when it was noticed, which control of the
    register failed, and red `thresholds` proposed beside those `in_force`, by indicator. Cause,
    what went well and the actions with owners and days stand sealed in `words`."""

    person: str
    visible: str
    noticed: str
    failed_control: str
    controls: tuple[str, ...]
    in_force: Mapping[str, float]
    thresholds: Mapping[str, float]


@event("post_mortem.replayed", 1)
class ThresholdReplayed(IncidentEvent, frozen=True, kw_only=True):
    """A proposed threshold was held against the history of that digest, beside the one that it
    would replace: the median days of warning (`lead`), how many of the `events` it `saw`, false
    alarms a year, each before and after."""

    indicator: str
    before: float
    after: float
    history: str
    lead_before: float | None
    lead_after: float | None
    saw_before: int
    saw_after: int
    events: int
    false_before: float
    false_after: float


@event("post_mortem.not_replayed", 1)
class ThresholdNotReplayed(IncidentEvent, frozen=True, kw_only=True):
    """A proposed threshold could not be held against history; why, as whoever reads watch.yaml is
    told."""

    indicator: str
    after: float
    reason: str


@event("post_mortem.returned", 1)
class PostMortemReturned(IncidentEvent, frozen=True, kw_only=True):
    """Somebody wants it written anew; why stands sealed in `words`."""


@event("post_mortem.accepted", 1)
class PostMortemAccepted(IncidentEvent, frozen=True, kw_only=True):
    """Somebody who did not write it accepted it, with the replays that are there."""

    person: str


@event("post_mortem.action_done", 1)
class ActionDone(IncidentEvent, frozen=True, kw_only=True):
    """An action is done; which one, and what shows it, stands sealed in `words`."""
