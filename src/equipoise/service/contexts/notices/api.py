"""Endpoints about notices."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router

from equipoise.service.contexts.notices import reading
from equipoise.service.contexts.notices.schemas import NoticeOut, NoticesAsked
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

PDF = "application/pdf"
_LETTER = {
    "responses": {
        200: {
            "description": "The letter, as it was made.",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
router = Router(tags=["notices"])


@router.get("/notices", auth=May(Action.READ_DECISIONS), response=Page[NoticeOut])
def list_notices(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[NoticesAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Letters that applicants are owed, the newest first."""
    state = "" if asked.state is None else asked.state.value
    return page_out(
        request, response, reading.listed(caller(request), reach(request), state, paging)
    )


@router.get("/notices/{notice_id}", auth=May(Action.READ_DECISIONS), response=NoticeOut)
def read_notice(request: HttpRequest, notice_id: str) -> Any:
    """Where a letter stands."""
    return _notice(request, notice_id)


@router.get("/notices/{notice_id}/letter", auth=May(Action.READ_PERSONAL), openapi_extra=_LETTER)
@gives(STATE, GONE, SEALED)
def read_letter(request: HttpRequest, notice_id: str) -> Any:
    """The letter as it was made, as PDF: to be printed, or looked up."""
    pdf = reading.letter(_notice(request, notice_id).id, caller(request))
    return HttpResponse(
        pdf,
        content_type=PDF,
        headers={"Content-Disposition": f'attachment; filename="{notice_id}.pdf"'},
    )


def _notice(request: HttpRequest, notice_id: str) -> reading.NoticeView:
    try:
        return reading.visible(notice_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
