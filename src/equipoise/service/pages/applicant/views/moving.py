"""Going on as an application for another product: what changes is shown first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.moving import move_to, others
from equipoise.service.pages.applicant.products import cards
from equipoise.service.pages.applicant.showing import show


@require_safe
@possessed
def choose(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """The other products, side by side."""
    if draft.state != DraftState.OPEN:
        return redirect("apply-progress", draft.id)
    return show(request, "move", {"draft": draft, "products": cards(others(draft))})


@require_http_methods(["GET", "HEAD", "POST"])
@possessed
def move(request: HttpRequest, draft: DraftView, product: str) -> HttpResponse:
    """What is kept, and what would still be asked; done once it is confirmed."""
    if draft.state != DraftState.OPEN:
        return redirect("apply-progress", draft.id)
    other = next((each for each in others(draft) if each.name == product), None)
    if other is None:
        raise Http404
    if request.method != "POST":
        return show(request, "move_check", {"draft": draft, "move": move_to(draft, other)})
    services.move(draft.id, other.name, draft.hands)
    return redirect("apply-tasks", draft.id)


urlpatterns = [
    path("<slug:draft>/move", choose, name="apply-move"),
    path("<slug:draft>/move/<slug:product>", move, name="apply-move-to"),
]
