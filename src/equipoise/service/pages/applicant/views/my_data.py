"""All that is held about an application, for the person it is about: to see, to take away, to take
back what they agreed to, and to have it erased."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from equipoise.contract import time_zone
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.holdings import exported, held_about, kept_by_law
from equipoise.service.pages.applicant.letters import dated
from equipoise.service.pages.applicant.showing import show
from equipoise.texts.dates import written_moment
from equipoise.texts.purposes import PURPOSES


@require_safe
@never_cache
@possessed
def data(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """All of it, in words."""
    held = held_about(draft)
    kept = held.done
    consents = draft.typed.consents
    shown = {
        "draft": draft,
        "kept": kept,
        "holdings": held.facts,
        "papers": held.papers,
        "letters": dated(draft),
        "said": held.said,
        "asked": held.asked,
        "agreed": [(each, consents[each.name]) for each in PURPOSES if each.name in consents],
        "opened": [_moment(draft, at) for at in kept.opened],
        "decided": [_moment(draft, each.at) for each in kept.decisions],
        "searched": [_moment(draft, at) for at in kept.searches],
        "open": draft.state == DraftState.OPEN,
    }
    return show(request, "my_data", shown)


@require_safe
@never_cache
@possessed
def take_away(_request: HttpRequest, draft: DraftView) -> HttpResponse:
    """The same as a file for programs."""
    return exported(draft)


@require_POST
@possessed
def withdraw(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Take back what there is an answer without."""
    optional = {each.name for each in PURPOSES if not each.needed}
    named = request.POST.get("purpose", "")
    if named in optional:
        services.withdraw(draft.id, named, draft.hands)
    return redirect("apply-data", draft.id)


@require_http_methods(["GET", "HEAD", "POST"])
@possessed
def erase(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Ask to be erased, after it was said what that means; what was not sent is deleted at once."""
    if draft.state == DraftState.OPEN:
        return redirect("apply-delete", draft.id)
    if request.method != "POST":
        return show(request, "my_erasure", {"draft": draft, "kept": kept_by_law(draft)})
    services.ask_erasure(draft.id, draft.hands)
    return redirect("apply-data", draft.id)


def _moment(draft: DraftView, at: datetime) -> str:
    """By the lender's clock."""
    return written_moment(at.astimezone(time_zone(draft.product.contract.time_zone)))


urlpatterns = [
    path("<slug:draft>/data", data, name="apply-data"),
    path("<slug:draft>/data.json", take_away, name="apply-data-file"),
    path("<slug:draft>/data/withdraw", withdraw, name="apply-data-withdraw"),
    path("<slug:draft>/data/erase", erase, name="apply-data-erase"),
]
