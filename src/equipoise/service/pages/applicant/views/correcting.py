"""Having a fact corrected that is held about a person, once it was sent: somebody answers that as
they answer a complaint, by a clock of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.service.contexts.complaints import services
from equipoise.service.contexts.complaints.reading import Matter
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant import complaining
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.language import in_another_language
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.views.complaining import refused
from equipoise.service.pages.frame.language import speaks_anew
from equipoise.texts.saying import say


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@possessed
def correct(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Which fact is wrong, and what is right. What was not sent is changed by the person."""
    if draft.state != DraftState.SENT:
        return redirect("apply-data", draft.id)
    if request.method != "POST":
        return _shown(request, draft)
    field, words = request.POST.get("field", "")[:80], request.POST.get("words", "")
    if language := speaks_anew(request):
        return in_another_language(draft.id, language, lambda: _shown(request, draft, field, words))
    if fault := _asked(draft, field, words):
        return _shown(request, draft, field, words, fault)
    return redirect(f"{reverse('apply-complain', args=(draft.id,))}#last")


def _asked(draft: DraftView, field: str, words: str) -> str:
    """Ask for it, naming the fact as it is held; why it could not be taken, empty where it was."""
    if not words.strip():
        return say("Write what is right.")
    held = complaining.facts_held(draft)
    fact = next((each for each in held if each.field == field), None)
    said = complaining.naming(fact, words)
    return refused(said, lambda: complaining.correct(draft, fact, words))


def _shown(
    request: HttpRequest, draft: DraftView, field: str = "", words: str = "", fault: str = ""
) -> HttpResponse:
    shown = {
        "draft": draft,
        "holdings": complaining.facts_held(draft),
        "due": complaining.due(draft, Matter.CORRECTION),
        "field": field,
        "words": words,
        "fault": fault,
        "most": services.MOST_WORDS,
    }
    return show(request, "correct", shown, status=422 if fault else 200)


urlpatterns = [path("<slug:draft>/data/correct", correct, name="apply-data-correct")]
