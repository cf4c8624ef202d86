"""Endpoints about what is unclear, for the desk."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router

from equipoise.service.contexts.concerns import reading, services
from equipoise.service.contexts.concerns.models import ConcernOutcome
from equipoise.service.contexts.concerns.schemas import (
    CloseIn,
    ConcernInFullOut,
    ConcernOut,
    ListedConcerns,
)
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["concerns"])


@router.get("/concerns", auth=May(Action.OVERRIDE), response=Page[ConcernOut])
def list_concerns(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[ListedConcerns],
    paging: QueryOf[Paging],
) -> Any:
    """What is unclear in applications, the newest first."""
    state = "" if asked.state is None else asked.state.value
    return page_out(
        request, response, reading.listed(caller(request), reach(request), state, paging)
    )


@router.get("/concerns/{concern_id}", auth=May(Action.OVERRIDE), response=ConcernInFullOut)
@gives(GONE, SEALED)
def read_concern(request: HttpRequest, concern_id: str) -> Any:
    """One, with what the applicant answered."""
    by = caller(request)
    try:
        concern = reading.visible(concern_id, by, reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    return {**asdict(concern), "answers": list(reading.answers_to(concern.id, by))}


@router.post("/concerns/{concern_id}/close", auth=May(Action.OVERRIDE), response=ConcernOut)
@gives(STATE, GONE, SEALED)
def close_concern(request: HttpRequest, concern_id: str, body: CloseIn) -> Any:
    """Say what a person came to. What follows for the loan is decided by results of checks, or by
    an override."""
    outcome = ConcernOutcome(body.outcome)
    try:
        return services.close(concern_id, outcome, body.words, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
