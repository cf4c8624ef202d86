"""Endpoints about one thing that an applicant was asked: an answer that came by another way, and
taking it back. Asking stands at the desk (`cases`), which holds its clock meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router, Status

from equipoise.errors import BadInput
from equipoise.service.contexts.asks import reading, services
from equipoise.service.contexts.asks.askable import DATE
from equipoise.service.contexts.asks.reading import AskView
from equipoise.service.contexts.asks.schemas import AnswerAskIn, AskOut, ask_out
from equipoise.service.contexts.asks.services import Given
from equipoise.service.contexts.decisions.reading import may_read
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["asks"])
ENGLISH = "en"


@router.post("/asks/{ask_id}/answers", auth=May(Action.DECIDE), response={201: AskOut})
@gives(STATE, GONE, SEALED)
def answer_ask(request: HttpRequest, ask_id: str, body: AnswerAskIn) -> Any:
    """Say what the applicant answered you, in your own front end or otherwise. The case goes back
    to whoever decides it."""
    by, ask = caller(request), _ask(request, ask_id)
    given = Given(by.id, body.channel, ENGLISH, _raw(ask, body.value), key=by.key or None)
    return Status(201, _ask_seen_by(services.answer(ask.id, ask.application, given), by))


@router.post("/asks/{ask_id}/withdraw", auth=May(Action.WORK_CASES), response=AskOut)
@gives(STATE, GONE, SEALED)
def withdraw_ask(request: HttpRequest, ask_id: str) -> Any:
    """Take back what was not answered yet: the applicant reads that it is not needed any more."""
    by = caller(request)
    try:
        return _ask_seen_by(services.withdraw(ask_id, by, reach(request)), by)
    except ObjectDoesNotExist:
        raise Http404 from None


def _ask(request: HttpRequest, ask_id: str) -> AskView:
    try:
        return reading.visible(ask_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None


def _ask_seen_by(ask: AskView, by: Principal) -> dict[str, Any]:
    if not may_read(by, ask):
        return ask_out(ask, None, None)
    of = ask.application
    return ask_out(ask, reading.words_in(of, by), reading.answers_in(of, by))


def _raw(ask: AskView, value: bool | float | str) -> dict[str, str]:
    """The value as it would stand in the boxes of a page."""
    if isinstance(value, bool):
        return {"": "yes" if value else "no"}
    if isinstance(value, float):
        return {"": f"{value:.15g}"}
    if ask.answer != DATE:
        return {"": value}
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise BadInput("this is no day", field="value", mend="write it as 2030-01-31") from None
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
