"""Endpoints for a front end of the lender's own: taking an offer, signing it, and a second look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from equipoise.errors import GateRefused
from equipoise.service.contexts.agreements import services as agreements
from equipoise.service.contexts.agreements.reading import shown_offer
from equipoise.service.contexts.agreements.services import Moved, Settled, TooLate, Unread
from equipoise.service.contexts.decisions.reading import NotOffered
from equipoise.service.contexts.decisions.services import take_terms
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.reviews import services as reviews
from equipoise.service.pages.applicant.agreeing import (
    decide_anew,
    hands_of,
    offer_in,
    offering,
    taken,
    to_sign,
)
from equipoise.service.pages.applicant.choosing import (
    options,
    ordered,
    reason,
    sliders,
    what_can_be_chosen,
)
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.applicant.wishing import tried, wished
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held, sent
from equipoise.service.pages.fronts.schemas import (
    AcceptanceIn,
    OffersOut,
    ReadingOut,
    SecondLookIn,
    SecondLookOut,
    SignatureIn,
    TermsIn,
    TermsOut,
)
from equipoise.service.pages.fronts.telling import offer_told, reading_told, wish_told
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)


@router.get(f"{ONE}/offers", auth=_MAY, response=OffersOut)
@gives(STATE, GONE, SEALED)
def read_offers(
    request: HttpRequest,
    own_draft_id: str,
    order: Literal["asked", "instalment", "paid", "amount"] = "asked",
) -> Any:
    """The offers to choose from, each decided, with all that is read before one is taken; in the
    order that the person likes: what they asked for first, the lowest instalment, the least to pay
    in all, or the largest amount. It is asked for and kept nowhere with the draft, on our pages
    either: there a browser keeps it, with how else its person likes to see, for all of their
    applications; here your front end does."""
    with held(request, own_draft_id) as draft:
        where = _offering(draft)
        choice = what_can_be_chosen(where)
        offers = ordered(options(where, choice), f"order-{order}")
        rows = [offer_told(each) for each in offers]
        boxes = sliders(choice, {}, draft.product.contract.currency)
        return {"offers": rows, "reason": reason(choice), "boxes": boxes}


@router.post(f"{ONE}/terms", auth=_MAY, response=TermsOut)
@gives(STATE, GONE, SEALED)
def try_terms(request: HttpRequest, own_draft_id: str, body: TermsIn) -> Any:
    """What the whole strategy says to another amount or other months. It is only told; an offer
    that is wanted is the application's from now on, and the others stay open."""
    with held(request, own_draft_id) as draft:
        where = _offering(draft)
        typed = {"amount": body.amount, "months": body.months}
        wish = tried(where, wished(where, typed))
        if body.wanted and wish.terms is not None:
            with _standing_offer(where):
                take_terms(where.decision, FOR_APPLICANTS, wish.amount, wish.months)
        return wish_told(wish, wanted=body.wanted)


@router.post(f"{ONE}/acceptance", auth=_MAY, response=ReadingOut)
@gives(STATE, GONE, SEALED)
def accept_offer(request: HttpRequest, own_draft_id: str, body: AcceptanceIn) -> Any:
    """Take an offer whose texts and numbers the person has read; the reply is what they read before
    they sign."""
    with held(request, own_draft_id) as draft:
        where = _offering(draft)
        with _standing_offer(where):
            decision = where.decision
            if body.amount is not None and body.months is not None and where.ruled is None:
                decision = take_terms(decision, FOR_APPLICANTS, body.amount, body.months)
            seen = decision.seen_by(FOR_APPLICANTS)
            shown = shown_offer(offer_in(where, decision), draft.product.contract.currency)
            agreements.accept(seen, shown, body.seen, hands_of(draft))
    return _reading_out(request, own_draft_id)


@router.get(f"{ONE}/reading", auth=_MAY, response=ReadingOut)
@gives(STATE, GONE, SEALED)
def read_agreement_to_sign(request: HttpRequest, own_draft_id: str) -> Any:
    """The agreement as it is read before it is signed, or where it stands once it was."""
    return _reading_out(request, own_draft_id)


@router.post(f"{ONE}/signature", auth=_MAY, response=ReadingOut)
@gives(STATE, GONE, SEALED)
def sign_agreement(request: HttpRequest, own_draft_id: str, body: SignatureIn) -> Any:
    """Sign it with the name that the person typed, having read it; signed again it is the same."""
    with held(request, own_draft_id) as draft:
        where = _taken(draft)
        if not where.signed:
            with _standing_offer(where):
                agreements.sign(
                    where.decision, to_sign(where), body.seen, body.name, hands_of(draft)
                )
    return _reading_out(request, own_draft_id)


@router.post(f"{ONE}/withdrawal", auth=_MAY, response=ReadingOut)
@gives(STATE, GONE, SEALED)
def withdraw_from_agreement(request: HttpRequest, own_draft_id: str) -> Any:
    """Withdraw from what was signed, within its days."""
    with held(request, own_draft_id) as draft:
        where = _taken(draft)
        with _standing_offer(where):
            agreements.withdraw(where.decision, hands_of(draft))
    return _reading_out(request, own_draft_id)


@router.post(f"{ONE}/second-look", auth=_MAY, response={201: SecondLookOut})
@gives(STATE, GONE, SEALED)
def ask_for_second_look(request: HttpRequest, own_draft_id: str, body: SecondLookIn) -> Any:
    """Ask that a person looks again at a no; asked for again, it is the same."""
    with held(request, own_draft_id) as draft:
        decision = sent(draft).decision
        return Status(201, reviews.ask(decision, body.words, FOR_APPLICANTS, draft.channel))


def _offering(draft: DraftView) -> Standing:
    sent(draft)
    where = offering(draft)
    if where is None:
        raise GateRefused("there is no offer that can be taken", mend="read where it stands")
    return where


def _taken(draft: DraftView) -> Standing:
    sent(draft)
    where = taken(draft)
    if where is None:
        raise GateRefused("no offer was taken that stands", mend="read the offers and take one")
    return where


@contextmanager
def _standing_offer(where: Standing) -> Iterator[None]:
    """Raises GateRefused where what was read does not stand, having had it decided again."""
    try:
        yield
    except Unread as error:
        raise GateRefused(str(error), field="seen", mend="read it again") from None
    except (Settled, TooLate) as error:
        raise GateRefused(str(error)) from None
    except (Moved, NotOffered) as error:
        decide_anew(where)
        raise GateRefused(str(error), mend="read the offers again") from None


def _reading_out(request: HttpRequest, draft: str) -> dict[str, Any]:
    with held(request, draft) as now:
        return reading_told(_taken(now))
