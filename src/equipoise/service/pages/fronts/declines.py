"""Endpoints for a front end of the lender's own, after a no: why, what would change it, and taking
other terms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from equipoise.errors import GateRefused
from equipoise.service.contexts.drafts.reading import took_other_terms
from equipoise.service.contexts.drafts.services import NotOffered
from equipoise.service.pages.applicant.declining import advice, declined, take
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.decline_schemas import DeclineOut, OtherTermsIn
from equipoise.service.pages.fronts.held import held, sent
from equipoise.service.pages.fronts.schemas import ApplicationStandingOut
from equipoise.service.pages.fronts.telling import decline_told, standing_told
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


@router.get(f"{ONE}/decline", auth=_MAY, response=DeclineOut)
@gives(STATE, GONE, SEALED)
def read_decline(request: HttpRequest, own_draft_id: str) -> Any:
    """A no, as its applicant reads it: the reasons and facts that were used, what would change the
    answer (each way was decided by the whole strategy), and by when a person answers who is asked
    to look again."""
    with held(request, own_draft_id) as draft:
        sent(draft)
        where = declined(draft)
        if where is None:
            raise GateRefused("the answer is not no", mend="read where it stands")
        return decline_told(where, advice(where))


@router.post(f"{ONE}/other-terms", auth=_MAY, response=ApplicationStandingOut)
@gives(STATE, GONE, SEALED)
def take_other_terms(request: HttpRequest, own_draft_id: str, body: OtherTermsIn) -> Any:
    """Have the application decided again with the terms of a way that can be taken; the reply says
    where it then stands. Sent again, it has one effect."""
    with held(request, own_draft_id) as draft:
        sent(draft)
        if declined(draft):
            try:
                take(draft, body.way)
            except NotOffered:
                raise GateRefused(
                    "these terms are not offered any more",
                    field="way",
                    mend="read the decline again: `ways` are what is offered now",
                ) from None
        elif not took_other_terms(draft.id, draft.decision):
            raise GateRefused("the answer is not no", mend="read where it stands")
    with held(request, own_draft_id) as now:
        return standing_told(sent(now))
