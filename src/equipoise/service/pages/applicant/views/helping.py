"""Somebody helps: the code that an applicant reads out, and the end of it."""

from __future__ import annotations

from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.service.platform.messages.services import TooSoon


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@possessed
def code(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What it means that somebody helps; asked for, a code, which this answer alone holds."""
    if request.method != "POST":
        return show(request, "help", {"draft": draft})
    try:
        made = services.code_for_helper(draft.reference)
    except TooSoon as error:
        wait = ceil(error.wait.total_seconds())
        return show(request, "help", {"draft": draft, "wait": wait}, status=429)
    return show(request, "help", {"draft": draft, "code": f"{made[:3]} {made[3:]}"})


@require_POST
@possessed
def end(_request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Nobody helps any more; whoever helps ends their own."""
    if draft.helper:
        services.end_help(draft.id, draft.hands, draft.hands.by)
        return redirect("help")
    services.end_help(draft.id, draft.hands)
    return redirect("apply-tasks", draft.id)


urlpatterns = [
    path("<slug:draft>/help", code, name="apply-help"),
    path("<slug:draft>/help/end", end, name="apply-help-end"),
]
