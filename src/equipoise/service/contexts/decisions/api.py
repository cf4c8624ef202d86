"""Endpoints about decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status
from ninja.errors import HttpError
from ninja.params.functions import Header, Query

from equipoise.record.json_text import write_json
from equipoise.service.contexts.applications.reading import ApplicationSummary, checkable
from equipoise.service.contexts.decisions import (
    checks,
    listing,
    looking,
    many,
    outcomes,
    reading,
    searching,
    together,
)
from equipoise.service.contexts.decisions.asking import ask_of, tried
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.schemas import (
    AuditorTrace,
    ChecksIn,
    CustomerWords,
    DecisionIn,
    DecisionOut,
    Filters,
    ManyIn,
    ManyOut,
    OutcomeIn,
    OutcomeOut,
    RecourseOut,
    ReplayOut,
    SearchIn,
    UnderwriterWords,
)
from equipoise.service.platform.accounts.access import May, MayTry, caller, count_more, reach
from equipoise.service.platform.accounts.permissions import Action, Principal, Reach
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import (
    CONFLICT,
    GONE,
    IN_PROGRESS,
    INTERNAL,
    NO_KEY,
    NONE_IN_FORCE,
    OTHER_BODY,
    SEALED,
    STATE,
    UNUSABLE,
    gives,
)
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.operations.problems import problem

_log = log("decisions")
router = Router(tags=["decisions"])
_READ = Action.READ_DECISIONS
_NEEDED = {"customer": _READ, "underwriter": _READ, "auditor": Action.REPLAY}
_ID = re.compile(r"decision-[0-9a-f]{32}")
_APPLICATION = re.compile(r"application-[0-9a-f]{32}")


@router.post("/decisions", auth=MayTry(Action.DECIDE), response={201: DecisionOut})
@gives(NO_KEY, IN_PROGRESS, CONFLICT, OTHER_BODY, NONE_IN_FORCE)
def decide(
    request: HttpRequest,
    body: DecisionIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Any:
    """Decide an application.

    The answer is durable before it is given. Send a new Idempotency-Key with each application,
    and the same one when asking again after a failure: the same answer comes back, and nothing is
    decided twice. Keys are kept for 24 hours.

    A test key is answered as if, by the strategy in force or, with the scope strategies.write, by
    the version whose digest `strategy` names. Nothing is recorded: `test` is true, there is no
    decision of that `id` afterwards, and asked again it is decided again.
    """
    ask = ask_of(body, caller(request), idempotency_key)
    if ask.by.test:
        return _as_it_is(tried(ask), 201)
    return _as_it_is(together.decide(ask.asked, ask.by, ask.once).answer(), 201)


@router.post("/decisions/many", auth=MayTry(Action.DECIDE), response=ManyOut)
def decide_many(request: HttpRequest, body: ManyIn) -> Any:
    """Decide up to 1,000 applications, each under an Idempotency-Key of its own.

    Each is answered as if it were sent alone: `answers` has, in the same order, the status that it
    would have and its decision or its problem. One that cannot be decided keeps none of the others
    from it. When something fails on the way, send the same again: what was decided is answered
    again. Every application counts towards the program's rate; of two under one key, or about one
    applicant, the later one comes after the earlier.
    """
    count_more(request, len(body.applications) - 1)
    text = many.answer_many(body.applications, caller(request), partial(_problem, request))
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@router.post(
    "/applications/{application_id}/checks",
    auth=May(Action.RECORD_CHECKS),
    response={201: DecisionOut},
)
@gives(NO_KEY, IN_PROGRESS, CONFLICT, OTHER_BODY, STATE, GONE, SEALED, UNUSABLE, NONE_IN_FORCE)
def record_checks(
    request: HttpRequest,
    application_id: str,
    body: ChecksIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Any:
    """Say what became of an application's checks; the decision on what it knows by then.

    It goes on as whoever began it, with the strategy that began it, and the record tells who
    brought the results. A program may do so for its own applications and for those that applicants
    began on the pages. Send an Idempotency-Key as with a decision.
    """
    by = caller(request)
    application = _checkable(application_id, by, reach(request))
    decision = checks.record_checks(application, body.checks, by, idempotency_key)
    return _as_it_is(decision.answer(), 201)


@router.get("/decisions", auth=May(_READ), response=Page[DecisionOut])
def list_decisions(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[Filters],
    paging: QueryOf[Paging],
) -> Any:
    """Decisions, the newest first. Days are the lender's. `offers` and `extra` need the right to
    read personal facts."""
    by = caller(request)
    page = listing.listed(by, reach(request), asked, paging)
    looking.tell_look(by, "list", page.rows)
    answer = _as_it_is(page_out(request, response, page, _answers(page.rows, by)))
    if "Link" in response:
        answer["Link"] = response["Link"]
    return answer


@router.post("/decisions/search", auth=May(_READ), response=Page[DecisionOut])
def search_decisions(request: HttpRequest, body: SearchIn) -> Any:
    """Decisions on whoever has an identifier or gave a value, the newest first.

    Values are compared exactly, without regard to letter case and blanks but in identifiers. They
    are kept nowhere; who searched by which fields, and whom they found, is recorded. To search by
    more than the identifier needs the right to read personal facts.
    """
    by = caller(request)
    if body.facts and by.reach(Action.READ_PERSONAL) is None:
        raise HttpError(403, f"this needs the right '{Action.READ_PERSONAL.value}'")
    page = searching.searched(by, reach(request), body)
    return _as_it_is({"items": _answers(page.rows, by), "next": page.next})


@router.get("/decisions/{decision_id}", auth=May(_READ), response=DecisionOut)
def read_decision(request: HttpRequest, decision_id: str) -> Any:
    """A decision, as it was answered; `offers` and `extra` need the right to personal facts."""
    decision = _decision(request, decision_id)
    looking.tell_look(caller(request), "answer", [decision.row])
    return _as_it_is(decision.seen_by(caller(request)).answer())


@router.get(
    "/decisions/{decision_id}/explanation",
    auth=May(_READ),
    response=CustomerWords | UnderwriterWords | AuditorTrace,
)
@gives(STATE, GONE, UNUSABLE, SEALED)
def explain(
    request: HttpRequest,
    decision_id: str,
    audience: Literal["customer", "underwriter", "auditor"] = Query("customer", alias="for"),
    lang: str = Query("", max_length=20),
) -> Any:
    """The decision explained, from its own trace.

    The underwriter's words need the right to read personal facts, the auditor's trace the right to
    replay. Without the right to personal facts the customer's words come without the terms offered
    (`whole` is then false), and the auditor's trace without facts and figures.
    """
    decision = _decision(request, decision_id, _NEEDED[audience])
    words = reading.explanation(decision, caller(request), audience, lang)
    looking.tell_look(caller(request), "explanation", [decision.row])
    return words


@router.get(
    "/decisions/{decision_id}/recourse", auth=May(_READ), response=RecourseOut, by_alias=True
)
@gives(STATE, GONE, UNUSABLE, SEALED)
def find_recourse(request: HttpRequest, decision_id: str, most: int = Query(5, ge=1, le=20)) -> Any:
    """What would turn the answer: other terms, and changes that the applicant can make. It tells
    the applicant's facts, and needs the right to read them."""
    decision = _decision(request, decision_id)
    ways = reading.recourse(decision, caller(request), most)
    looking.tell_look(caller(request), "recourse", [decision.row])
    return {"id": decision.row.id, "ways": ways}


