"""Applications in flight: they go on with the strategy that began them, whatever is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from typing import Any

from django.db import connection

from equipoise.service.contexts.applications.assignment import Assigned
from equipoise.service.contexts.applications.events import ApplicationState, Step
from equipoise.service.contexts.applications.facts import readable, with_known
from equipoise.service.contexts.applications.models import Application
from equipoise.service.platform import clock
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.lookups import LookUp
from equipoise.service.platform.record.subjects import Subject, opened, several

LONGEST = timedelta(days=30)
# Written out, as every decision asks it: to build the statement takes longer than to run it.
# By an applicant, who has few chains: where || '' were not, a planner that knows nothing of the
# tables yet might go through all that the caller ever asked.
_LAST = LookUp(
    "SELECT a.id, a.state, a.changed_at > {common} FROM record_chain c "
    "JOIN applications_application a ON a.id = c.chain "
    "WHERE c.blind = {0} AND a.begun_by || '' = {1} ORDER BY c.chain DESC LIMIT 1",
    ("bytea", "text"),
)


@dataclass(frozen=True, slots=True)
class Flight:
    """An application in flight, its applicant with their key, and its steps in order."""

    application: Application
    subject: Subject
    steps: Sequence[Step]

    @property
    def pinned(self) -> Assigned:
        """The strategy that it goes on with."""
        row = self.application
        return Assigned(row.strategy, row.digest, row.way, row.propensity)

    def with_what_it_knows(self, application: Mapping[str, Any]) -> dict[str, Any]:
        """What it holds by now, with what is given now over it.

        A fact given as null is null; results of checks are taken over those known, and with none
        given those known stand. Raises Unreadable where the applicant was erased.
        """
        given = [opened(self.subject, each.facts)["application"] for each in self.steps]
        known = readable(self.application.digest, reduce(with_known, given, {}))
        return with_known(known, application)


def flights(asked: Sequence[tuple[bytes, str]]) -> list[Flight | None]:
    """Of each applicant (their blind index) and caller the application that is in flight, all read
    at once; None where there is none."""
    applications = last(asked)
    going_on = sorted({each.id for each in applications if each is not None})
    if not going_on:
        return [None] * len(asked)
    steps: dict[str, list[Step]] = {chain: [] for chain in going_on}
    for each in record.in_chains(going_on, Step):
        steps[each.entry.chain].append(each.event)
    subjects = several(going_on)
    return [
        None if each is None else Flight(each, subjects[each.id], steps[each.id])
        for each in applications
    ]


def flight(application: str) -> Flight:
    """The application, whether it waits for more or is decided. Raises DoesNotExist."""
    row = Application.objects.get(pk=application)
    steps = [each.event for each in record.history(application, Step)]
    return Flight(row, several([application])[application], steps)


def last(asked: Sequence[tuple[bytes, str]]) -> list[Application | None]:
    """Of each applicant and caller the last application, while something is still to come."""
    cutoff = connection.ops.adapt_datetimefield_value(clock.now() - LONGEST)
    rows = _LAST.of(connection, asked, cutoff)
    going_on = {
        row[0] for row in rows if row is not None and row[1] == ApplicationState.OPEN and row[2]
    }
    known = Application.objects.in_bulk(going_on) if going_on else {}
    return [None if row is None else known.get(row[0]) for row in rows]
