"""What others may know of background work: the jobs there are, and what is due when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.service.platform.jobs.models import Due, Lease


@dataclass(frozen=True, slots=True)
class Job:
    """A job: `attempt` is the one it is at, `error` the kind of what broke it at last."""

    id: UUID
    name: str
    queue: str
    state: str
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job done again and again: when it is due next, and when it last was."""

    name: str
    next: datetime
    last: datetime | None


def rows_of(state: str | None = None) -> QuerySet[DBTaskResult[Any, Any]]:
    """The queue's rows; of one state where it is given."""
    rows = DBTaskResult.objects.all()
    return rows.filter(status=state.upper()) if state else rows


def jobs_of(rows: Sequence[DBTaskResult[Any, Any]]) -> list[Job]:
    """These rows of the queue as they are told."""
    leases = Lease.objects.in_bulk([row.id for row in rows])
    return [_job(row, leases.get(row.id)) for row in rows]


def waits(job: UUID) -> bool:
    """Whether the job waits for a worker, or has one."""
    return DBTaskResult.objects.filter(id=job, status__in=(Status.READY, Status.RUNNING)).exists()


def is_under_way(path: str) -> bool:
    """Whether a job of that task waits for a worker, or has one."""
    rows = DBTaskResult.objects.filter(task_path=path, status__in=(Status.READY, Status.RUNNING))
    return rows.exists()


def schedule() -> list[Scheduled]:
    """What is done again and again, by name."""
    rows = Due.objects.order_by("name")
    return [Scheduled(_name(row.name), row.next, row.last) for row in rows]


def _job(row: DBTaskResult[Any, Any], lease: Lease | None) -> Job:
    return Job(
        id=row.id,
        name=_name(row.task_path),
        queue=row.queue_name,
        state=row.status.lower(),
        queued_at=row.enqueued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        attempt=lease.attempt if lease else None,
        error=row.exception_class_path.rsplit(".", 1)[-1] or None,
    )


def _name(path: str) -> str:
    return path.rsplit(".", 1)[-1]
