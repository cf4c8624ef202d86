"""Saying that something is wrong, and reading what a person answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.complaints import services
from equipoise.service.contexts.complaints.reading import Matter, of_draft
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.complaining import complain as taken_in
from equipoise.service.pages.applicant.complaining import due, elsewhere
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.language import in_another_language
from equipoise.service.pages.applicant.places import step_named
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import speaks_anew
from equipoise.texts.saying import say


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@possessed
def complain(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Those so far, and a box for another; what was written is there again in another language."""
    if draft.state == DraftState.ENDED:
        return redirect("apply-tasks", draft.id)
    step, words = step_named(request.GET.get("step", "")), ""
    if request.method != "POST":
        return _shown(request, draft, step)
    step, words = step_named(request.POST.get("step", "")), request.POST.get("words", "")
    if language := speaks_anew(request):
        return in_another_language(draft.id, language, lambda: _shown(request, draft, step, words))
    if fault := refused(words, lambda: taken_in(draft, words, step)):
        return _shown(request, draft, step, words, fault)
    return redirect(f"{request.path}#last")


def refused(words: str, take_in: Callable[[], object]) -> str:
    """Have words taken in; why they could not be, empty where they were."""
    try:
        take_in()
    except BadInput:
        return _too_long(words)
    except GateRefused:
        return say("Several complaints of yours wait for our answer. Please wait for one of them.")
    return ""


def _too_long(words: str) -> str:
    """Why words could not be taken."""
    if not words.strip():
        return say("Write what is wrong.")
    return say("Write {n} characters at most: these are {m}.", n=services.MOST_WORDS, m=len(words))


def _shown(
    request: HttpRequest, draft: DraftView, step: str, words: str = "", fault: str = ""
) -> HttpResponse:
    shown = {
        "draft": draft,
        "complaints": of_draft(draft.id),
        "due": due(draft, Matter.COMPLAINT),
        "elsewhere": elsewhere(),
        "step": step,
        "words": words,
        "fault": fault,
        "most": services.MOST_WORDS,
    }
    return show(request, "complain", shown, status=422 if fault else 200)


urlpatterns = [path("<slug:draft>/complain", complain, name="apply-complain")]
