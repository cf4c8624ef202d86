"""Endpoints about background work: here, as jobs stand below who may ask for what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Schema

from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import (
    Order,
    Page,
    Paging,
    page_of,
    page_out,
    read_moment,
)
from equipoise.service.platform.jobs import reading

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
    page = page_of(reading.rows_of(state), _NEWEST, asked)
    return page_out(request, response, page, reading.jobs_of(page.rows))


@router.get("/jobs/schedule", auth=May(Action.READ_JOBS), response=list[DueOut])
def list_schedule(request: HttpRequest) -> Any:
    """What is done again and again."""
    return reading.schedule()
