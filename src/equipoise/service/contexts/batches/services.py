"""What others may do with batches: begin, find and cancel them, and have their files removed
(`retention`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from equipoise.errors import GateRefused
from equipoise.service.contexts.applications import services as applications
from equipoise.service.contexts.applications.services import Assigned
from equipoise.service.contexts.batches.events import BatchBegun, BatchCancelled
from equipoise.service.contexts.batches.files import Files
from equipoise.service.contexts.batches.models import UNFINISHED, Batch, State
from equipoise.service.contexts.batches.retention import remove_kept, sweep
from equipoise.service.contexts.batches.room import NoRoom, refuse_full
from equipoise.service.contexts.batches.running import decide_batch
from equipoise.service.contexts.batches.schemas import Wanted
from equipoise.service.contexts.batches.uploads import Upload, received
from equipoise.service.contexts.decisions import services as decisions
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.jobs.registering import queued
from equipoise.service.platform.operations.deadlines import anew
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.subjects import new_id
from equipoise.service.platform.record.writer import Conflict, Write

__all__ = ["NoRoom", "begin", "cancel", "remove_kept", "sweep", "visible"]
MOST_UNFINISHED = 20  # of one caller


def begin(request: HttpRequest, by: Principal, key: str | None, wanted: Wanted) -> Batch:
    """Take the file in and queue its decision; asked again under the same key, the same batch.

    Raises NoKey, OtherBody and InProgress by the key, BadInput where the file's kind or the
    strategy leaves it open, GateRefused where the caller has too many batches open already, NoRoom
    where there is no room for the file.
    """
    decisions.once(by.id, key, {})  # before anything is read
    chosen = applications.champion(wanted.strategy)
    loaded(chosen.digest)
    refuse_full(by.id, _announced(request))
    if Batch.objects.filter(begun_by=by.id, state__in=UNFINISHED).count() >= MOST_UNFINISHED:
        raise GateRefused(
            f"{MOST_UNFINISHED} batches of yours are not decided yet",
            mend="wait for one to end, or cancel one",
        )
    files = Files(new_id("batch"))
    kept = False
    try:
        upload = received(request, files)
        anew()  # to take the file in may have taken longer than any request has for the database
        sent = {**wanted.dict(), "file": upload.sha256, "given": upload.kind}
        once = decisions.once(by.id, key, sent)
        batch = _row(files, upload, chosen, by, wanted)
        with decisions.held_alone(once):
            before = decisions.answered(once)
            if before is None:
                kept = _recorded(batch, once, by)
        return batch if kept else Batch.objects.get(pk=before or decisions.answered(once))
    finally:
        if not kept:
            files.remove()


def visible(by: Principal, over: Reach) -> QuerySet[Batch]:
    """The batches that the caller may see; others' are not there."""
    return Batch.objects.filter(rows_for(by, over)).order_by("-pk")


def cancel(batch: Batch, by: Principal) -> Batch:
    """Stop it after the piece at hand, and remove all its files at once. Raises GateRefused where
    it has ended otherwise; cancelled again, it stays so."""
    with transaction.atomic():
        open_ = Batch.objects.filter(pk=batch.pk, state__in=UNFINISHED)
        if open_.update(state=State.CANCELLED, ended_at=clock.now()):
            cancelled = BatchCancelled(by=by.id, key=by.key or None)
            record.append(record.event(batch.pk, cancelled))
    batch.refresh_from_db()
    if batch.state == State.CANCELLED:
        Files(batch.pk).remove()
    if batch.state != State.CANCELLED:
        raise GateRefused(f"the batch is {batch.state} already")
    return batch


def _announced(request: HttpRequest) -> int:
    """Bytes of the file, as far as the request says how many come."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _row(files: Files, upload: Upload, chosen: Assigned, by: Principal, wanted: Wanted) -> Batch:
    now = clock.now()
    return Batch(
        id=files.batch,
        begun_by=by.id,
        branch=by.branch or wanted.branch,
        region=by.region or wanted.region,
        strategy=chosen.strategy,
        digest=chosen.digest,
        decided_on=lender_day(chosen.digest, now),
        given=upload.kind,
        wanted=wanted.result or upload.kind,
        identifier=wanted.id,
        size=upload.size,
        sha256=upload.sha256,
        total=upload.total,
        made_at=now,
    )


def _recorded(batch: Batch, once: decisions.Once, by: Principal) -> bool:
    """Write it down with its job; False where another process was first with this key."""
    job: Any = queued(decide_batch, batch.pk)
    batch.job = UUID(str(job.pk))
    begun = BatchBegun(
        by=by.id,
        key=by.key or None,
        strategy=batch.strategy,
        digest=batch.digest,
        decided_on=batch.decided_on.isoformat(),
        given=batch.given,
        wanted=batch.wanted,
        identifier=batch.identifier,
        size=batch.size,
        sha256=batch.sha256,
    )
    rows = (batch, decisions.row_for(once, batch.pk), job)
    try:
        record.writer().write(Write(rows, (record.event(batch.pk, begun, begins=True),)))
    except Conflict:
        if decisions.answered(once) is None:
            raise
        return False
    return True
