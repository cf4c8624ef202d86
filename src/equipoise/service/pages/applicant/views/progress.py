"""Where the application stands, once it is sent: whose turn it is, what is needed, and what
happened so far.

The browser asks every ten seconds, where it can, for what changes. It says which state it shows:
for the same it gets nothing, for another the new one, and is told to fetch the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.record.events import Recorded
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.arriving import arriving
from equipoise.service.pages.applicant.asked import asked_besides
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.history import events_of, lines_of
from equipoise.service.pages.applicant.letters import dated
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.stages import share, stages
from equipoise.service.pages.applicant.standing import standing
from equipoise.service.pages.applicant.unclear import unclear

NOTHING_NEW = 204  # htmx then leaves the page as it is


@require_safe
@possessed
def progress(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """The whole page; what changes of it is asked for again by the browser, where it can."""
    if draft.state == DraftState.OPEN:
        return redirect("apply-tasks", draft.id)
    if draft.state == DraftState.SENDING:
        return show(request, "sending", {"draft": draft})
    events = events_of(draft)
    return show(request, "progress", {**_standing(draft, events), **_so_far(draft, events)})


@require_safe
@possessed
def part(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What changes of it, alone; nothing where that is what the browser has `seen`."""
    if draft.state != DraftState.SENT:
        return HttpResponse(status=NOTHING_NEW)
    shown = _standing(draft, events_of(draft))
    if request.GET.get("seen") == shown["seen"]:
        return HttpResponse(status=NOTHING_NEW)
    response = show(request, "_progress", shown)
    response["HX-Trigger"] = "moved"
    return response


@require_safe
@possessed
def history(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What we wrote and what happened so far, alone."""
    if draft.state != DraftState.SENT:
        return HttpResponse(status=NOTHING_NEW)
    return show(request, "_so_far", {"draft": draft, **_so_far(draft, events_of(draft))})


def _so_far(draft: DraftView, events: Sequence[Recorded[Any]]) -> dict[str, Any]:
    return {"letters": dated(draft), "lines": lines_of(draft, events)}


def _standing(draft: DraftView, events: Sequence[Recorded[Any]]) -> dict[str, Any]:
    """What the page says of where it stands; `seen` is another where there is something new."""
    last = events[-1].sequence if events else 0
    where = standing(draft)
    arrives = arriving(where, events)
    seen = f"{draft.id} {last} {draft.language} {arrives} {where.promise}"
    return {
        "draft": draft,
        "standing": where,
        "arrives": arrives,
        "stages": stages(where, events),
        "unclear": unclear(where),
        "besides": asked_besides(where),
        "share": round(100 * share(events)),
        "seen": sha256(seen.encode()).hexdigest()[:12],
    }


urlpatterns = [
    path("<slug:draft>/progress", progress, name="apply-progress"),
    path("<slug:draft>/progress/part", part, name="apply-progress-part"),
    path("<slug:draft>/progress/history", history, name="apply-progress-history"),
]
