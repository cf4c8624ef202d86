"""An alert as its events make it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch
from typing import Literal

from equipoise.errors import GateRefused
from equipoise.watch.alerts.events import (
    Acknowledged,
    AlertEvent,
    Cause,
    Cleared,
    Closed,
    ClosureAsked,
    ClosureRefused,
    Ending,
    Escalated,
    Fired,
    Inhibited,
    InhibitionEnded,
    Mitigated,
    Notified,
    Raised,
    RangAgain,
    Reopened,
    Severity,
    Silenced,
    SilenceEnded,
    TreatmentBegun,
    Verified,
)

Stage = Literal[
    "pending", "firing", "acknowledged", "in_treatment", "mitigated", "verified", "closed"
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A closure that waits for a second person; `before` is the stage it came from."""

    by: str
    ending: Ending
    reason: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One indicator's trouble, from the first ring to its closing.

    `version` counts its events: who acts says which version they saw. `episode` counts how often it
    was reopened. `since` is when it came to its stage, `moment` that of its last event. `rang` is
    how many readings in a row ring, `cleared` since when none does. `returns` are the moments at
    which it rang again after it had cleared: many of them are flapping. `step` is the escalation's.
    `news` is what somebody has to be told and has not been, `notified` the last time that somebody
    was told. `treated_by` did what
    another has to verify.
    """

    indicator: str
    severity: Severity
    group: tuple[str, ...]
    owner: str
    stage: Stage
    since: datetime
    moment: datetime
    version: int = 1
    episode: int = 0
    rang: int = 1
    cleared: datetime | None = None
    returns: tuple[datetime, ...] = ()
    step: int = 0
    step_since: datetime | None = None
    news: Cause | None = None
    news_since: datetime | None = None
    notified: datetime | None = None
    silenced_until: datetime | None = None
    inhibited_by: str = ""
    treated_by: str = ""
    asked: Asked | None = None
    ending: Ending | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.stage != "closed"

    @property
    def is_waiting(self) -> bool:
        """Whether it fired and nobody has it."""
        return self.stage == "firing"

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is to be told of it now."""
        return self.silenced_until is not None or self.inhibited_by != ""


class Overtaken(GateRefused):
    """Somebody, or a reading, was first; exit code 1."""


def seen(alert: Alert, version: int) -> None:
    """Raises Overtaken where the alert has changed since that version."""
    if version != alert.version:
        raise Overtaken(
            f"'{alert.indicator}' has changed since it was read: it is {alert.stage} now",
            field="version",
            mend="look at it again",
        )


def after(alert: Alert | None, event: AlertEvent) -> Alert:
    """The alert after the event; the first event of one is that it was raised."""
    if isinstance(event, Raised):
        return Alert(
            event.indicator,
            event.severity,
            event.group,
            event.owner,
            "pending",
            since=event.at,
            moment=event.at,
        )
    if alert is None:
        raise ValueError(f"an alert begins with being raised, not with {type(event).__name__}")
    return replace(_folded(event, alert), version=alert.version + 1, moment=event.at)


def folded(events: Iterable[AlertEvent]) -> Alert:
    """The alert that all its events make, oldest first."""
    alert: Alert | None = None
    for event in events:
        alert = after(alert, event)
    if alert is None:
        raise ValueError("no events make no alert")
    return alert


@singledispatch
def _folded(event: AlertEvent, _alert: Alert) -> Alert:
    raise AssertionError(f"no fold of {type(event).__name__}")


@_folded.register
def _(event: Fired, alert: Alert) -> Alert:
    return replace(
        _with_news(alert, "fired", event.at),
        stage="firing",
        since=event.at,
        step=0,
        step_since=event.at,
    )


@_folded.register
def _(event: RangAgain, alert: Alert) -> Alert:
    returned, is_other = alert.cleared is not None, event.severity != alert.severity
    news: Cause = "returned" if returned else "worse"
    return replace(
        _with_news(alert, news, event.at) if event.is_news else alert,
        severity=event.severity,
        rang=1 if returned else alert.rang + 1,
        cleared=None,
        returns=(*alert.returns, event.at) if returned else alert.returns,
        # other people's steps, from the first on
        step=0 if is_other else alert.step,
        step_since=event.at if is_other else alert.step_since,
    )


@_folded.register
def _(event: Cleared, alert: Alert) -> Alert:
    return replace(alert, cleared=event.at, rang=0)


@_folded.register
def _(event: Acknowledged, alert: Alert) -> Alert:
    return replace(alert, stage="acknowledged", since=event.at, owner=event.by)


@_folded.register
def _(event: TreatmentBegun, alert: Alert) -> Alert:
    return replace(alert, stage="in_treatment", since=event.at, owner=event.by)


@_folded.register
def _(event: Mitigated, alert: Alert) -> Alert:
    return replace(alert, stage="mitigated", since=event.at, treated_by=event.by)


@_folded.register
def _(event: Verified, alert: Alert) -> Alert:
    return replace(alert, stage="verified", since=event.at)


@_folded.register
def _(event: ClosureAsked, alert: Alert) -> Alert:
    return replace(alert, asked=Asked(event.by, event.ending, event.reason))


@_folded.register
def _(_event: ClosureRefused, alert: Alert) -> Alert:
    return replace(alert, asked=None)


@_folded.register
def _(event: Closed, alert: Alert) -> Alert:
    return replace(
        alert,
        stage="closed",
        since=event.at,
        ending=event.ending,
        asked=None,
        news=None,
        silenced_until=None,
        inhibited_by="",
    )


@_folded.register
def _(event: Reopened, alert: Alert) -> Alert:
    return replace(
        _with_news(alert, "fired", event.at),
        severity=event.severity,
        stage="firing",
        since=event.at,
        episode=alert.episode + 1,
        rang=1,
        cleared=None,
        step=0,
        step_since=event.at,
        ending=None,
        treated_by="",
    )


@_folded.register
def _(event: Silenced, alert: Alert) -> Alert:
    return replace(alert, silenced_until=event.until)


@_folded.register
def _(event: SilenceEnded, alert: Alert) -> Alert:
    return replace(_again(alert, "silence_ended", event.at), silenced_until=None)


@_folded.register
def _(event: Inhibited, alert: Alert) -> Alert:
    return replace(alert, inhibited_by=event.by_indicator)


@_folded.register
def _(event: InhibitionEnded, alert: Alert) -> Alert:
    return replace(_again(alert, "inhibition_ended", event.at), inhibited_by="")


@_folded.register
def _(event: Escalated, alert: Alert) -> Alert:
    return replace(_with_news(alert, "escalated", event.at), step=event.step, step_since=event.at)


@_folded.register
def _(event: Notified, alert: Alert) -> Alert:
    return replace(alert, notified=event.at, news=None)


def _with_news(alert: Alert, news: Cause, since: datetime) -> Alert:
    return replace(alert, news=news, news_since=since)


def _again(alert: Alert, news: Cause, at: datetime) -> Alert:
    """After it was kept quiet: clocks begin anew, and what still rings is told of again."""
    rings = alert.cleared is None and alert.stage != "pending"
    return replace(_with_news(alert, news, at) if rings else alert, step_since=at)
