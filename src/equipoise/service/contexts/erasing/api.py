"""Endpoints about erasures."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status

from equipoise.service.contexts.erasing import reading, services
from equipoise.service.contexts.erasing.models import Erasure
from equipoise.service.contexts.erasing.schemas import ErasureIn, ErasureOut, PersonIn, PlanOut
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Order, Page, Paging, page_of, page_out, read_name
from equipoise.service.platform.operations.catalogue import STATE, gives

router = Router(tags=["erasures"])
_MAY = May(Action.ERASE_PERSONAL)
NEWEST = Order("erasures", ("-id",), (read_name,))


@router.post("/erasures/preview", auth=_MAY, response=PlanOut)
def preview(request: HttpRequest, body: PersonIn) -> Any:
    """What an erasure would do. Nothing is changed, and what is sent is kept nowhere."""
    return reading.preview(reading.person_of(body.identifier, body.facts)).as_dict()


@router.post("/erasures", auth=_MAY, response={202: ErasureOut})
@gives(STATE)
def erase(request: HttpRequest, body: ErasureIn) -> Any:
    """Erase a person for good: whoever fits the identifier or one of the facts.

    The answer, 202, means that it is written down with its job; ask for it again until `state` is
    `done`. Nothing brings back what was erased.
    """
    person = reading.person_of(body.identifier, body.facts)
    return Status(202, services.begin(person, body.reason, caller(request).signature))


@router.get("/erasures", auth=_MAY, response=Page[ErasureOut])
def list_erasures(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """Erasures, the newest first."""
    page = page_of(Erasure.objects.order_by("-pk"), NEWEST, asked)
    return page_out(request, response, page, [reading.shown(each) for each in page.rows])


@router.get("/erasures/{erasure_id}", auth=_MAY, response=ErasureOut)
def read_erasure(request: HttpRequest, erasure_id: str) -> Any:
    """How far it is, and what it waits for."""
    if "\x00" in erasure_id:
        raise Http404
    return reading.shown(Erasure.objects.get(pk=erasure_id))
