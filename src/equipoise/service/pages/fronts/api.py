"""Endpoints for a front end of the lender's own: from the first answer to where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from equipoise.errors import BadInput
from equipoise.journey import NotRead, Page, read_answer
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftView, anew, reachable
from equipoise.service.contexts.drafts.services import Hands
from equipoise.service.pages.applicant.standing import warn
from equipoise.service.pages.applicant.steps import questions, share
from equipoise.service.pages.fronts.held import held, our_language, sent
from equipoise.service.pages.fronts.schemas import (
    AnswersIn,
    ApplicationStandingOut,
    ConsentsIn,
    ContactIn,
    DraftIn,
    DraftOut,
    ProgressOut,
    SendIn,
)
from equipoise.service.pages.fronts.telling import draft_told, progress_told, standing_told
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives
from equipoise.texts.purposes import PURPOSES, lacking

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)
ONE = "/drafts/{own_draft_id}"


@router.post("/drafts", auth=_MAY, response={201: DraftOut})
def begin_draft(request: HttpRequest, body: DraftIn) -> Any:
    """Begin an application for somebody before your own front end."""
    language = our_language(body.language)
    hands = Hands(body.channel, caller(request).id)
    try:
        services.refuse_channel(body.product, hands.channel)
        brought = {name: {"": text} for name, text in body.answers.items()}
        draft, _ = services.begin(body.product, language, hands, brought, body.need)
    except LookupError:
        raise BadInput("nobody can apply for this product now", field="product") from None
    with held(request, draft) as begun:
        return Status(201, draft_told(begun))


@router.get(ONE, auth=_MAY, response=DraftOut)
@gives(GONE, SEALED)
def read_draft(request: HttpRequest, own_draft_id: str) -> Any:
    """What is asked now, what was typed, and how it is read."""
    with held(request, own_draft_id) as draft:
        return draft_told(draft)


@router.post(f"{ONE}/answers", auth=_MAY, response=DraftOut)
@gives(STATE, GONE, SEALED)
def save_answers(request: HttpRequest, own_draft_id: str, body: AnswersIn) -> Any:
    """Keep answers as they were typed; the reply says how each is read, or what is wrong."""
    with held(request, own_draft_id) as draft:
        pages = {page.field.name: page for page in questions(draft)}
        given = {name: _raw(name, typed, pages) for name, typed in body.answers.items()}
        for name, raw in given.items():
            _save(draft, pages[name], raw)
    return _draft_out(request, own_draft_id)


@router.post(f"{ONE}/contact", auth=_MAY, response=DraftOut)
@gives(STATE, GONE, SEALED)
def save_contact(request: HttpRequest, own_draft_id: str, body: ContactIn) -> Any:
    """Keep how the person is reached."""
    with held(request, own_draft_id) as draft:
        services.save_contact(draft.id, {"email": body.email, "phone": body.phone})
        kept = anew(draft)
        if reachable(kept.typed.contact, kept.product.contract.currency):
            services.contact_given(draft.id, share(kept), draft.hands)
    return _draft_out(request, own_draft_id)


@router.post(f"{ONE}/consents", auth=_MAY, response=DraftOut)
@gives(STATE, GONE, SEALED)
def save_consents(request: HttpRequest, own_draft_id: str, body: ConsentsIn) -> Any:
    """Say which purposes the person agrees to, having read their texts."""
    known = {each.name for each in PURPOSES}
    if strange := sorted(set(body.purposes) - known):
        raise BadInput(f"'{strange[0]:.40}' is no purpose", field="purposes")
    with held(request, own_draft_id) as draft:
        services.consent(draft.id, body.purposes, draft.hands)
        agreed = anew(draft)
        if not lacking(dict(agreed.typed.consents)):
            services.answered(draft.id, "consents", share(agreed), draft.hands)
    return _draft_out(request, own_draft_id)


@router.post(f"{ONE}/send", auth=_MAY, response=DraftOut)
@gives(STATE, GONE, SEALED)
def send_draft(request: HttpRequest, own_draft_id: str, body: SendIn) -> Any:
    """Send it, or what was asked besides: sent again, it has one effect. It may be `sending` for a
    while, where a source of facts does not answer; it goes on by itself."""
    with held(request, own_draft_id) as draft:
        if body.after:
            services.send_more(draft.id, body.after, draft.hands.by, draft.channel)
        else:
            services.send(draft.id, draft.hands.by, draft.channel)
        warn(draft)
    return _draft_out(request, own_draft_id)


@router.delete(ONE, auth=_MAY, response={204: None})
@gives(STATE, GONE, SEALED)
def delete_draft(request: HttpRequest, own_draft_id: str) -> Any:
    """Destroy what was typed and not sent."""
    with held(request, own_draft_id) as draft:
        services.end(draft.id, "deleted", draft.hands)
    return Status(204, None)


@router.get(f"{ONE}/standing", auth=_MAY, response=ApplicationStandingOut)
@gives(STATE, GONE, SEALED)
def read_standing(request: HttpRequest, own_draft_id: str) -> Any:
    """Where it stands once it was sent, in the person's language."""
    with held(request, own_draft_id) as draft:
        return standing_told(sent(draft))


@router.get(f"{ONE}/progress", auth=_MAY, response=ProgressOut)
@gives(STATE, GONE, SEALED)
def read_progress(request: HttpRequest, own_draft_id: str) -> Any:
    """How far it has come once it was sent, when the answer arrives, and what happened so far."""
    with held(request, own_draft_id) as draft:
        return progress_told(sent(draft))


def _draft_out(request: HttpRequest, draft: str) -> dict[str, Any]:
    with held(request, draft) as now:
        return draft_told(now)


def _raw(name: str, typed: str | Mapping[str, str], pages: Mapping[str, Page]) -> dict[str, str]:
    """What was typed, by box. Raises BadInput for what is not asked now."""
    page = pages.get(name)
    raw = {"": typed} if isinstance(typed, str) else dict(typed)
    if page is None or not raw.keys() <= set(page.boxes):
        raise BadInput(
            "this is not asked now" if page is None else "this has other boxes",
            field=f"answers.{name[:80]}",
            mend="read the draft: `questions` says what is asked, and in which `boxes`",
        )
    return {box: raw.get(box, "") for box in page.boxes}


def _save(draft: DraftView, page: Page, raw: Mapping[str, str]) -> None:
    services.save(draft.id, page.field.name, raw)
    try:
        read_answer(page.field, raw, draft.language)
    except NotRead:
        return
    services.answered(draft.id, page.field.name, share(anew(draft)), draft.hands)
