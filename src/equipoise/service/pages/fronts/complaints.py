"""Endpoints for a front end of the lender's own: complaints, corrections, and how it went."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.complaints.reading import ComplaintView, Matter, of_draft
from equipoise.service.contexts.feedback import services as feedback
from equipoise.service.contexts.feedback.reading import AskView, open_ask
from equipoise.service.pages.applicant import complaining
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held, sent
from equipoise.service.pages.fronts.talking_schemas import (
    ComplaintIn,
    CorrectionIn,
    FeedbackAskedOut,
    FeedbackIn,
    OwnComplaintOut,
    OwnComplaintsOut,
)
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


@router.get(f"{ONE}/complaints", auth=_MAY, response=OwnComplaintsOut)
@gives(GONE, SEALED)
def list_own_complaints(request: HttpRequest, own_draft_id: str) -> Any:
    """What the person complained of, or wanted corrected, and what was answered."""
    with held(request, own_draft_id) as draft:
        return {
            "complaints": _all(draft.id),
            "due_on": complaining.due(draft, Matter.COMPLAINT),
            "elsewhere": [{"name": n, "reach": r} for n, r in complaining.elsewhere()],
        }


@router.post(f"{ONE}/complaints", auth=_MAY, response={201: OwnComplaintOut})
@gives(STATE, GONE, SEALED)
def make_complaint(request: HttpRequest, own_draft_id: str, body: ComplaintIn) -> Any:
    """Say that something is wrong. It changes nothing about the decision; said again in the same
    words while it waits, it is the same."""
    with held(request, own_draft_id) as draft:
        made = complaining.complain(draft, body.words, body.step)
        return Status(201, _one(draft.id, made))


@router.post(f"{ONE}/corrections", auth=_MAY, response={201: OwnComplaintOut})
@gives(STATE, GONE, SEALED)
def ask_for_correction(request: HttpRequest, own_draft_id: str, body: CorrectionIn) -> Any:
    """Ask that a fact is corrected, once the application was sent: before, answer anew."""
    with held(request, own_draft_id) as draft:
        sent(draft)
        facts = {each.field: each for each in complaining.facts_held(draft)}
        if body.field and body.field not in facts:
            raise BadInput(
                "no such fact is held", field="field", mend="take one of those that are held"
            )
        made = complaining.correct(draft, facts.get(body.field), body.words)
        return Status(201, _one(draft.id, made))


@router.get(f"{ONE}/feedback", auth=_MAY, response=FeedbackAskedOut)
@gives(GONE, SEALED)
def read_what_is_asked(request: HttpRequest, own_draft_id: str) -> Any:
    """What the person may be asked now of how it went: only who agreed to that, once in 30 days,
    and never who complained."""
    with held(request, own_draft_id) as draft:
        return _asked(open_ask(draft.id))


@router.post(f"{ONE}/feedback", auth=_MAY, response=FeedbackAskedOut)
@gives(STATE, GONE, SEALED)
def say_how_it_went(request: HttpRequest, own_draft_id: str, body: FeedbackIn) -> Any:
    """Keep what the person tapped or said; the reply is what they are asked next."""
    with held(request, own_draft_id) as draft:
        ask = open_ask(draft.id)
        if ask is None:
            raise GateRefused("nothing is asked now", mend="leave the person alone")
        _keep(ask, body, draft.hands.by)
        return _asked(open_ask(draft.id))


def _keep(ask: AskView, body: FeedbackIn, by: str) -> None:
    if body.dismiss:
        feedback.dismiss(ask.id, by)
    elif body.words is not None:
        feedback.say(ask.id, body.words, by)
    elif body.scale is not None and body.score is not None:
        feedback.score(ask.id, body.scale, body.score, by)


def _asked(ask: AskView | None) -> dict[str, Any]:
    if ask is None:
        return {"ask": None}
    highest = ask.scores[-1] if ask.scale else None
    return {"ask": {"moment": ask.moment, "scale": ask.scale, "highest": highest, "said": ask.said}}


def _all(draft: str) -> list[dict[str, Any]]:
    return [
        {**asdict(each.complaint), "words": each.words, "answer": each.answer}
        for each in of_draft(draft)
    ]


def _one(draft: str, made: ComplaintView) -> dict[str, Any]:
    return next(each for each in _all(draft) if each["id"] == made.id)
