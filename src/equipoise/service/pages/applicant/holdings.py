"""What is held about an application, as its applicant reads it and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpResponse, JsonResponse

from equipoise.contract import Field
from equipoise.journey import (
    NotRead,
    page_of,
    pages_of,
    read_answer,
    typed_text,
    written_answer,
)
from equipoise.jurisdiction import Deadline
from equipoise.service.contexts.agreements import reading as agreements
from equipoise.service.contexts.complaints import reading as complaints
from equipoise.service.contexts.conversations import reading as conversations
from equipoise.service.contexts.drafts.reading import Disclosure, DraftState, DraftView, disclosure
from equipoise.service.contexts.feedback import reading as feedback
from equipoise.service.contexts.papers.reading import PaperView, of_draft
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.contexts.reviews import reading as reviews
from equipoise.service.pages.applicant.asked import asks_held, said_besides
from equipoise.service.pages.applicant.standing import standing
from equipoise.service.pages.applicant.unclear import Said, said_in
from equipoise.service.platform.law import last_day
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Holding:
    """One fact: what it is, how it reads, and where it is from."""

    field: str
    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held about an application and its applicant reads: what they typed and what was
    given besides, what they brought, what they said of what was unclear and to what a person asked
    besides, and what was done."""

    facts: Sequence[Holding]
    papers: Sequence[PaperView]
    said: Sequence[Said]
    asked: Sequence[Said]
    done: Disclosure


def held_about(draft: DraftView) -> Held:
    """All of it, in the language spoken now. Raises Unreadable after an erasure."""
    done = disclosure(draft.id, draft.typed)
    besides = said_besides(standing(draft)) if draft.state == DraftState.SENT else []
    return Held(holdings(draft, done), of_draft(draft.id), said_in(draft), besides, done)


def kept_by_law(draft: DraftView) -> Deadline | None:
    """By which rule of the law a decision is kept, and until when; None where none is heeded, or
    nothing was decided."""
    decided = disclosure(draft.id, draft.typed).decisions
    if not decided:
        return None
    return last_day("retention", lender_day(draft.product.digest, decided[-1].at))


def holdings(draft: DraftView, kept: Disclosure) -> list[Holding]:
    """Every fact: what was typed, and what was given besides."""
    contract = draft.product.contract
    typed = [_typed(draft, page.field) for page in pages_of(contract)]
    given = [
        Holding(field.name, page_of(field).question, _said(draft, field, kept), _source(field))
        for field in contract.fields
        if field.name in kept.given
    ]
    return [*filter(None, typed), *given]


def as_json(draft: DraftView) -> dict[str, Any]:
    """All of it, for programs; what was typed as it was typed."""
    typed, held = draft.typed, held_about(draft)
    return {
        "reference": draft.reference,
        "product": draft.product.portrait.name(draft.language),
        "language": draft.language,
        "state": draft.state.value,
        "begun_at": draft.begun_at,
        "sent_at": draft.sent_at,
        "contact": dict(typed.contact),
        "typed": {name: dict(raw) for name, raw in typed.raw.items()},
        **asdict(held.done),
        "papers": [asdict(each) for each in held.papers],
        "said": [asdict(each) for each in held.said],
        "asked": asks_held(standing(draft)) if draft.state == DraftState.SENT else [],
        **_said_by(draft),
    }


def exported(draft: DraftView) -> HttpResponse:
    """The same as a file to take away."""
    indented = {"ensure_ascii": False, "indent": 2}
    answer = JsonResponse(as_json(draft), json_dumps_params=indented)
    answer["Content-Disposition"] = f'attachment; filename="application-{draft.reference}.json"'
    return answer


def _said_by(draft: DraftView) -> dict[str, Any]:
    """What they complained of, with the answers, said of how it went and to what was decided, asked
    and were answered, and what they took and signed, as it was shown."""
    application = draft.application
    return {
        "conversation": [asdict(each) for each in conversations.turns(draft.id)],
        "second_looks": reviews.said_in(application) if application else [],
        "agreement": agreements.all_that_was_shown(application) if application else [],
        "complaints": [
            {
                "reference": each.complaint.reference,
                "matter": each.complaint.matter,
                "received_at": each.complaint.received_at,
                "words": each.words,
                "outcome": each.complaint.outcome,
                "answer": each.answer,
            }
            for each in complaints.of_draft(draft.id)
        ],
        "feedback": [asdict(each) for each in feedback.of_draft(draft.id)],
    }


def _typed(draft: DraftView, field: Field) -> Holding | None:
    raw = draft.typed.raw.get(field.name)
    if raw is None:
        return None
    try:
        answer = read_answer(field, raw, draft.language)
        text = written_answer(field, answer, draft.product.contract.currency, draft.language, raw)
    except NotRead:
        text = typed_text(raw)
    return Holding(field.name, page_of(field).question, text, say("You told us"))


def _said(draft: DraftView, field: Field, kept: Disclosure) -> str:
    currency = draft.product.contract.currency
    return written_answer(field, kept.given[field.name], currency, draft.language)


def _source(field: Field) -> str:
    if field.source == "bureau":
        return say("From a credit bureau")
    return say("From our own records")
