"""Where the application stands, once it is sent: whose turn it is, and what is needed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import standing


@require_safe
@possessed
def progress(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """The whole page; what changes of it is asked for again by the browser, where it can."""
    if draft.state == DraftState.OPEN:
        return redirect("apply-tasks", draft.id)
    if draft.state == DraftState.SENDING:
        return show(request, "sending", {"draft": draft})
    return show(request, "progress", {"draft": draft, "standing": standing(draft)})


@require_safe
@possessed
def part(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What changes of it, alone."""
    if draft.state != DraftState.SENT:
        return HttpResponse(status=204)
    return show(request, "_progress", {"draft": draft, "standing": standing(draft)})


urlpatterns = [
    path("<slug:draft>/progress", progress, name="apply-progress"),
    path("<slug:draft>/progress/part", part, name="apply-progress-part"),
]
