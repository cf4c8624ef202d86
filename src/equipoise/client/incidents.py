"""Incidents, and what is learned of them: read by a program, led by people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import Incident, IncidentInFull
from .transport import Sender

_ALL = "/v1/incidents"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned of an incident: when data first showed it, when it was noticed, why, which
    control of the register failed, and actions: what, whose by the name that they log in with, and
    by which day. `thresholds` are red ones proposed, by indicator."""

    visible_at: datetime
    noticed_at: datetime
    cause: str
    failed_control: str
    actions: Sequence[tuple[str, str, date]] = ()
    thresholds: Mapping[str, float] | None = None
    went_well: str = ""


class IncidentReader:
    """Needs the scope risk.read."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, state: str = "") -> Iterator[Incident]:
        """Incidents, those reported last first: all, or those that are `open` or `closed`."""
        return listed(self._sender, Incident, _ALL, {"state": state} if state else None)

    def get(self, incident_id: str) -> IncidentInFull:
        """An incident in full."""
        return read(IncidentInFull, self._sender.ask("GET", _one(incident_id)).json)


class Incidents(IncidentReader):
    """What a person may do besides. Each takes the incident as it was seen, and answers it as it is
    then; raises Conflict, which says who was first and what they did, where somebody was faster.
    People are named by the name that they log in with."""

    def report(
        self, risk: str, severity: str, title: str, text: str, *, currency: str,
        notice_hours: float | None = None, alert: str = "",
    ) -> IncidentInFull:  # fmt: skip
        """Report one; the regulator is owed a notice within so many hours, where one is owed."""
        hours = None if notice_hours is None else float(notice_hours)
        body = {"risk": risk, "severity": severity, "title": title, "text": text,
                "currency": currency, "notice_hours": hours, "alert": alert}  # fmt: skip
        return self._did(_ALL, body)

    def note(self, seen: IncidentInFull, text: str, happened_at: datetime) -> IncidentInFull:
        """Add a line to the timeline."""
        return self._do(seen, "notes", text=text, happened_at=happened_at.isoformat())

    def regrade(self, seen: IncidentInFull, severity: str, why: str) -> IncidentInFull:
        """Say that it is worse, or less bad."""
        return self._do(seen, "severity", severity=severity, why=why)

    def give_role(self, seen: IncidentInFull, role: str, person: str | None) -> IncidentInFull:
        """Give a role to somebody; None has it given back."""
        return self._do(seen, "roles", role=role, person=person)

    def add_task(
        self, seen: IncidentInFull, name: str, owner: str, due: datetime
    ) -> IncidentInFull:
        """Give somebody something to do."""
        return self._do(seen, "tasks", name=name, owner=owner, due=due.isoformat())

    def do_task(self, seen: IncidentInFull, name: str) -> IncidentInFull:
        """A task is done."""
        return self._do(seen, "tasks/done", name=name)

    def link(self, seen: IncidentInFull, what: str, which: str) -> IncidentInFull:
        """An `alert`, a `loan`, a `customer` or a run of a `plan` belongs to it."""
        return self._do(seen, "links", what=what, which=which)

    def give_notice(self, seen: IncidentInFull) -> IncidentInFull:
        """The regulator was told, now."""
        return self._do(seen, "notice")

    def stabilise(self, seen: IncidentInFull, text: str) -> IncidentInFull:
        """It does no more harm: how one knows."""
        return self._do(seen, "stable", text=text)

    def close(self, seen: IncidentInFull, loss: int) -> IncidentInFull:
        """Close it, as somebody who does not lead it; it cost so many minor units."""
        return self._do(seen, "closing", loss=loss)

    def write(self, seen: IncidentInFull, lesson: Lesson) -> IncidentInFull:
        """Write its post-mortem, or write it anew; thresholds are replayed in the background."""
        actions = [
            {"what": what, "owner": owner, "due": due.isoformat()}
            for what, owner, due in lesson.actions
        ]
        return self._do(
            seen,
            "post-mortem",
            visible_at=lesson.visible_at.isoformat(),
            noticed_at=lesson.noticed_at.isoformat(),
            cause=lesson.cause,
            went_well=lesson.went_well,
            failed_control=lesson.failed_control,
            actions=actions,
            thresholds={name: float(red) for name, red in (lesson.thresholds or {}).items()},
        )

    def return_(self, seen: IncidentInFull, why: str) -> IncidentInFull:
        """Have the post-mortem written anew."""
        return self._do(seen, "post-mortem/return", why=why)

    def accept(self, seen: IncidentInFull) -> IncidentInFull:
        """Accept the post-mortem, as somebody who did not write it."""
        return self._do(seen, "post-mortem/accept")

    def do_action(self, seen: IncidentInFull, what: str, evidence: str) -> IncidentInFull:
        """An action is done, as that evidence shows."""
        return self._do(seen, "post-mortem/actions/done", what=what, evidence=evidence)

    def _do(self, seen: IncidentInFull, deed: str, **more: Any) -> IncidentInFull:
        return self._did(f"{_one(seen.id)}/{deed}", {"seen": seen.serial, **more})

    def _did(self, where: str, body: Any) -> IncidentInFull:
        return read(IncidentInFull, self._sender.ask("POST", where, body, again=False).json)


def _one(incident_id: str) -> str:
    return f"{_ALL}/{quote(incident_id, safe='')}"
