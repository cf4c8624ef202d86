"""Beginning an erasure, and finding those that were begun."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from equipoise.errors import GateRefused
from equipoise.service.contexts.decisions.reading import sent_for
from equipoise.service.contexts.drafts.reading import references
from equipoise.service.contexts.erasing import database, needles, register
from equipoise.service.contexts.erasing.carrying import carry_on
from equipoise.service.contexts.erasing.events import ErasureBegun
from equipoise.service.contexts.erasing.models import Erasure
from equipoise.service.contexts.erasing.needles import Needles
from equipoise.service.contexts.erasing.people import Person
from equipoise.service.contexts.erasing.plan import preview
from equipoise.service.contexts.erasing.reading import Progress, shown
from equipoise.service.contexts.erasing.tasks import carry_out
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import queued
from equipoise.service.platform.messages import services as messages
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.writer import Write


class Reason(StrEnum):
    """On which ground. A list, as it stays in the record: a free text could name somebody."""

    REQUEST = "request"
    OBJECTION = "objection"
    CONSENT = "consent_withdrawn"
    RETENTION = "retention_over"
    UNLAWFUL = "unlawful"


def begin(person: Person, reason: Reason, by: dict[str, str]) -> Progress:
    """Write down that the person is to be erased, with the job that does it; durable.

    `by` is the signature of whoever asks. Raises GateRefused where nothing of theirs is here.
    """
    plan = preview(person)
    if plan.empty:
        raise GateRefused("nothing of such a person is here", mend="look at how it is written")
    applications = list(plan.applications)
    name = subjects.new_id("erasure")
    known = person.also_known_by(references(applications))
    sealed = needles.put_aside(name, Needles(_traces(applications), known))
    row = Erasure(
        id=name,
        by=by["by"],
        reason=reason.value,
        subjects=applications,
        needles=sealed,
        report={"decisions": plan.decisions, "batches": [], "waits": ["it was begun just now"]},
        made_at=clock.now(),
    )
    begun = ErasureBegun(by=by["by"], key=by.get("key"), reason=reason.value, subjects=applications)
    event = record.event(name, begun, begins=True)
    record.writer().write(Write((row, queued(carry_out, name)), (event,)))
    return shown(row)


def _traces(applications: list[str]) -> tuple[bytes, ...]:
    """What must be found nowhere afterwards, besides what the person is known by."""
    written = messages.traces(applications)
    return (*subjects.traces(applications), *sent_for(applications), *written)


def go_on(erasure: str) -> Progress:
    """Do what is left of it, here and now."""
    return shown(carry_on(Erasure.objects.get(pk=erasure)))


def erase_again(path: Path) -> dict[str, int]:
    """Erase again whom a restore has brought back, by a register; until nothing of their keys and
    indexes stands in the database's log."""
    named = register.read(path)
    done = register.apply(named)
    register.tell()
    database.let_go()
    return {"named": len(set(named)), "erased": done}
