"""Endpoints about asking a case's applicant for one thing more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Field, Router, Status

from equipoise.errors import GateRefused
from equipoise.service.contexts.applications.reading import visible as application
from equipoise.service.contexts.asks.reading import (
    AskView,
    What,
    answers_in,
    askable,
    in_application,
    words_in,
)
from equipoise.service.contexts.asks.reading import visible as one_ask
from equipoise.service.contexts.asks.schemas import (
    AskableOut,
    AskOut,
    Words,
    ask_out,
    askable_out,
)
from equipoise.service.contexts.cases import asking
from equipoise.service.contexts.cases.asking import MOST_DAYS, USUAL_DAYS, Asking
from equipoise.service.contexts.cases.conditions import meet, waive
from equipoise.service.contexts.cases.schemas import SettlingIn
from equipoise.service.contexts.decisions import reading as decisions
from equipoise.service.contexts.decisions.reading import DecisionView, may_read
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action, Principal, Reach
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import OptionalName
from equipoise.service.platform.operations.catalogue import (
    AUTHORITY,
    GONE,
    SEALED,
    STATE,
    UNUSABLE,
    gives,
)

router = Router(tags=["asks"])
ONE = "/applications/{application_id}"


class AskIn(Refusing):
    """What the applicant is asked: a `fact` or a `document` of the list, named by `about`, or a
    `question` in words with its kind of `answer`. `question` and `why` are read by the applicant,
    in their language where it is given, else in the other, marked as such. They have `days`
    business days."""

    what: Literal["fact", "document", "question"] = Field(examples=["question"])
    about: OptionalName = Field("", examples=[""])
    answer: Literal["", "text", "number", "yes_no", "date", "document"] = Field(
        "", examples=["text"]
    )
    question: Words = Field({}, examples=[{"en": "Since when do you work there?"}])
    why: Words = Field(examples=[{"en": "Your payslips begin in March."}])
    days: int = Field(USUAL_DAYS, ge=1, le=MOST_DAYS, strict=True, examples=[5])


@router.get(f"{ONE}/askable", auth=May(Action.WORK_CASES), response=list[AskableOut])
@gives(UNUSABLE)
def list_askable(request: HttpRequest, application_id: str) -> Any:
    """Which facts and documents the applicant can be asked for."""
    return [askable_out(each) for each in askable(_decision(request, application_id))]


@router.get(f"{ONE}/asks", auth=May(Action.READ_DECISIONS), response=list[AskOut])
@gives(GONE, SEALED)
def list_asks(request: HttpRequest, application_id: str) -> Any:
    """All that the applicant was asked besides, the first first, with what they answered."""
    by = caller(request)
    try:
        of = application(application_id, by, reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    words = words_in(of.id, by) if may_read(by, of) else None
    answers = answers_in(of.id, by) if may_read(by, of) else None
    return [ask_out(each, words, answers) for each in in_application(of.id)]


@router.post(f"{ONE}/asks", auth=May(Action.WORK_CASES), response={201: AskOut})
@gives(AUTHORITY, STATE, GONE, SEALED, UNUSABLE)
def ask_applicant(request: HttpRequest, application_id: str, body: AskIn) -> Any:
    """Ask the applicant for one thing more. The case is held until they answer, or their time is
    over; 409 where another has it, or has asked something that is not answered yet."""
    by, decision = caller(request), _decision(request, application_id)
    said, why = {**body.question}, {**body.why}
    wanted = Asking(body.what, body.about, body.answer, said, why, body.days)
    made = asking.ask(decision, wanted, by)
    of = made.application
    return Status(201, ask_out(made, words_in(of, by), answers_in(of, by)))


@router.post("/asks/{ask_id}/met", auth=May(Action.OVERRIDE), response=AskOut)
@gives(AUTHORITY, STATE, GONE, SEALED, UNUSABLE)
def meet_condition(request: HttpRequest, ask_id: str, body: SettlingIn) -> Any:
    """Say that a condition of a person's yes is met, and how you saw that. Once all are, its
    applicant can take the offer."""
    return _settled(request, ask_id, body, meet)


@router.post("/asks/{ask_id}/waive", auth=May(Action.OVERRIDE), response=AskOut)
@gives(AUTHORITY, STATE, GONE, SEALED, UNUSABLE)
def waive_condition(request: HttpRequest, ask_id: str, body: SettlingIn) -> Any:
    """Have a person's yes stand without a condition, within your authority, and say why."""
    return _settled(request, ask_id, body, waive)


def _settled(
    request: HttpRequest,
    ask_id: str,
    body: SettlingIn,
    act: Callable[[AskView, str, Principal, Reach], AskView],
) -> dict[str, Any]:
    by, over = caller(request), reach(request)
    try:
        ask = one_ask(ask_id, by, over)
    except ObjectDoesNotExist:
        raise Http404 from None
    if ask.what != What.CHECK:
        raise GateRefused("it is no condition of a yes", mend="read what was asked")
    made = act(ask, body.words, by, over)
    return ask_out(made, words_in(made.application, by), answers_in(made.application, by))


def _decision(request: HttpRequest, application_id: str) -> DecisionView:
    by, over = caller(request), reach(request)
    try:
        return decisions.visible(application(application_id, by, over).decision, by, over)
    except ObjectDoesNotExist:
        raise Http404 from None
