"""Endpoints for a front end of the lender's own: the helper, and the person it hands over to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.pages.applicant import asking
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held
from equipoise.service.pages.fronts.talking_schemas import OwnConversationOut, TurnIn
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, gives

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


@router.get(f"{ONE}/conversation", auth=_MAY, response=OwnConversationOut)
@gives(GONE, SEALED)
def read_own_conversation(request: HttpRequest, own_draft_id: str) -> Any:
    """The conversation so far."""
    with held(request, own_draft_id) as draft:
        return _conversation_out(draft)


@router.post(f"{ONE}/conversation", auth=_MAY, response=OwnConversationOut)
@gives(GONE, SEALED)
def ask_helper(request: HttpRequest, own_draft_id: str, body: TurnIn) -> Any:
    """Ask, choose from the menu, or have a person take over. The helper answers with approved
    texts and what stands in the application, and hands over what it cannot answer."""
    with held(request, own_draft_id) as draft:
        if body.person:
            asking.want_a_person(draft)
        elif body.choice:
            asking.choose(draft, body.choice)
        else:
            asking.ask(draft, body.question or "")
        return _conversation_out(draft)


def _conversation_out(draft: DraftView) -> dict[str, Any]:
    so_far = asking.conversation(draft)
    menu = [{"name": name, "title": title} for name, title in so_far.menu]
    return {"turns": so_far.turns, "menu": menu, "person": so_far.person}
