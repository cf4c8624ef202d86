"""Endpoints for a front end of the lender's own: one thing more that a person asks, and its
answer."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from equipoise.errors import BadInput
from equipoise.service.contexts.asks import services
from equipoise.service.contexts.asks.services import Given
from equipoise.service.contexts.drafts.schemas import ChoiceOut
from equipoise.service.contexts.papers.reading import of_draft
from equipoise.service.contexts.papers.services import MOST_PAPERS
from equipoise.service.pages.applicant.asked import OneMore, asked_besides
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held, sent
from equipoise.service.pages.fronts.papers_schemas import SaidOut
from equipoise.service.pages.fronts.telling import choices_told
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Place
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


class WordedOut(Schema):
    """Words that somebody of the lender's wrote, in the draft's language; or else in the one that
    `tongue` names (empty: it is the draft's)."""

    text: str
    tongue: str


class OneMoreOut(Schema):
    """One thing that a person asks while they decide: the `title` of the question, its own words
    (`question`, empty where the title says it all), and `why`. It is answered in the `boxes` of its
    `kind`, one of the `choices` where there are some, or by a document where `kind` is `file`; by
    `due_on`: without an answer by then a person goes on with what there is, and nothing is decided
    by that alone. `open` it is the person's turn; `answered` ours; `closed` where it was
    `withdrawn`, `decided` without, or `lapsed`. A `condition` is what a person's yes waits for: it
    is `met` once a person saw what was brought, and where nothing was by its day, the offer ends.
    `said` is what they answered so far."""

    id: str
    title: str
    question: WordedOut
    why: WordedOut
    kind: Literal["amount", "whole", "choice", "yes_no", "date", "text", "file"]
    boxes: list[str]
    choices: list[ChoiceOut]
    due_on: date
    state: Literal["open", "due", "answered", "closed"]
    outcome: Literal["", "withdrawn", "decided", "lapsed", "met"]
    condition: bool
    can_answer: bool
    said: list[SaidOut]


class OneMoreIn(Refusing):
    """The answer by its boxes, as the person typed it; of a document the ids of what was brought
    before."""

    typed: dict[Literal["", "day", "month", "year"], str] = Field(
        {}, max_length=3, examples=[{"": "Since March."}]
    )
    papers: list[Place] = Field([], max_length=MOST_PAPERS, examples=[[]])


@router.get(f"{ONE}/asks", auth=_MAY, response=list[OneMoreOut])
@gives(STATE, GONE, SEALED)
def list_own_asks(request: HttpRequest, own_draft_id: str) -> Any:
    """What a person asks besides: why, by when, whose turn it is and what happens otherwise."""
    with held(request, own_draft_id) as draft:
        return [_ask_out(each) for each in asked_besides(sent(draft))]


@router.post(f"{ONE}/asks/{{own_ask_id}}/answers", auth=_MAY, response={201: OneMoreOut})
@gives(STATE, GONE, SEALED)
def answer_own_ask(
    request: HttpRequest, own_draft_id: str, own_ask_id: str, body: OneMoreIn
) -> Any:
    """Answer it, once more where that is still open to them. A person reads it. 422 says by
    `field` and in the person's words what cannot be read."""
    with held(request, own_draft_id) as draft:
        _of(sent(draft), own_ask_id)
        papers = [*dict.fromkeys(body.papers)]
        if set(papers) - {each.id for each in of_draft(draft.id)}:
            raise BadInput(
                "one of these is no document of this draft",
                field="papers",
                mend="bring it first, and name its id",
            )
        raw: dict[str, str] = {str(name): text for name, text in body.typed.items()}
        given = Given(draft.hands.by, draft.channel, draft.language, raw, papers)
        services.answer(own_ask_id, draft.application, given)
        return Status(201, _ask_out(_of(sent(draft), own_ask_id)))


def _of(where: Standing, ask: str) -> OneMore:
    asked = next((each for each in asked_besides(where) if each.id == ask), None)
    if asked is None:
        raise Http404
    return asked


def _ask_out(one: OneMore) -> dict[str, Any]:
    page = one.page
    return {
        "id": one.id,
        "title": page.question,
        "question": one.question,
        "why": one.why,
        "kind": page.kind,
        "boxes": list(page.boxes),
        "choices": choices_told(page.choices),
        "due_on": one.due,
        "state": one.state,
        "outcome": one.outcome,
        "condition": one.condition,
        "can_answer": one.can_answer,
        "said": one.said,
    }
