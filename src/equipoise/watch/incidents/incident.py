"""An incident: who leads it, what happened when, what is to be done, what it touched and cost.

Pure: nothing here reads or writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from equipoise.errors import GateRefused

RiskClass = Literal["credit", "market", "operational", "policy"]
Severity = Literal["minor", "major", "critical"]
Touched = Literal["alert", "loan", "customer", "plan"]
LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the timeline: when it happened, and when and by whom it was written down."""

    happened: datetime
    written: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody took on, until they gave it back."""

    role: str
    person: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: whose it is, by when, and when it was done."""

    name: str
    owner: str
    due: datetime
    done: datetime | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """Money is in minor units of `currency`; `notice_hours` is how long the regulator gives from
    when it was reported, None where no notice is owed."""

    title: str
    risk: RiskClass
    severity: Severity
    reported: datetime
    by: str
    currency: str
    notice_hours: float | None = None
    notified: datetime | None = None
    stable: datetime | None = None
    closed: datetime | None = None
    loss_estimate: int | None = None
    loss_actual: int | None = None
    timeline: tuple[Noted, ...] = ()
    roles: tuple[Held, ...] = ()
    tasks: tuple[Task, ...] = ()
    touched: frozenset[tuple[Touched, str]] = frozenset()

    @property
    def lead(self) -> str:
        """Who leads it now; empty where nobody does."""
        return next((e.person for e in self.roles if e.role == LEAD and e.until is None), "")

    @property
    def notice_due(self) -> datetime | None:
        """By when the regulator is to be told; None where no notice is owed."""
        if self.notice_hours is None:
            return None
        return self.reported + timedelta(hours=self.notice_hours)

    def chronicle(self) -> tuple[Noted, ...]:
        """The timeline in the order in which things happened."""
        return tuple(sorted(self.timeline, key=lambda each: (each.happened, each.written)))


def note(incident: Incident, line: Noted) -> Incident:
    """A line is added; none is changed. Raises GateRefused for what has not happened yet."""
    if line.happened > line.written:
        raise GateRefused(
            "the timeline tells what has happened", field="happened", mend="make a task of it"
        )
    return replace(incident, timeline=(*incident.timeline, line))


def take(incident: Incident, role: str, person: str, on: datetime) -> Incident:
    """Somebody takes on a role; whoever had it gives it back."""
    _open(incident)
    return replace(incident, roles=(*_given_back(incident, role, on), Held(role, person, on)))


def give_back(incident: Incident, role: str, on: datetime) -> Incident:
    """A role is given back. Raises GateRefused for the lead, which is only handed over."""
    _open(incident)
    if role == LEAD:
        raise GateRefused(
            "an incident is never without a lead", field="role", mend="hand it to somebody"
        )
    return replace(incident, roles=_given_back(incident, role, on))


def add_task(incident: Incident, task: Task) -> Incident:
    """Something more is to be done. Raises GateRefused where a task of that name is open."""
    _open(incident)
    if any(each.name == task.name and each.done is None for each in incident.tasks):
        raise GateRefused(f"'{task.name}' is there already", field="name", mend="name it apart")
    return replace(incident, tasks=(*incident.tasks, task))


def do_task(incident: Incident, name: str, on: datetime) -> Incident:
    """A task is done. Raises GateRefused where none of that name is open."""
    _open(incident)
    if not any(each.name == name and each.done is None for each in incident.tasks):
        raise GateRefused(f"no open task is named '{name}'", field="name")
    tasks = tuple(
        replace(each, done=on) if each.name == name and each.done is None else each
        for each in incident.tasks
    )
    return replace(incident, tasks=tasks)


def regrade(incident: Incident, severity: Severity) -> Incident:
    """It is worse, or less bad, than was said. Raises GateRefused where that is said already."""
    _open(incident)
    if severity == incident.severity:
        raise GateRefused(f"it is {severity} already", field="severity", mend="choose another")
    return replace(incident, severity=severity)


def touch(incident: Incident, what: Touched, key: str) -> Incident:
    """An alert, a loan, a customer or a run of a plan belongs to it."""
    _open(incident)
    return replace(incident, touched=incident.touched | {(what, key)})


def notify(incident: Incident, on: datetime) -> Incident:
    """The regulator was told. Raises GateRefused where no notice is owed or it was given."""
    if incident.notice_hours is None or incident.notified is not None:
        raise GateRefused("no notice to the regulator is open", field="notified")
    return replace(incident, notified=on)


def stabilise(incident: Incident, on: datetime) -> Incident:
    """It does no more harm. Raises GateRefused where that was said before."""
    _open(incident)
    if incident.stable is not None:
        raise GateRefused("it is stable already", field="stable")
    return replace(incident, stable=on)


def close(incident: Incident, by: str, on: datetime, loss_actual: int) -> Incident:
    """It is over, and what it cost is known, minor units. Raises GateRefused while it is not
    stable, a task or the notice is open, nobody leads it, or where the lead closes it alone."""
    _open(incident)
    left = [each.name for each in incident.tasks if each.done is None]
    refused = (
        (incident.stable is None, "it is not stable yet", "say when it did no more harm"),
        (bool(left), f"open tasks: {', '.join(left)}", "do them first"),
        (
            incident.notice_hours is not None and incident.notified is None,
            "the regulator was not told",
            "give the notice, and say when",
        ),
        (not incident.lead, "nobody leads it", "let somebody take the lead"),
        (by == incident.lead, "its lead does not close it alone", "ask somebody else"),
        (loss_actual < 0, "a loss is 0 or more", "a gain is no loss: give 0"),
    )
    for holds, says, mend in refused:
        if holds:
            raise GateRefused(says, field="state", mend=mend)
    return replace(incident, closed=on, loss_actual=loss_actual)


def overdue(incident: Incident, now: datetime) -> tuple[str, ...]:
    """Tasks whose time is over, and `notice` where the regulator's is."""
    if incident.closed is not None:
        return ()
    tasks = tuple(each.name for each in incident.tasks if each.done is None and each.due < now)
    due = incident.notice_due
    late = due is not None and incident.notified is None and due < now
    return (*tasks, "notice") if late else tasks


def _given_back(incident: Incident, role: str, on: datetime) -> tuple[Held, ...]:
    return tuple(
        replace(each, until=on) if each.role == role and each.until is None else each
        for each in incident.roles
    )


def _open(incident: Incident) -> None:
    if incident.closed is not None:
        raise GateRefused(
            f"it was closed on {incident.closed:%Y-%m-%d}",
            field="state",
            mend="report a new one, and name this in it",
        )
