"""Offers to choose from: comparing them, asking for other terms, and taking one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from equipoise.errors import BadInput
from equipoise.service.contexts.agreements import services as agreements
from equipoise.service.contexts.agreements.reading import shown_offer
from equipoise.service.contexts.agreements.services import Moved, Settled, Unread
from equipoise.service.contexts.decisions.reading import NotOffered
from equipoise.service.contexts.decisions.services import InProgress, take_terms
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.pages.applicant.agreeing import decide_anew, hands_of, offer_in, offering
from equipoise.service.pages.applicant.choosing import (
    options,
    ordered,
    reason,
    sliders,
    what_can_be_chosen,
)
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.look import order
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.applicant.wishing import BOXES, Wish, tried, wished

_MOST = 40  # characters of a box


def offers_page(
    request: HttpRequest, where: Standing, wish: Wish | None = None, status: int = 200
) -> HttpResponse:
    """All that can be chosen, and a form to ask for something else."""
    choice, wish = what_can_be_chosen(where), wish or Wish()
    shown = {
        "draft": where.draft,
        "standing": where,
        "options": ordered(options(where, choice), order(request)),
        "reason": reason(choice),
        "sliders": sliders(choice, wish.typed, where.draft.product.contract.currency),
        "wish": wish,
    }
    return show(request, "offers", shown, status=status)


@require_POST
@possessed
def terms(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Ask for other terms: tried, they are only told; wanted, they are the application's."""
    where = offering(draft)
    if where is None:
        return redirect("apply-answer", draft.id)
    wish = tried(where, _wished(request, where))
    if request.POST.get("go") == "see" and wish.terms is not None:
        try:
            take_terms(where.decision, FOR_APPLICANTS, wish.amount, wish.months)
        except (NotOffered, InProgress):  # a day has gone by, or another window is at it
            return redirect("apply-answer", draft.id)
        return redirect("apply-answer", draft.id)
    return offers_page(request, where, wish, 422 if wish.faults else 200)


@require_POST
@possessed
def terms_part(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What the strategy says to other terms, alone: for a page that asks while a slider moves."""
    where = offering(draft)
    if where is None:
        return HttpResponse(status=204)
    wish = tried(where, _wished(request, where))
    return show(request, "_wish", {"draft": draft, "wish": wish})


@require_POST
@possessed
def take(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Take an offer; what the page showed of it is kept."""
    where = offering(draft)
    if where is None:
        return redirect("apply-answer", draft.id)
    wish = _wished(request, where)
    try:
        decision = where.decision
        if not wish.faults and wish.typed["amount"] and where.ruled is None:
            decision = take_terms(decision, FOR_APPLICANTS, wish.amount, wish.months)
        offer = offer_in(where, decision)
        shown = shown_offer(offer, draft.product.contract.currency)
        hands = hands_of(draft)
        agreements.accept(
            decision.seen_by(FOR_APPLICANTS), shown, request.POST.get("seen", ""), hands
        )
    except (Unread, Settled, InProgress):
        return redirect("apply-answer", draft.id)
    except (Moved, NotOffered, BadInput):
        return decided_anew(request, where)
    return redirect("apply-agreement", draft.id)


def decided_anew(request: HttpRequest, where: Standing) -> HttpResponse:
    """Say kindly that an offer does not stand any more, having decided again by what is so now."""
    decide_anew(where)
    return show(request, "offer_moved", {"draft": where.draft}, status=409)


def _wished(request: HttpRequest, where: Standing) -> Wish:
    return wished(where, {name: request.POST.get(name, "")[:_MOST] for name in BOXES})


urlpatterns = [
    path("<slug:draft>/answer/terms", terms, name="apply-terms"),
    path("<slug:draft>/answer/terms/part", terms_part, name="apply-terms-part"),
    path("<slug:draft>/answer/take", take, name="apply-take"),
]