@router.post("/decisions/{decision_id}/replay", auth=May(Action.REPLAY), response=ReplayOut)
@gives(STATE, GONE, UNUSABLE, SEALED)
def replay(request: HttpRequest, decision_id: str) -> Any:
    """Decide it again with the strategy, the facts and the day of then, and compare to the bit.
    `then` and `now` need the right to read personal facts."""
    decision = _decision(request, decision_id, Action.REPLAY)
    replayed = reading.replay(decision, caller(request))
    looking.tell_look(caller(request), "replay", [decision.row])
    return replayed


@router.post(
    "/decisions/{decision_id}/outcome",
    auth=May(Action.RECORD_OUTCOME),
    response={201: OutcomeOut},
)
@gives(CONFLICT, GONE, SEALED)
def record_outcome(request: HttpRequest, decision_id: str, body: OutcomeIn) -> Any:
    """Record what became of it, today unless another day is given: days are the lender's, by the
    contract's time zone. The same outcome of the same day is recorded once."""
    decision = _decision(request, decision_id, Action.RECORD_OUTCOME)
    answer = outcomes.add_outcome(decision.row, body.outcome, caller(request), body.on, body.amount)
    return Status(201, answer)


@router.get("/decisions/{decision_id}/outcomes", auth=May(_READ), response=list[OutcomeOut])
def list_outcomes(request: HttpRequest, decision_id: str) -> Any:
    """What became of it so far; `amount` needs the right to read personal facts."""
    decision = _decision(request, decision_id)
    listed = outcomes.outcomes(decision.row, caller(request))
    looking.tell_look(caller(request), "outcomes", [decision.row])
    return [{"decision": decision.row.id, **each} for each in listed]


def _checkable(application_id: str, by: Principal, over: Reach) -> ApplicationSummary:
    if not _APPLICATION.fullmatch(application_id):
        raise Http404
    try:
        return checkable(application_id, by, over)
    except ObjectDoesNotExist:
        raise Http404 from None


def _answers(rows: Sequence[Decision], by: Principal) -> list[dict[str, Any]]:
    return [each.answer() for each in listing.whole(rows, by)]


def _problem(request: HttpRequest, error: Exception) -> tuple[int, bytes]:
    """An error as the API tells it, be it one of ours."""
    try:
        response = many.TELLER[-1](request, error)
    except Exception as unknown:
        _log.error("request failed", exc_info=unknown)
        response = problem(request, INTERNAL)
    return response.status_code, response.content


def _as_it_is(answer: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """The answer without being read through its schema once more, which would take longer than
    to decide; that it has this shape is tested."""
    text = write_json(answer)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def _decision(
    request: HttpRequest, decision_id: str, action: Action = _READ
) -> reading.DecisionView:
    """The decision, over which the caller has that right. Others' decisions are not there."""
    by = caller(request)
    over = by.reach(action)
    if over is None:
        raise HttpError(403, f"this needs the right '{action.value}'")
    if not _ID.fullmatch(decision_id):
        raise Http404
    return reading.visible(decision_id, by, over)
