"""The answer: what is offered, or why not and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import standing
from equipoise.texts.saying import spoken


@require_safe
@possessed
def answer(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What was decided, in words."""
    if draft.state != DraftState.SENT:
        return redirect("apply-progress", draft.id)
    where = standing(draft)
    ways = [_said(each) for each in where.ways_back] if where.declined else []
    return show(request, "answer", {"draft": draft, "standing": where, "ways": ways})


def _said(way: Mapping[str, Any]) -> dict[str, Any]:
    changes = [each["said"].get(spoken(), each["said"].get("en", "")) for each in way["changes"]]
    return {**way, "said": changes}


urlpatterns = [path("<slug:draft>/answer", answer, name="apply-answer")]
