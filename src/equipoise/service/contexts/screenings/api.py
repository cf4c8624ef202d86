"""Endpoints about screening on schedule. Programs may read; people answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router

from equipoise.service.contexts.screenings import reading, services
from equipoise.service.contexts.screenings.schemas import (
    ScreeningAnswersIn,
    ScreeningOut,
    ScreeningsAsked,
)
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import SEALED, STATE, gives

router = Router(tags=["screenings"])


@router.get("/screenings", auth=May(Action.READ_RISK), response=Page[ScreeningOut])
def list_screenings(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[ScreeningsAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Rounds with their answers, those that are due last first."""
    return page_out(request, response, reading.listed(asked.state or "", paging))


@router.get("/screenings/{screening_id}", auth=May(Action.READ_RISK), response=ScreeningOut)
def read_screening(request: HttpRequest, screening_id: str) -> Any:
    """One round."""
    return reading.round_(screening_id)


@router.post(
    "/screenings/{screening_id}/answers", auth=May(Action.ACT_ON_RISK), response=ScreeningOut
)
@gives(STATE, SEALED)
def answer_screening(request: HttpRequest, screening_id: str, body: ScreeningAnswersIn) -> Any:
    """Answer every question of a round."""
    services.answer(screening_id, body.answers, body.residual, caller(request))
    return reading.round_(screening_id)
