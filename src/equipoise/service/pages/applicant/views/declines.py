"""A no that helps: the page of it, taking other terms, and asking that a person looks again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS, NotOffered
from equipoise.service.contexts.reviews import services as reviews
from equipoise.service.pages.applicant import declining
from equipoise.service.pages.applicant.declining import advice, declined
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.language import in_another_language
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.frame.language import speaks_anew
from equipoise.texts.saying import say


@require_safe
@possessed
def decline(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Why it was no, and what helps now."""
    where = declined(draft)
    return _shown(request, where) if where else redirect("apply-progress", draft.id)


@require_POST
@possessed
def take(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Take other terms; pressed twice they are taken once."""
    where = declined(draft)
    if where is None:
        return redirect("apply-progress", draft.id)
    try:
        declining.take(draft, request.POST.get("way", ""))
    except NotOffered:
        fault = say("These terms are not offered any more. What is offered now stands below.")
        return _shown(request, where, fault=fault, at="ways")
    return redirect("apply-answer", draft.id)


@require_POST
@possessed
def review(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Ask that a person looks again; what was written is there again in another language."""
    where, words = declined(draft), request.POST.get("words", "")
    if where is None:
        return redirect("apply-progress", draft.id)
    if language := speaks_anew(request):
        return in_another_language(draft.id, language, lambda: _shown(request, where, words))
    if len(words) > reviews.MOST_WORDS:
        fault = say("Write {n} characters at most: these are {m}.", n=2000, m=len(words))
        return _shown(request, where, words, fault, "words")
    reviews.ask(where.decision, words, FOR_APPLICANTS, draft.channel)
    return redirect("apply-decline", draft.id)


def _shown(
    request: HttpRequest, where: Standing, words: str = "", fault: str = "", at: str = ""
) -> HttpResponse:
    shown = {"draft": where.draft, "standing": where, "advice": advice(where)}
    form = {"words": words, "fault": fault, "at": at, "most": reviews.MOST_WORDS}
    return show(request, "decline", {**shown, **form}, status=422 if fault else 200)


urlpatterns = [
    path("<slug:draft>/decline", decline, name="apply-decline"),
    path("<slug:draft>/decline/take", take, name="apply-again"),
    path("<slug:draft>/decline/review", review, name="apply-review"),
]
