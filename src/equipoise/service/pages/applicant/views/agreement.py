"""The agreement: reading all of it again, signing it, and withdrawing from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.agreements import services
from equipoise.service.contexts.agreements.reading import (
    AgreementState,
    what_was_shown,
)
from equipoise.service.contexts.agreements.services import Moved, Settled, TooLate, Unread
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.notices.reading import can_copy
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.pages.applicant.agreeing import hands_of, taken, to_sign
from equipoise.service.pages.applicant.choosing import Terms
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.applicant.views.offers import decided_anew
from equipoise.service.platform import clock
from equipoise.texts.dates import written_day
from equipoise.texts.saying import say


@require_safe
@possessed
def agreement(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What was taken, to be read and signed; once it is signed, what was."""
    where = taken(draft)
    if where is None:
        return redirect("apply-answer", draft.id)
    return _signed(request, where) if where.signed else _to_sign(request, where)


@require_POST
@possessed
def sign(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Sign it, with a typed name and a tick; pressed twice it is signed once."""
    where = taken(draft)
    if where is None or where.signed:
        return redirect("apply-agreement", draft.id)
    name = request.POST.get("name", "").replace("\x00", "").strip()[: services.MOST_NAME]
    faults = _faults(name, bool(request.POST.get("agreed")))
    if faults:
        return _to_sign(request, where, name, faults)
    shown, seen = to_sign(where), request.POST.get("seen", "")
    try:
        services.sign(where.decision, shown, seen, name, hands_of(draft))
    except Unread:
        changed = {"name": say("This page has changed since you read it. Please read it again.")}
        return _to_sign(request, where, name, changed)
    except (Moved, Settled):
        return decided_anew(request, where)
    return redirect("apply-agreement", draft.id)


@require_POST
@possessed
def withdraw(_request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Withdraw from it; pressed twice it is done once, and after the last day not at all."""
    where = taken(draft)
    if where is not None:
        try:
            services.withdraw(where.decision, hands_of(draft))
        except (Settled, TooLate):
            return redirect("apply-agreement", draft.id)
    return redirect("apply-agreement", draft.id)


def _faults(name: str, agreed: bool) -> dict[str, str]:
    faults = {}
    if not name:
        faults["name"] = say("Type your name.")
    if not agreed:
        faults["agreed"] = say("Tick that you have read it and take the loan.")
    return faults


def _to_sign(
    request: HttpRequest, where: Standing, name: str = "", faults: dict[str, str] | None = None
) -> HttpResponse:
    shown = to_sign(where)
    *texts, signature = shown.texts
    context = {
        "draft": where.draft,
        "shown": shown,
        "texts": texts,
        "signature": signature,
        "terms": Terms(shown),
        "name": name,
        "faults": faults or {},
    }
    return show(request, "agreement", context, status=422 if faults else 200)


def _signed(request: HttpRequest, where: Standing) -> HttpResponse:
    """What was signed, in the words in which it was."""
    kept, signed = what_was_shown(where.draft.application), where.agreement
    today = lender_day(where.decision.row.digest, clock.now())
    until = signed.withdraw_until if signed else None
    context = {
        "draft": where.draft,
        "name": kept["name"],
        "texts": kept["shown"]["texts"],
        "language": kept["shown"]["language"],
        "can_copy": can_copy(),
        "withdrawn": signed is not None and signed.state == AgreementState.WITHDRAWN,
        "until": written_day(until) if until else "",
        "open": until is not None and today <= until,
    }
    return show(request, "signed", context)


urlpatterns = [
    path("<slug:draft>/agreement", agreement, name="apply-agreement"),
    path("<slug:draft>/agreement/sign", sign, name="apply-sign"),
    path("<slug:draft>/agreement/withdraw", withdraw, name="apply-withdraw"),
]
