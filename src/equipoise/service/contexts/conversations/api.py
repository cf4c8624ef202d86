"""Endpoints for people of the lender's who answer applicants."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router

from equipoise.service.contexts.conversations import reading, services
from equipoise.service.contexts.conversations.schemas import ConversationOut, ReplyIn, WaitingOut
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, gives

router = Router(tags=["conversations"])


@router.get("/conversations", auth=May(Action.ANSWER_PEOPLE), response=list[WaitingOut])
def list_conversations(request: HttpRequest) -> Any:
    """Which conversations wait for a person: urgent ones first, then the oldest."""
    return list(reading.waiting())


@router.get("/conversations/{draft_id}", auth=May(Action.ANSWER_PEOPLE), response=ConversationOut)
@gives(GONE)
def read_conversation(request: HttpRequest, draft_id: str) -> Any:
    """A conversation that a person has. Others are between an applicant and the helper."""
    if reading.with_a_person(draft_id) is None:
        raise Http404
    return {"draft": draft_id, "turns": reading.turns(draft_id)}


@router.post(
    "/conversations/{draft_id}/replies",
    auth=May(Action.ANSWER_PEOPLE),
    response=ConversationOut,
)
@gives(GONE)
def reply_in_conversation(request: HttpRequest, draft_id: str, body: ReplyIn) -> Any:
    """Write to the applicant, and give the conversation back to the helper if that was all."""
    by = caller(request).id
    try:
        services.reply(draft_id, body.text, by)
        if body.done:
            services.give_back(draft_id, by)
    except ObjectDoesNotExist:
        raise Http404 from None
    return {"draft": draft_id, "turns": reading.turns(draft_id)}
