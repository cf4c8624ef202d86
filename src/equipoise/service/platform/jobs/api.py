"""Endpoints about background work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django_tasks_db.models import DBTaskResult
from ninja import Query as QueryOf
from ninja import Router, Schema

from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Order, Page, Paging, page_of, read_moment, told
from equipoise.service.platform.jobs.models import Due, Lease

router = Router(tags=["jobs"])
_NEWEST = Order("jobs", ("-enqueued_at", "id"), (read_moment, UUID))
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


@router.get("/jobs", auth=May(Action.READ_JOBS), response=Page[JobOut])
def list_jobs(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[Paging],
    state: State | None = None,
) -> Any:
    """Jobs, the newest first; those that are done are kept for a day, those given up a week."""
    rows = DBTaskResult.objects.all()
    if state:
        rows = rows.filter(status=state.upper())
    page = page_of(rows, _NEWEST, asked)
    leases = Lease.objects.in_bulk([row.id for row in page.rows])
    return told(request, response, page, [_job(row, leases.get(row.id)) for row in page.rows])


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
