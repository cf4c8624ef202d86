"""Endpoints for a front end of the lender's own: going on for another product, in another language,
and without what was agreed to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftState
from equipoise.service.pages.applicant.moving import Move, move_to, others
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held, our_language
from equipoise.service.pages.fronts.product_schemas import MoveIn, MovesOut
from equipoise.service.pages.fronts.schemas import DraftOut, LanguageIn, RevocationIn
from equipoise.service.pages.fronts.telling import card_told, draft_told
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives
from equipoise.texts.purposes import PURPOSES

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


@router.get(f"{ONE}/moves", auth=_MAY, response=MovesOut)
@gives(STATE, GONE, SEALED)
def read_moves(request: HttpRequest, own_draft_id: str) -> Any:
    """The other products, and what each would keep, ask besides and leave aside: to be shown before
    the person moves."""
    with held(request, own_draft_id) as draft:
        if draft.state != DraftState.OPEN:
            raise GateRefused("what was sent moves to no other product", field="state")
        return {"moves": [_move(move_to(draft, each)) for each in others(draft)]}


@router.post(f"{ONE}/moves", auth=_MAY, response=DraftOut)
@gives(STATE, GONE, SEALED)
def move_draft(request: HttpRequest, own_draft_id: str, body: MoveIn) -> Any:
    """Go on as an application for another product: nothing is typed twice. Done again it changes
    nothing."""
    with held(request, own_draft_id) as draft:
        try:
            services.move(draft.id, body.product, draft.hands)
        except LookupError:
            raise BadInput("nobody can apply for this product now", field="product") from None
    with held(request, own_draft_id) as moved:
        return draft_told(moved)


@router.post(f"{ONE}/language", auth=_MAY, response=DraftOut)
@gives(GONE, SEALED)
def speak_language(request: HttpRequest, own_draft_id: str, body: LanguageIn) -> Any:
    """Speak to the person in that language from now on, also once it was sent: in answers here, in
    messages, and in letters that are still to be made."""
    with held(request, own_draft_id) as draft:
        services.speak(draft.id, our_language(body.language))
    with held(request, own_draft_id) as spoken_to:
        return draft_told(spoken_to)


@router.post(f"{ONE}/consents/revocation", auth=_MAY, response=DraftOut)
@gives(STATE, GONE, SEALED)
def revoke_consent(request: HttpRequest, own_draft_id: str, body: RevocationIn) -> Any:
    """Take back what the person agreed to, before it was sent or after; `without` of each consent
    says what follows. Done again it changes nothing."""
    named = next((each for each in PURPOSES if each.name == body.purpose), None)
    if named is None:
        raise BadInput(f"'{body.purpose:.40}' is no purpose", field="purpose")
    with held(request, own_draft_id) as draft:
        if named.needed:
            raise GateRefused(
                "there is no answer without this purpose",
                field="purpose",
                mend="before it is sent, leave it out of `purposes`; after that, what is held can"
                " be erased",
            )
        services.withdraw(draft.id, named.name, draft.hands)
    with held(request, own_draft_id) as without:
        return draft_told(without)


def _move(move: Move) -> dict[str, Any]:
    return {
        "product": card_told(move.product),
        "kept": move.kept,
        "asked": move.asked,
        "aside": move.aside,
    }
