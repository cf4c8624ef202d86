"""Endpoints for a front end of the lender's own: letters, and what is held about a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from equipoise.errors import GateRefused
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftView, disclosure
from equipoise.service.pages.applicant import letters
from equipoise.service.pages.applicant.holdings import exported, held_about, kept_by_law
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.data_schemas import ErasureAskedOut, OwnDataOut
from equipoise.service.pages.fronts.held import held, sent
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives
from equipoise.service.platform.papers.handing_out import PDF, as_file

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)
_AS_PDF = {
    "responses": {
        200: {
            "description": "The file.",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
_AS_JSON = {
    "responses": {
        200: {
            "description": "All that is held, as it was typed: for the person to take away.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    }
}


@router.get(f"{ONE}/letter", auth=_MAY, openapi_extra=_AS_PDF)
@gives(STATE, GONE, SEALED)
def read_own_letter(request: HttpRequest, own_draft_id: str, of: str = "") -> HttpResponse:
    """The letter about the last decision, as PDF, for the person: that they took it is noted.
    Earlier ones are had by `of`, the id of one of those that stand among what is held."""
    with held(request, own_draft_id) as draft:
        sent(draft)
        pdf = letters.letter(draft, of)
        if pdf is None:
            raise GateRefused(
                "there is no letter", mend="ask again later where one is owed: a job makes it"
            )
        return as_file(draft.reference, PDF, pdf)


@router.get(f"{ONE}/agreement/copy", auth=_MAY, openapi_extra=_AS_PDF)
@gives(STATE, GONE, SEALED)
def read_agreement_copy(request: HttpRequest, own_draft_id: str) -> HttpResponse:
    """A copy of the agreement that the person signed, as PDF."""
    with held(request, own_draft_id) as draft:
        sent(draft)
        pdf = letters.signed_copy(draft)
        if pdf is None:
            raise GateRefused("nothing was signed, or no copy can be made here")
        return as_file(f"{draft.reference}-agreement", PDF, pdf)


@router.get(f"{ONE}/data", auth=_MAY, response=OwnDataOut)
@gives(GONE, SEALED)
def read_what_is_held(request: HttpRequest, own_draft_id: str) -> Any:
    """All that is held about the application, in the person's words, and who looked at it."""
    with held(request, own_draft_id) as draft:
        about = held_about(draft)
        contact, done = draft.typed.contact, about.done
        return {
            "reference": draft.reference,
            "email": contact.get("email", ""),
            "phone": contact.get("phone", ""),
            "facts": about.facts,
            "papers": about.papers,
            "letters": letters.letters(draft),
            "said": about.said,
            "asked": about.asked,
            "agreements": done.agreements,
            "decisions": done.decisions,
            "opened": done.opened,
            "searches": done.searches,
            "erasure_asked_at": done.erasure_asked_at,
        }


@router.get(f"{ONE}/data/export", auth=_MAY, openapi_extra=_AS_JSON)
@gives(GONE, SEALED)
def export_what_is_held(request: HttpRequest, own_draft_id: str) -> HttpResponse:
    """The same as the file that the person takes away, with complaints and what they said."""
    with held(request, own_draft_id) as draft:
        return exported(draft)


@router.get(f"{ONE}/erasure", auth=_MAY, response=ErasureAskedOut)
@gives(STATE, GONE, SEALED)
def read_what_erasure_means(request: HttpRequest, own_draft_id: str) -> Any:
    """What is kept by law although the person asks to be erased, and whether they asked."""
    with held(request, own_draft_id) as draft:
        sent(draft)
        return _erasure(draft)


@router.post(f"{ONE}/erasure", auth=_MAY, response=ErasureAskedOut)
@gives(STATE, GONE, SEALED)
def ask_for_erasure(request: HttpRequest, own_draft_id: str) -> Any:
    """Ask that all is erased, once it was sent: a person sees to it. A draft that was not sent is
    deleted at once."""
    with held(request, own_draft_id) as draft:
        sent(draft)
        services.ask_erasure(draft.id, draft.hands)
        return _erasure(draft)


def _erasure(draft: DraftView) -> dict[str, Any]:
    kept, asked = kept_by_law(draft), disclosure(draft.id, draft.typed).erasure_asked_at
    return {
        "asked_at": asked,
        "kept_until": None if kept is None else kept.day,
        "rule": "" if kept is None else kept.rule.source,
    }
