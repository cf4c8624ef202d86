"""Endpoints for a front end of the lender's own: what is unclear in an application, and settling
it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Status

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.concerns import services
from equipoise.service.contexts.papers.reading import of_draft
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.applicant.unclear import Unclear, concern_of, said_to, unclear
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held, sent
from equipoise.service.pages.fronts.papers_schemas import UnclearAnswerIn, UnclearOut
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


@router.get(f"{ONE}/unclear", auth=_MAY, response=list[UnclearOut])
@gives(STATE, GONE, SEALED)
def list_unclear(request: HttpRequest, own_draft_id: str) -> Any:
    """What is unclear in the application, how it is settled, and what was answered to it."""
    with held(request, own_draft_id) as draft:
        where = sent(draft)
        return [_concern_out(where, each) for each in unclear(where)]


@router.post(f"{ONE}/unclear/{{own_concern_id}}/answers", auth=_MAY, response={201: UnclearOut})
@gives(STATE, GONE, SEALED)
def answer_unclear(
    request: HttpRequest, own_draft_id: str, own_concern_id: str, body: UnclearAnswerIn
) -> Any:
    """Say how it is, in words or by documents that were brought, as often as the person needs
    to. A person reads it."""
    with held(request, own_draft_id) as draft:
        if _of(sent(draft), own_concern_id).closed:
            raise GateRefused("this is settled already", mend="ask us")
        papers = [*dict.fromkeys(body.papers)]
        if set(papers) - {each.id for each in of_draft(draft.id)}:
            raise BadInput(
                "one of these is no document of this draft",
                field="papers",
                mend="bring it first, and name its id",
            )
        services.answer(own_concern_id, draft.application, body.words, papers, draft.hands)
        where = sent(draft)
        return Status(201, _concern_out(where, _of(where, own_concern_id)))


def _of(where: Standing, concern: str) -> Unclear:
    one = concern_of(where, concern)
    if one is None:
        raise Http404
    return one


def _concern_out(where: Standing, of_it: Unclear) -> dict[str, Any]:
    fields = asdict(of_it)
    return {**fields, "due_on": fields.pop("due"), "said": said_to(where, of_it.id)}
