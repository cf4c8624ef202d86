"""What others may do: have it measured, and send its draft to the registry."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from equipoise.errors import EquipoiseError, GateRefused
from equipoise.record.events import Event
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.standings.events import (
    StandingAsked,
    StandingCancelled,
    StandingDue,
    StandingSent,
    chain_of,
)
from equipoise.service.contexts.standings.files import Files
from equipoise.service.contexts.standings.models import UNFINISHED, Measurement, Sending, State
from equipoise.service.contexts.standings.running import measure
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.jobs.registering import queued
from equipoise.service.platform.record import services as record

EVERY = timedelta(days=7)
"""After which it is measured again though nothing that it is read from has changed but people."""


def ask(by: Principal) -> int:
    """Queue a measurement; its number. Raises GateRefused while another is under way."""
    with transaction.atomic():
        if Measurement.objects.filter(state__in=UNFINISHED).exists():
            raise GateRefused(
                "the standing is being measured already", mend="wait until it is done"
            )
        return _queue(str(uuid4()), StandingAsked(by=by.id, key=by.key or None), by.id)


def ask_when_due() -> int | None:
    """Queue a measurement where it is time for one; its number. Two who ask at once queue one."""
    occasion = _occasion()
    if occasion is None:
        return None
    try:
        with transaction.atomic():
            return _queue(occasion, StandingDue(day=clock.now().date().isoformat()), "")
    except IntegrityError:  # another worker was first
        return None


def cancel(number: int, by: Principal) -> None:
    """End it; whatever worker is at it stops within a second or two. Raises DoesNotExist, and
    GateRefused where it has ended otherwise; cancelled again, it stays so."""
    row = Measurement.objects.get(pk=number)
    with transaction.atomic():
        open_ = Measurement.objects.filter(pk=number, state__in=UNFINISHED)
        if open_.update(state=State.CANCELLED, ended_at=clock.now(), step=""):
            row.refresh_from_db()
            cancelled = StandingCancelled(by=by.id, key=by.key or None)
            record.append(record.event(chain_of(number), cancelled, rows=(row,)))
    row.refresh_from_db()
    if row.state != State.CANCELLED:
        raise GateRefused(f"the measurement is {row.state} already")


def send(number: int, by: Principal) -> int:
    """Send the draft to the registry, whose author is the person then; the registry's version.

    Raises DoesNotExist, GateRefused where there is no draft, it is no longer kept, somebody sent it
    already (by whom) or the person may not write strategies.
    """
    row = Measurement.objects.get(pk=number)
    draft = Files(row.pk).draft() if row.draft else None
    if draft is None:
        raise GateRefused("there is no draft, or it is no longer kept", mend="measure it again")
    if by.reach(Action.WRITE_STRATEGY) is None:
        raise GateRefused("you may not write strategies", mend="ask an analyst to send it")
    with transaction.atomic():
        Measurement.objects.select_for_update().get(pk=number)
        _refuse_sent(row)
        version = registry.add_draft(draft, by)
        sending = Sending.objects.create(
            measurement=row, version=version.pk, sent_by=by.person, sent_at=clock.now()
        )
        sent = StandingSent(
            by=by.id,
            key=by.key or None,
            strategy=version.strategy,
            number=version.number,
            digest=version.digest,
        )
        record.append(record.event(chain_of(row.pk), sent, rows=(sending,)))
    return int(version.pk)


def _refuse_sent(row: Measurement) -> None:
    sent = Sending.objects.filter(measurement=row).first()
    if sent is not None:
        name = accounts.usernames([sent.sent_by]).get(sent.sent_by, sent.sent_by)
        raise GateRefused(f"{name} has sent it to the registry already")


def _occasion() -> str | None:
    """What a measurement is due for; None where none is."""
    from equipoise.workspace.balance_runs import refuse_unfitted
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.standing_runs import digests

    kept = Measurement.objects.exclude(state=State.CANCELLED)  # which says nothing of what is due
    newest = kept.order_by("-pk").first()
    if newest is not None and newest.state in UNFINISHED:
        return None
    try:
        workspace = Workspace.open(Path(settings.CONFIGURATION.workspace))
        refuse_unfitted(workspace)
    except EquipoiseError:
        return None
    read, now = digests(workspace), clock.now()
    state = "-".join(each[:8] for each in read.values())
    if newest is None or newest.read != read:
        # what failed is tried again with other files, or once a day
        return f"{now.date().isoformat()} {state}"[:80]
    return f"{now.date().isoformat()} week" if now - newest.made_at >= EVERY else None


def _queue(occasion: str, why: Event, asked_by: str) -> int:
    row = Measurement.objects.create(occasion=occasion, asked_by=asked_by, made_at=clock.now())
    job = queued(measure, row.pk)
    job.save()
    row.job = UUID(str(job.pk))
    row.save(update_fields=["job"])
    record.append(record.event(chain_of(row.pk), why, begins=True, rows=(row,)))
    return int(row.pk)
