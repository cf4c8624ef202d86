"""The answer: what is offered. A no has a page of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import standing
from equipoise.service.pages.applicant.views.offers import offers_page


@require_safe
@possessed
def answer(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What was decided, in words."""
    if draft.state != DraftState.SENT:
        return redirect("apply-progress", draft.id)
    where = standing(draft)
    if where.declined:
        return redirect("apply-decline", draft.id)
    if where.signed:
        return redirect("apply-agreement", draft.id)
    if where.offering:
        return offers_page(request, where)
    return show(request, "answer", {"draft": draft, "standing": where})


urlpatterns = [path("<slug:draft>/answer", answer, name="apply-answer")]
