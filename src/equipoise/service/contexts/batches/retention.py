"""What becomes of batches' files: they go when their time is over, or when someone says so."""

from __future__ import annotations

import time

from django.db import transaction
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.errors import EquipoiseError, GateRefused
from equipoise.files import present
from equipoise.service.contexts.batches.events import BatchRemoved
from equipoise.service.contexts.batches.files import Files, folders
from equipoise.service.contexts.batches.models import UNFINISHED, Batch
from equipoise.service.contexts.batches.running import clear, fail
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

_STRAY = 3600  # seconds after which a folder that belongs to no batch is no upload at hand


def remove_files(batch: Batch, by: str, key: str | None = None) -> None:
    """Remove what the batch holds about people; the record of it stays. Done again, it is done."""
    with transaction.atomic():
        kept = Batch.objects.filter(pk=batch.pk, files_until__isnull=False)
        if kept.exclude(state__in=UNFINISHED).update(files_until=None):
            record.append(record.event(batch.pk, BatchRemoved(by=by, key=key)))
    Files(batch.pk).remove()


def remove_kept(batch: str, by: str) -> None:
    """Remove what lies there under a batch's id, be it of one that never began."""
    row = Batch.objects.filter(pk=batch).first()
    if row is None:
        Files(batch).remove()
    else:
        remove_files(row, by)


def erase(batch: Batch, by: Principal) -> None:
    """Remove the files at an administrator's word. Raises GateRefused while it is being decided."""
    if batch.state in UNFINISHED:
        raise GateRefused("the batch is being decided", mend="cancel it first")
    remove_files(batch, by.id, by.key or None)


def expire() -> int:
    """Remove the files whose time is over, and what belongs to no batch; how many batches were."""
    old = list(Batch.objects.filter(files_until__lt=clock.now()))
    for batch in old:
        remove_files(batch, "system.expiry")
    sweep()
    return len(old)


def give_up() -> int:
    """End the batches whose jobs were given up; how many were."""
    count = 0
    for batch in Batch.objects.filter(state__in=UNFINISHED):
        job = DBTaskResult.objects.filter(id=batch.job).first()
        if job is None or job.status in (Status.FAILED, Status.SUCCESSFUL):
            batch.refresh_from_db()  # it may have ended just now
            if batch.state in UNFINISHED:
                fail(batch, EquipoiseError("a fault of ours ended it", mend="send the file again"))
                count += 1
    return count


def sweep() -> None:
    """Remove what uploads that broke off and jobs that were killed have left: hourly, and when a
    worker starts."""
    for path, status in present(folders()):
        row = Batch.objects.filter(pk=path.name).first()
        if row is None:
            if time.time() - status.st_mtime > _STRAY:
                Files(path.name).remove()
        else:
            clear(row)
