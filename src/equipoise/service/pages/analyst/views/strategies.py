"""The pages on which an approver sees who is behind a version, and says yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.authority.lifecycle import State
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.registry import reading, services
from equipoise.service.contexts.registry.reading import Unregistered, VersionSummary
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.short_text import check_reason

_SHOWN = 50


@require_safe
@may(Action.READ_STRATEGIES)
def index(request: HttpRequest) -> HttpResponse:
    """The versions, those that wait for a review first."""
    return render(request, "analyst/strategies.html", {"versions": reading.newest(_SHOWN)})


@require_safe
@may(Action.READ_STRATEGIES)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version, and the people behind it."""
    shown = _version(version_id)
    by = caller(request)
    review = reading.review_of(version_id, by)
    judges = by.reach(Action.APPROVE_STRATEGY) is not None
    people = [
        *review.authors,
        *([review.reviewer] if review.reviewer not in review.authors else []),
    ]
    names = accounts.usernames([each.person for each in people])
    context = {
        "version": shown,
        "review": review,
        "people": [(names.get(each.person, each.person), each) for each in people],
        "judges": judges and shown.state is State.IN_REVIEW,
    }
    return render(request, "analyst/strategy.html", context)


@require_POST
@may(Action.APPROVE_STRATEGY)
def judge(request: HttpRequest, version_id: int) -> HttpResponse:
    """Approve it or send it back, with a reason."""
    judged = _version(version_id)
    approves = request.POST.get("answer") == "approve"
    try:
        reason = check_reason(request.POST.get("reason", ""))
        step = services.approve if approves else services.reject
        step(judged.id, caller(request), reason)
    except EquipoiseError as error:
        messages.error(request, str(error))
    else:
        said = "approved" if approves else "sent back to its author"
        messages.success(request, f"{judged.strategy} {judged.number} is {said}.")
    return redirect("strategy", judged.id)


def _version(version_id: int) -> VersionSummary:
    try:
        return reading.summary(version_id)
    except Unregistered:
        raise Http404 from None


urlpatterns = [
    path("", index, name="strategies"),
    path("<int:version_id>/", version, name="strategy"),
    path("<int:version_id>/judge", judge, name="strategy-judge"),
]
