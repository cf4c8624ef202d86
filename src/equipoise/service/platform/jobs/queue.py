"""Taking jobs on, and what becomes of them. Every step is one short transaction.

Each claim is one UPDATE that says what it expects to find, so that of two workers one has it, and
what a worker says about a job counts only while it holds the lease.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult

from equipoise.service.platform.jobs.clock import SLACK, reached
from equipoise.service.platform.jobs.models import Lease
from equipoise.service.platform.jobs.registering import attempts_of
from equipoise.service.platform.operations.logs import shape_of

_FIRST, _LONGEST = timedelta(seconds=2), timedelta(hours=1)
LOST = "the worker was lost"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in hand: only who holds its lease may say what became of it."""

    row: Any  # a DBTaskResult, of whose fields no stubs know
    worker: str
    attempt: int

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(str(self.row.id))

    @property
    def path(self) -> str:
        return str(self.row.task_path)


def stored() -> Any:
    """All jobs: a query with the verbs `successful`, `failed` and so on, beyond the stubs."""
    return DBTaskResult.objects.all()


def ready(now: datetime) -> Any:
    """The jobs that may be run now. None waits longer than the longest pause, whatever its row
    says: the clock may have been set back since."""
    return stored().filter(reached("run_after", now, _LONGEST), status=Status.READY)


def claim(queue: str, worker: str, most: int, lease: timedelta) -> list[Claimed]:
    """Take on the jobs of the queue that may be run now, at most so many."""
    waiting = list(ready(timezone.now()).filter(queue_name=queue)[:most])
    taken = (_take(row, worker, lease) for row in waiting)  # no lock is asked for where none is due
    return [each for each in taken if each is not None]


def _take(row: DBTaskResult[Any, Any], worker: str, lease: timedelta) -> Claimed | None:
    now = timezone.now()
    with transaction.atomic():
        taken = DBTaskResult.objects.filter(id=row.id, status=Status.READY).update(
            status=Status.RUNNING, started_at=now, worker_ids=[*row.worker_ids[-9:], worker]
        )
        if not taken:
            return None
        before = Lease.objects.filter(task=row.id).values_list("attempt", flat=True).first()
        attempt = (before or 0) + 1
        Lease.objects.update_or_create(
            task=row.id,
            defaults={
                "worker": worker,
                "until": now + lease,
                "attempt": attempt,
                "seconds": lease.total_seconds(),
            },
        )
    return Claimed(row, worker, attempt)


def renew(worker: str, jobs: Iterable[uuid.UUID], lease: timedelta) -> None:
    """Say that the worker still works at these."""
    held = Lease.objects.filter(task__in=list(jobs), worker=worker, until__isnull=False)
    held.update(until=timezone.now() + lease, seconds=lease.total_seconds())


def succeeded(job: Claimed, value: Any) -> bool:
    """The job is done. False where somebody else has taken it up meanwhile."""
    with transaction.atomic():
        if not _mine(job).delete()[0]:
            return False
        _end(job.id, Status.SUCCESSFUL, return_value=normalize_json(value))
    return True


def failed(job: Claimed, error: BaseException, *, for_good: bool) -> bool:
    """The job broke: it waits for its next attempt, or is given up. False as above."""
    if for_good or job.attempt >= attempts_of(job.path):
        with transaction.atomic():
            if not _mine(job).delete()[0]:
                return False
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            frames = "\n".join(shape_of(error)["frames"])  # no message: it may hold what was sent
            _end(job.id, Status.FAILED, exception_class_path=kind, traceback=frames)
        return True
    return _wait(job, pause(job.attempt), job.attempt)


def put_back(job: Claimed, after: timedelta = timedelta(0)) -> bool:
    """The job is to be run again; this attempt does not count."""
    return _wait(job, after, job.attempt - 1)


def take_back(now: datetime) -> int:
    """Free the jobs whose workers are gone; how many were. A lease that lies further ahead than its
    length is none: the clock was set back, and a worker that is still there renews it."""
    count = 0
    for lease in Lease.objects.filter(until__isnull=False):
        if lease.until is None or now <= lease.until <= now + _length(lease) + SLACK:
            continue
        with transaction.atomic():
            count += Lease.objects.filter(task=lease.task, until=lease.until).update(until=None)
            row = DBTaskResult.objects.filter(id=lease.task, status=Status.RUNNING).first()
            if row is None:
                continue
            if lease.attempt >= attempts_of(row.task_path):
                Lease.objects.filter(task=lease.task).delete()
                _end(row.id, Status.FAILED, exception_class_path=LOST)
            else:
                DBTaskResult.objects.filter(id=row.id).update(status=Status.READY, run_after=now)
    return count


def _length(lease: Lease) -> timedelta:
    return timedelta(seconds=lease.seconds)


def forget_done(before: datetime) -> int:
    """Forget the jobs that were done before then; how many were."""
    return _forget(stored().successful(), before)


def forget_given_up(before: datetime) -> int:
    """Forget the jobs that were given up before then; how many were."""
    return _forget(stored().failed(), before)


def _forget(jobs: Any, before: datetime) -> int:
    count: int = jobs.filter(finished_at__lt=before).delete()[0]
    return count


def pause(attempt: int) -> timedelta:
    """How long to wait after that failed attempt: doubling, and never all at one moment."""
    longest = min(_FIRST * 2.0 ** min(attempt - 1, 20), _LONGEST)
    return longest * random.uniform(0.75, 1.0)  # noqa: S311 - only spreads load


def _wait(job: Claimed, after: timedelta, attempt: int) -> bool:
    with transaction.atomic():
        if not _mine(job).update(until=None, attempt=attempt):
            return False
        DBTaskResult.objects.filter(id=job.id).update(
            status=Status.READY, run_after=timezone.now() + after
        )
    return True


def _mine(job: Claimed) -> Any:
    return Lease.objects.filter(
        task=job.id, worker=job.worker, attempt=job.attempt, until__isnull=False
    )


def _end(job: uuid.UUID, status: Status, **columns: Any) -> None:
    DBTaskResult.objects.filter(id=job).update(status=status, finished_at=timezone.now(), **columns)
