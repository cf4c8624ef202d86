"""Saying how it went: on a page of the application, or by the link of a message, which opens it and
nothing else. To look at it counts for nothing; a tap is a post."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.feedback import services
from equipoise.service.contexts.feedback.reading import AskView, Scale, by_token, open_ask
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.texts.saying import say, speaking


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@possessed
def of_draft(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What the person is asked now, or thanks."""
    return _answered(request, open_ask(draft.id), draft)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def of_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same by a link of ours, in the language in which the message was written."""
    try:
        ask = by_token(token)
    except BadInput:
        return show(request, "feedback", {"over": True}, status=404)
    with speaking(ask.language if ask else ""):
        return _answered(request, ask, None)


def _answered(request: HttpRequest, ask: AskView | None, draft: DraftView | None) -> HttpResponse:
    """Do what was pressed, and show what is asked next."""
    if ask is None or request.method != "POST":
        return _shown(request, ask, draft)
    words = request.POST.get("words", "")
    try:
        _done(request, ask, words)
    except Unreadable:  # erased meanwhile
        return _shown(request, None, draft)
    except BadInput:
        fault = say(
            "Write 1 to {n} characters: these are {m}.", n=services.MOST_WORDS, m=len(words)
        )
        return _shown(request, ask, draft, words, fault)
    return redirect(request.path)


def _done(request: HttpRequest, ask: AskView, words: str) -> None:
    if request.POST.get("go") == "dismiss":
        services.dismiss(ask.id)
    elif request.POST.get("go") == "say":
        services.say(ask.id, words)
    else:
        scale, given = request.POST.get("scale", ""), request.POST.get("score", "")
        if scale in [*Scale] and given in "1234567" and len(given) == 1:
            services.score(ask.id, Scale(scale), int(given))


def _shown(
    request: HttpRequest,
    ask: AskView | None,
    draft: DraftView | None,
    words: str = "",
    fault: str = "",
) -> HttpResponse:
    shown = {
        "draft": draft,
        "ask": ask,
        "over": ask is None,
        "action": request.path,
        "words": words,
        "fault": fault,
        "most": services.MOST_WORDS,
    }
    return show(request, "feedback", shown, status=422 if fault else 200)


urlpatterns = [
    path("feedback/<str:token>", of_link, name="feedback"),
    path("<slug:draft>/feedback", of_draft, name="apply-feedback"),
]
