"""Endpoints for a front end of the lender's own: somebody at a branch or on the telephone helps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from equipoise.service.contexts.drafts import services
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held
from equipoise.service.pages.fronts.talking_schemas import HelpCodeOut, HelpOut
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


@router.get(f"{ONE}/help", auth=_MAY, response=HelpOut)
@gives(GONE, SEALED)
def read_help(request: HttpRequest, own_draft_id: str) -> Any:
    """Whether somebody of the lender's helps now: show it while they do."""
    with held(request, own_draft_id) as draft:
        return {"over": draft.helped_over}


@router.post(f"{ONE}/help", auth=_MAY, response=HelpCodeOut)
@gives(STATE, GONE, SEALED)
def make_help_code(request: HttpRequest, own_draft_id: str) -> Any:
    """A code that the person reads out, with their reference, to whoever helps them: these see the
    same application and fill it in with them. Say that it is for nobody who called unasked. It
    holds for ten minutes, and once; a former one ends."""
    with held(request, own_draft_id) as draft:
        return {"reference": draft.reference, "code": services.code_for_helper(draft.reference)}


@router.delete(f"{ONE}/help", auth=_MAY, response={204: None})
@gives(GONE, SEALED)
def end_help(request: HttpRequest, own_draft_id: str) -> Any:
    """Nobody helps any more, as the person wishes; done again it changes nothing."""
    with held(request, own_draft_id) as draft:
        services.end_help(draft.id, draft.hands)
    return Status(204, None)
