"""Saying that something is wrong, and reading what a person answers."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.complaints import services
from equipoise.service.contexts.complaints.reading import Matter, answered_by, of_draft
from equipoise.service.contexts.complaints.services import Complainant
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.language import in_another_language, speaks_anew
from equipoise.service.pages.applicant.places import step_named
from equipoise.service.pages.applicant.showing import show
from equipoise.service.platform import clock
from equipoise.service.platform.law import bodies_on
from equipoise.texts.languages import text_in
from equipoise.texts.saying import say, spoken


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
    if fault := refused(draft, words, step, Matter.COMPLAINT):
        return _shown(request, draft, step, words, fault)
    return redirect(f"{request.path}#last")


def refused(draft: DraftView, words: str, step: str, matter: Matter) -> str:
    """Have it taken in; why it could not be, empty where it was."""
    try:
        services.complain(_complainant(draft), words, step, matter)
    except BadInput:
        return _too_long(words)
    except GateRefused:
        return say("Several complaints of yours wait for our answer. Please wait for one of them.")
    return ""


def _complainant(draft: DraftView) -> Complainant:
    product = draft.product
    return Complainant(
        draft.id, draft.reference, product.name, product.digest, draft.language, draft.channel
    )


def _too_long(words: str) -> str:
    """Why words could not be taken."""
    if not words.strip():
        return say("Write what is wrong.")
    return say("Write {n} characters at most: these are {m}.", n=services.MOST_WORDS, m=len(words))


def elsewhere() -> list[tuple[str, str]]:
    """Whom else a person can turn to, and how, in the language spoken now."""
    bodies = bodies_on(clock.now().date())
    return [(_in_words(each.name), _in_words(each.reach)) for each in bodies]


def _in_words(texts: Mapping[str, str]) -> str:
    """In the language spoken now, else in the first that there is."""
    return text_in(texts, spoken()) or next(iter(texts.values()))


def _shown(
    request: HttpRequest, draft: DraftView, step: str, words: str = "", fault: str = ""
) -> HttpResponse:
    today = lender_day(draft.product.digest, clock.now())
    shown = {
        "draft": draft,
        "complaints": of_draft(draft.id),
        "due": answered_by(Matter.COMPLAINT, today).day,
        "elsewhere": elsewhere(),
        "step": step,
        "words": words,
        "fault": fault,
        "most": services.MOST_WORDS,
    }
    return show(request, "complain", shown, status=422 if fault else 200)


urlpatterns = [path("<slug:draft>/complain", complain, name="apply-complain")]
