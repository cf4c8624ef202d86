"""Endpoints for people of the lender's who answer complaints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router

from equipoise.service.contexts.complaints import reading, services
from equipoise.service.contexts.complaints.schemas import (
    ComplaintAnswerIn,
    ComplaintInFullOut,
    ComplaintOut,
    WhichComplaints,
)
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import AUTHORITY, GONE, SEALED, STATE, gives

router = Router(tags=["complaints"])


@router.get("/complaints", auth=May(Action.ANSWER_PEOPLE), response=Page[ComplaintOut])
def list_complaints(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[WhichComplaints],
    paging: QueryOf[Paging],
) -> Any:
    """Complaints, those first whose last day comes first."""
    page = reading.listed("" if asked.state is None else asked.state.value, paging)
    return page_out(request, response, page, [reading.shown(row) for row in page.rows])


@router.get(
    "/complaints/{complaint_id}", auth=May(Action.ANSWER_PEOPLE), response=ComplaintInFullOut
)
@gives(GONE, SEALED)
def read_complaint(request: HttpRequest, complaint_id: str) -> Any:
    """A complaint, with what the person said."""
    try:
        return _in_full(complaint_id)
    except ObjectDoesNotExist:
        raise Http404 from None


@router.post(
    "/complaints/{complaint_id}/answer",
    auth=May(Action.ANSWER_PEOPLE),
    response=ComplaintInFullOut,
)
@gives(AUTHORITY, STATE, GONE, SEALED)
def answer_complaint(request: HttpRequest, complaint_id: str, body: ComplaintAnswerIn) -> Any:
    """Answer the person: they are written to, and read it on their page."""
    try:
        services.answer(complaint_id, body.outcome, body.words, caller(request))
        return _in_full(complaint_id)
    except ObjectDoesNotExist:
        raise Http404 from None


def _in_full(complaint: str) -> dict[str, Any]:
    said = reading.in_full(complaint)
    return {**asdict(said.complaint), "words": said.words, "answer": said.answer}
