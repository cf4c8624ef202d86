"""An incident is reported, its timeline, roles and tasks are kept, and it is closed.

Each says which state was `seen` (`reading.Shown.serial`). Raises DoesNotExist, Overtaken where
somebody was faster, BadInput, and GateRefused where it cannot be done now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.incidents.events import (
    IncidentClosed,
    IncidentEvent,
    IncidentLinked,
    IncidentNoted,
    IncidentRegraded,
    IncidentReported,
    IncidentStabilised,
    NoticeGiven,
    RoleGivenBack,
    RoleTaken,
    TaskAdded,
    TaskDone,
)
from equipoise.service.contexts.incidents.folding import Happening, Story, after
from equipoise.service.contexts.incidents.following import add, follow
from equipoise.service.contexts.incidents.models import Incident
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.reading import person_called
from equipoise.service.platform.accounts.second_person import check_second_person
from equipoise.service.platform.overtaking import check_seen
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.rows import row_states
from equipoise.service.platform.typed_text import bounded
from equipoise.watch.incidents import RiskClass, Severity, Touched

__all__ = [
    "ROLES",
    "Report",
    "TaskAsked",
    "act",
    "add_task",
    "check_known",
    "close",
    "do_task",
    "give_back_role",
    "give_notice",
    "link",
    "note",
    "regrade",
    "report",
    "stabilise",
    "take_role",
]
RoleName = Literal["lead", "scribe", "operations", "customers", "regulator"]
ROLES: tuple[str, ...] = get_args(RoleName)
_SHORT = 200
_MOST_HOURS = 24 * 90


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports: a class of risk, how bad, what it is called and what happened.

    Money of it is in `currency`; `notice_hours` is within how many hours the regulator is told,
    None where no notice is owed; `alert` is what it is opened from, empty where a person saw it.
    """

    risk: str
    severity: str
    title: str
    text: str
    currency: str
    notice_hours: float | None = None
    alert: str = ""


@dataclass(frozen=True, slots=True)
class TaskAsked:
    """Something that somebody (by the name they log in with) is to do by a moment."""

    name: str
    owner: str
    due: datetime


def report(of: Report, by: Principal) -> str:
    """Open an incident; its id."""
    _one_of(of.risk, get_args(RiskClass), "risk")
    _one_of(of.severity, get_args(Severity), "severity")
    if of.notice_hours is not None and not 0 < of.notice_hours <= _MOST_HOURS:
        raise BadInput(f"a notice is owed within 1 to {_MOST_HOURS} hours", field="notice_hours")
    if not (len(of.currency) == 3 and of.currency.isalpha() and of.currency.isupper()):
        raise BadInput("a currency has three capital letters", field="currency", mend="say EUR")
    words = {"title": bounded(of.title, "title", _SHORT), "text": bounded(of.text, "text")}
    chain = subjects.new_id("incident")
    with transaction.atomic():
        row = Incident.objects.create(
            id=chain,
            risk=of.risk,
            severity=of.severity,
            alert=of.alert,
            reported_at=clock.now(),
        )
        sealed = subjects.seal_new(chain, words)
        begins = IncidentReported(
            by=by.id,
            key=by.key or None,
            risk=of.risk,
            severity=of.severity,
            currency=of.currency,
            notice_hours=of.notice_hours,
            alert=of.alert,
            words=sealed.body,
            tables=row_states([row], []),
        )
        record.append(sealed.event(begins))
    return chain


def note(incident: str, seen: int, text: str, happened: datetime, by: Principal) -> None:
    """Add a line to the timeline: what happened, and when."""
    line = IncidentNoted(by=by.id, key=by.key or None, happened=happened.isoformat())
    act(incident, seen, line, {"text": bounded(text, "text")})


def regrade(incident: str, seen: int, severity: str, why: str, by: Principal) -> None:
    """Say that it is worse, or less bad."""
    _one_of(severity, get_args(Severity), "severity")
    event = IncidentRegraded(by=by.id, key=by.key or None, severity=severity)
    act(incident, seen, event, {"text": bounded(why, "text", _SHORT)})


def take_role(incident: str, seen: int, role: str, username: str, by: Principal) -> None:
    """Give somebody a role; whoever had it has it no more."""
    _one_of(role, ROLES, "role")
    check_known(incident)
    act(
        incident,
        seen,
        RoleTaken(by=by.id, key=by.key or None, role=role, person=person_called(username)),
    )


def give_back_role(incident: str, seen: int, role: str, by: Principal) -> None:
    """A role is nobody's any more; the lead is only handed over."""
    _one_of(role, ROLES, "role")
    act(incident, seen, RoleGivenBack(by=by.id, key=by.key or None, role=role))


def add_task(incident: str, seen: int, task: TaskAsked, by: Principal) -> None:
    """Give somebody something to do by a moment to come."""
    if task.due <= clock.now():
        raise BadInput("that is over already", field="due", mend="give a moment to come")
    check_known(incident)
    event = TaskAdded(
        by=by.id, key=by.key or None, person=person_called(task.owner), due=task.due.isoformat()
    )
    act(incident, seen, event, {"name": bounded(task.name, "name", _SHORT)})


def do_task(incident: str, seen: int, name: str, by: Principal) -> None:
    """A task is done."""
    act(
        incident,
        seen,
        TaskDone(by=by.id, key=by.key or None),
        {"name": bounded(name, "name", _SHORT)},
    )


def link(incident: str, seen: int, what: str, which: str, by: Principal) -> None:
    """An alert, a loan, a customer or a run of a plan belongs to it."""
    _one_of(what, get_args(Touched), "what")
    event = IncidentLinked(by=by.id, key=by.key or None, what=what)
    act(incident, seen, event, {"which": bounded(which, "which", 80)})


def give_notice(incident: str, seen: int, by: Principal) -> None:
    """The regulator was told, now."""
    act(incident, seen, NoticeGiven(by=by.id, key=by.key or None))


def stabilise(incident: str, seen: int, how: str, by: Principal) -> None:
    """It does no more harm."""
    act(
        incident,
        seen,
        IncidentStabilised(by=by.id, key=by.key or None),
        {"text": bounded(how, "text")},
    )


def close(incident: str, seen: int, loss: int, by: Principal) -> None:
    """It is over and cost so many minor units. Besides, raises GateRefused for whoever leads it,
    and TwoPeople where both accounts may be one person's."""
    with transaction.atomic():
        closed = act(
            incident,
            seen,
            IncidentClosed(by=by.id, key=by.key or None, person=by.person, loss=loss),
        )
        check_second_person([closed.incident.lead], by)


def check_known(incident: str) -> None:
    """Raises DoesNotExist where there is no such incident, before anybody is told who is known
    here."""
    Incident.objects.only("pk").get(pk=incident)


def act(incident: str, seen: int, event: IncidentEvent, words: Any = None) -> Story:
    """Let something happen to an incident, in one transaction; what it is then."""
    with transaction.atomic():
        row, story = _held(incident, seen)
        happened = Happening(clock.now(), event, words or {})
        then = after(story, happened)
        add(row, happened, then)
        return then


def _held(incident: str, seen: int) -> tuple[Incident, Story]:
    """The incident, which nobody else changes until the transaction ends."""
    row = Incident.objects.select_for_update().get(pk=incident)
    check_seen(row.pk, IncidentEvent, row.serial, seen)
    return row, follow(row.pk)


def _one_of(value: str, known: tuple[str, ...], field: str) -> None:
    if value not in known:
        raise BadInput(f"'{value}' is no {field}", field=field, mend=f"one of {', '.join(known)}")
