"""What others may do with balances: have one found, end that, and send a point to the registry."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.balances.appetites import (
    Fault,
    Typed,
    checked_change,
    looked_at,
    written,
)
from equipoise.service.contexts.balances.events import (
    BalanceAsked,
    BalanceCancelled,
    UnderChange,
    chain_of,
)
from equipoise.service.contexts.balances.models import UNFINISHED, Change, Run, Sending, State
from equipoise.service.contexts.balances.reading import result
from equipoise.service.contexts.balances.running import send as send_job
from equipoise.service.contexts.balances.running import solve
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.jobs.registering import queued
from equipoise.service.platform.operations.disk import left
from equipoise.service.platform.record import services as record

__all__ = [
    "Fault",
    "Typed",
    "ask",
    "ask_of_book",
    "ask_under",
    "cancel",
    "looked_at",
    "send",
    "written",
]
MOST_UNFINISHED = 3  # of one person


def ask(appetite: str, by: Principal) -> int:
    """Queue the balance under that appetite; the run's number.

    Raises BadInput where the appetite is not sound, GateRefused where the person has too many open
    already or the disk is nearly full.
    """
    typed = looked_at(appetite)
    if typed.faults:
        first = typed.faults[0]
        raise BadInput(f"{first.place}  {first.message}", mend=first.mend)
    return _asked(appetite, by)


def ask_of_book(change: Mapping[str, Any], by: Principal) -> int:
    """Queue what a change moves of the loans already made, which asks nothing of new ones and needs
    no balance; the run's number.

    Raises BadInput where the change is not sound or has a rule, and what `ask` raises.
    """
    if change.get("rule") is not None:
        raise BadInput("a rule for new loans is held beside a run", field="rule")
    return _asked("", by, (None, checked_change(change)))


def ask_under(change: Mapping[str, Any], base: int, by: Principal) -> int:
    """Queue the balance under a change of law or policy, with the appetite of the run `base`, which
    it is held beside; the run's number.

    Raises DoesNotExist, BadInput or Faults where the change is not sound, and what `ask` raises.
    """
    before = Run.objects.get(pk=base)
    if before.state != State.DONE or Change.objects.filter(run=before).exists():
        raise BadInput("choose a run that is done, and not under a change itself", field="base")
    return _asked(before.appetite, by, (base, checked_change(change)))


def _asked(
    appetite: str, by: Principal, under: tuple[int | None, Mapping[str, Any]] | None = None
) -> int:
    if left(settings.CONFIGURATION.folder) < settings.CONFIGURATION.least_disk:
        raise GateRefused("the disk is nearly full", mend="tell the operator, and ask later")
    with transaction.atomic():
        if Run.objects.filter(asked_by=by.id, state__in=UNFINISHED).count() >= MOST_UNFINISHED:
            raise GateRefused(
                f"{MOST_UNFINISHED} runs of yours are not done yet",
                mend="wait for one to end, or cancel one",
            )
        digest = hashlib.sha256(appetite.encode()).hexdigest()
        run = Run.objects.create(
            asked_by=by.id, appetite=appetite, digest=digest, made_at=clock.now()
        )
        run.job = _queue(queued(solve, run.pk))
        run.save(update_fields=["job"])
        asked = BalanceAsked(by=by.id, key=by.key or None, appetite=digest)
        record.append(record.event(chain_of(run.pk), asked, begins=True, rows=(run,)))
        if under is not None:
            row = Change.objects.create(run=run, base=under[0], change=dict(under[1]))
            event = UnderChange(by=by.id, key=by.key or None, base=row.base, change=row.change)
            record.append(record.event(chain_of(run.pk), event, rows=(row,)))
    return int(run.pk)


def cancel(run_id: int, by: Principal) -> None:
    """End it. Raises DoesNotExist, and GateRefused where it has ended otherwise; cancelled again,
    it stays so."""
    run = Run.objects.get(pk=run_id)
    with transaction.atomic():
        open_ = Run.objects.filter(pk=run_id, state__in=UNFINISHED)
        if open_.update(state=State.CANCELLED, ended_at=clock.now()):
            run.refresh_from_db()
            cancelled = BalanceCancelled(by=by.id, key=by.key or None)
            record.append(record.event(chain_of(run_id), cancelled, rows=(run,)))
    run.refresh_from_db()
    if run.state != State.CANCELLED:
        raise GateRefused(f"the run is {run.state} already")


def send(run_id: int, point: str, by: Principal) -> int:
    """Queue the sending of a point as a draft strategy, whose author is the person; its number.

    Raises DoesNotExist, BadInput where the run has no such point, and GateRefused where it is not
    done or this very point is on its way.
    """
    run = Run.objects.get(pk=run_id)
    balance = result(run_id)
    if balance is None:
        raise GateRefused("nothing is found, or it is no longer kept", mend="solve it again")
    try:
        balance.place(point)
    except (LookupError, ValueError, IndexError):
        raise BadInput(f"there is no point '{point[:20]}'") from None
    if point == "today":
        raise BadInput("today's policy is no point of the frontier", mend="choose another point")
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run_id)
        same = Sending.objects.filter(run=run, point=point, state__in=UNFINISHED)
        if same.exists():
            raise GateRefused("this point is on its way to the registry already")
        sending = Sending.objects.create(
            run=run, point=point, asked_by=by.person, made_at=clock.now()
        )
        sending.job = _queue(queued(send_job, sending.pk))
        sending.save(update_fields=["job"])
    return int(sending.pk)


def _queue(made: Any) -> UUID:
    made.save()
    return UUID(str(made.pk))
