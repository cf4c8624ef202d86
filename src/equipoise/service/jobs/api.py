"""Endpoints about background work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult
from ninja import Router, Schema
from ninja.params.functions import Query

from equipoise.service.accounts.access import May
from equipoise.service.accounts.permissions import Action
from equipoise.service.jobs.models import Due, Lease

router = Router(tags=["jobs"])
_MOST = 500
State = Literal["ready", "running", "successful", "failed"]


class JobOut(Schema):
    """A job: `attempt` is the one it is at, `error` the kind of what broke it at last."""

    id: UUID
    name: str
    queue: str
    state: State
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int | None
    error: str | None


class DueOut(Schema):
    """A scheduled job: when it is due next, and when it last was."""

    name: str
    next: datetime
    last: datetime | None


@router.get("/jobs", auth=May(Action.READ_JOBS), response=list[JobOut])
def list_jobs(
    request: HttpRequest, state: State | None = None, most: int = Query(100, ge=1, le=_MOST)
) -> Any:
    """Jobs, the newest first; those that are done are kept for a day, those given up a week."""
    rows = DBTaskResult.objects.order_by("-enqueued_at", "id")
    if state:
        rows = rows.filter(status=state.upper())
    found = list(rows[:most])
    leases = Lease.objects.in_bulk([row.id for row in found])
    return [_job(row, leases.get(row.id)) for row in found]


@router.get("/jobs/schedule", auth=May(Action.READ_JOBS), response=list[DueOut])
def list_schedule(request: HttpRequest) -> Any:
    """What is done again and again."""
    rows = Due.objects.order_by("name")
    return [{"name": _name(row.name), "next": row.next, "last": row.last} for row in rows]


def _job(row: DBTaskResult[Any, Any], lease: Lease | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": _name(row.task_path),
        "queue": row.queue_name,
        "state": row.status.lower(),
        "queued_at": row.enqueued_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "attempt": lease.attempt if lease else None,
        "error": row.exception_class_path.rsplit(".", 1)[-1] or None,
    }


def _name(path: str) -> str:
    return path.rsplit(".", 1)[-1]
