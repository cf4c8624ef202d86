"""Endpoints about deciding what the strategy left to a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router, Status

from equipoise.service.contexts.cases import deciding
from equipoise.service.contexts.cases import reading as cases
from equipoise.service.contexts.cases.schemas import (
    ByPersonOut,
    DecidingOut,
    GivingBackIn,
    GrantIn,
    RulingIn,
    RulingOut,
    WeighedOut,
    ruling_out,
)
from equipoise.service.contexts.cases.terms import terms_of
from equipoise.service.contexts.decisions import reading as decisions
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.services import tell_look
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import (
    AUTHORITY,
    GONE,
    SEALED,
    STATE,
    UNUSABLE,
    gives,
)

router = Router(tags=["cases"])
_MAY = May(Action.OVERRIDE)
ONE = "/decisions/{decision_id}"


@router.get(f"{ONE}/by-person", auth=May(Action.READ_DECISIONS), response=ByPersonOut)
def read_answer_by_person(request: HttpRequest, decision_id: str) -> Any:
    """What a person decided in place of the decision; 404 where nobody did."""
    decision = _decision(request, decision_id)
    by = cases.by_person(decision.row.id)
    if by is None:
        raise Http404
    readable = decision.seen_by(caller(request)).facts is not None
    tell_look(caller(request), "answer", [decision.row])
    return {
        "decision": decision.row.id,
        "application": decision.row.application,
        "answer": by.answer,
        "reasons": list(by.reasons),
        "against": by.against,
        "at": by.at,
        "offer": cases.offer_of(by, decision.row.id) if readable else None,
        "stands_until": cases.stands_until(by, decision) if readable else None,
        "unmet": [each.about for each in cases.unmet(decision.row.id)],
    }


@router.get(f"{ONE}/deciding", auth=_MAY, response=DecidingOut)
@gives(GONE, SEALED, UNUSABLE)
def read_deciding(request: HttpRequest, decision_id: str) -> Any:
    """How you may decide it: who has to sign, how far terms go, by which reasons; and what was
    answered so far, with the words of whoever did."""
    decision, by = _decision(request, decision_id), caller(request)
    now = cases.deciding(decision, by)
    tell_look(by, "deciding", [decision.row])
    row = decision.row
    within = now.limits
    ends = ("amount", "months", "apr")
    return {
        **{name: getattr(now, name) for name in ("left", "last", "refusal", "overrides")},
        "decision": row.id,
        "level": None if now.required is None else now.required.level,
        "signatures": 0 if now.required is None else now.required.signatures,
        "able": list(now.able),
        "limits": within and {each: _ends(getattr(within, each)) for each in ends},
        "reasons": list(now.reasons),
        "owed": now.owed,
        "waits": None if now.waits is None else asdict(now.waits),
        "said": [asdict(each) for each in cases.said_about(row.application, row.id, row, by)],
    }


@router.post(f"{ONE}/weigh", auth=_MAY, response=WeighedOut)
@gives(GONE, SEALED, UNUSABLE)
def weigh_terms(request: HttpRequest, decision_id: str, body: GrantIn) -> Any:
    """What terms mean if a person grants them: the strategy's verdict, their value and who has to
    sign. Nothing is recorded."""
    terms = terms_of(body.amount, float(body.months), body.apr)
    weighed = cases.weighed(_decision(request, decision_id), terms, caller(request))
    granted, verdict = weighed.granted, weighed.granted.verdict
    return {
        "offer": granted.offer.as_dict(),
        "verdict": verdict.outcome,
        "grade": verdict.grade,
        "verdict_reasons": [each.code for each in verdict.reasons],
        "measures": granted.measures,
        "level": None if weighed.required is None else weighed.required.level,
        "signatures": 0 if weighed.required is None else weighed.required.signatures,
    }


@router.post(f"{ONE}/decide", auth=_MAY, response={200: RulingOut, 201: RulingOut})
@gives(AUTHORITY, STATE, GONE, SEALED, UNUSABLE)
def decide_case(request: HttpRequest, decision_id: str, body: RulingIn) -> Any:
    """Answer what the strategy left to a person, within your authority: 201 where it holds now, 200
    where it waits for another signature. 409 where the application was decided anew, or somebody
    answered otherwise."""
    row = deciding.decide(_decision(request, decision_id), _answered(body), caller(request))
    return Status(201 if row.state == "decided" else 200, ruling_out(row))


@router.post(f"{ONE}/pass-on", auth=_MAY, response=RulingOut)
@gives(STATE, GONE, SEALED, UNUSABLE)
def pass_case_on(request: HttpRequest, decision_id: str, body: RulingIn) -> Any:
    """Leave the signature to those who have the authority, with what you would answer."""
    row = deciding.pass_on(_decision(request, decision_id), _answered(body), caller(request))
    return ruling_out(row)


@router.post(f"{ONE}/give-back", auth=_MAY, response=RulingOut)
@gives(AUTHORITY, STATE, GONE, SEALED, UNUSABLE)
def give_case_back(request: HttpRequest, decision_id: str, body: GivingBackIn) -> Any:
    """Do not sign what waits, and say why: it is to be answered anew."""
    row = deciding.give_back(_decision(request, decision_id), body.words, caller(request))
    return ruling_out(row)


def _decision(request: HttpRequest, decision_id: str) -> DecisionView:
    try:
        return decisions.visible(decision_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None


def _answered(body: RulingIn) -> deciding.Answered:
    terms = body.terms
    return deciding.Answered(
        body.answer,
        body.words,
        None if terms is None else terms_of(terms.amount, float(terms.months), terms.apr),
        tuple(body.reasons),
        body.waived,
    )


def _ends(ends: tuple[float, float]) -> dict[str, float]:
    return {"least": ends[0], "most": ends[1]}
