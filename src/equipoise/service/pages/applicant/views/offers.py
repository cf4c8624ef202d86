"""Offers to choose from: comparing them, asking for other terms, and taking one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from equipoise.errors import BadInput
from equipoise.journey import NotRead, read_answer
from equipoise.service.contexts.agreements import services as agreements
from equipoise.service.contexts.agreements.reading import shown_offer
from equipoise.service.contexts.agreements.services import Moved, Settled, Unread
from equipoise.service.contexts.decisions.reading import (
    Choice,
    NotOffered,
    choice_of,
    offer_of,
    said_to,
)
from equipoise.service.contexts.decisions.services import InProgress, take_terms
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.pages.applicant.agreeing import decide_anew, hands_of, offering
from equipoise.service.pages.applicant.choosing import (
    Terms,
    options,
    ordered,
    reason,
    sliders,
    terms_of,
)
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.look import order
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import Standing
from equipoise.texts.saying import say

_MOST = 40  # characters of a box


@dataclass(frozen=True, slots=True)
class Wish:
    """Other terms as they were typed; `terms` is what the strategy offers for them, `refused` that
    it offers nothing, `faults` what cannot be read, by box."""

    typed: dict[str, str] = field(default_factory=dict)
    amount: float = 0.0
    months: float = 0.0
    terms: Terms | None = None
    refused: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)


def offers_page(
    request: HttpRequest, where: Standing, wish: Wish | None = None, status: int = 200
) -> HttpResponse:
    """All that can be chosen, and a form to ask for something else."""
    choice, wish = choice_of(where.found, FOR_APPLICANTS), wish or Wish()
    shown = {
        "draft": where.draft,
        "standing": where,
        "options": ordered(options(where, choice), order(request)),
        "reason": reason(choice),
        "sliders": sliders(choice, wish.typed),
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
    wish = _tried(where, _wished(request, where))
    if request.POST.get("go") == "see" and wish.terms is not None:
        try:
            take_terms(where.found, FOR_APPLICANTS, wish.amount, wish.months)
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
    wish = _tried(where, _wished(request, where))
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
        found = where.found
        if not wish.faults and wish.typed["amount"]:
            found = take_terms(found, FOR_APPLICANTS, wish.amount, wish.months)
        offer = found.seen_by(FOR_APPLICANTS).answer()["offers"][0]
        shown = shown_offer(offer, draft.product.contract.currency)
        hands = hands_of(draft)
        agreements.accept(found.seen_by(FOR_APPLICANTS), shown, request.POST.get("seen", ""), hands)
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
    """What stands in both boxes, read as any other answer is."""
    typed = {name: request.POST.get(name, "")[:_MOST] for name in ("amount", "months")}
    choice = choice_of(where.found, FOR_APPLICANTS)
    if choice.asked is None:
        return Wish(typed, faults={"amount": say("These terms cannot be changed.")})
    values: dict[str, float] = {}
    faults: dict[str, str] = {}
    fields = {each.name: each for each in where.draft.product.contract.fields}
    for name, each in (("amount", choice.asked.amount), ("months", choice.asked.months)):
        try:
            answer = read_answer(fields[each.field], {"": typed[name]}, where.draft.language)
            values[name] = float(answer)  # type: ignore[arg-type]  # a number, by the field's type
        except NotRead as fault:
            faults[name] = fault.message
    if faults:
        return Wish(typed, faults=faults)
    return Wish(typed, values["amount"], values["months"])


def _tried(where: Standing, wish: Wish) -> Wish:
    """With what the strategy says to it."""
    if wish.faults:
        return wish
    numbers = (wish.typed, wish.amount, wish.months)
    try:
        offer = offer_of(said_to(where.found, FOR_APPLICANTS, wish.amount, wish.months))
    except BadInput as fault:
        choice = choice_of(where.found, FOR_APPLICANTS)
        return Wish(wish.typed, faults=_outside(choice, fault))
    except NotOffered:
        return Wish(*numbers, refused=True)
    return Wish(*numbers, terms_of(where, offer))


def _outside(choice: Choice, fault: BadInput) -> dict[str, str]:
    months = choice.asked is not None and fault.field == choice.asked.months.field
    return {"months" if months else "amount": say("Give a number that lies in the range.")}


urlpatterns = [
    path("<slug:draft>/answer/terms", terms, name="apply-terms"),
    path("<slug:draft>/answer/terms/part", terms_part, name="apply-terms-part"),
    path("<slug:draft>/answer/take", take, name="apply-take"),
]
