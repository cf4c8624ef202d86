"""Something that is unclear: what it is, and answering in words or with a document, on the spot."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.concerns import services
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.bringing import FILE, brought, has_file, taking_a_file
from equipoise.service.pages.applicant.not_taken import Refusal
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import Standing, standing
from equipoise.service.pages.applicant.unclear import concern_of, said_to
from equipoise.service.pages.frame.language import remember
from equipoise.texts.saying import our_languages, say, speaking


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands in the form, and what is wrong with which box."""

    words: str = ""
    fault: str = ""
    at: str = ""
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@taking_a_file
def settle(request: HttpRequest, draft: DraftView, concern: str) -> HttpResponse:
    """The page of it, and the answer."""
    if draft.state != DraftState.SENT:
        return redirect("apply-progress", draft.id)
    where = standing(draft)
    if concern not in {each.id for each in where.concerns}:
        raise Http404
    if request.method != "POST" or where.ruled is not None:
        return _shown(request, where, concern, _Form())
    words = request.POST.get("words", "")
    language = request.POST.get("go", "").removeprefix("language-")
    if language in our_languages():
        drafts.speak(draft.id, language)
        with speaking(language):
            return remember(_shown(request, where, concern, _Form(words)), language)
    form = _answered(request, where, concern, words)
    return (
        redirect("apply-progress", draft.id)
        if form is None
        else _shown(request, where, concern, form)
    )


def _answered(request: HttpRequest, where: Standing, concern: str, words: str) -> _Form | None:
    """Answer; the form once more, with what is wrong, where it is not taken."""
    if len(words) > services.MOST_WORDS:
        fault = say("Write {n} characters at most: these are {m}.", n=2000, m=len(words))
        return _Form(words, fault, "words", 422)
    papers = []
    if has_file(request):
        paper = brought(request, where.draft, concern)
        if isinstance(paper, Refusal):
            fault = f"{say(paper.message)} {say(paper.mend)}"
            return _Form(words, fault, FILE, paper.status)
        papers = [paper]
    try:
        services.answer(concern, where.draft.application, words, papers, where.draft.hands)
    except BadInput:
        return _Form(words, say("Write something, or choose a file."), "words", 422)
    except GateRefused:  # it was closed meanwhile
        return None
    return None


def _shown(request: HttpRequest, where: Standing, concern: str, form: _Form) -> HttpResponse:
    of_it = concern_of(where, concern)
    shown = {"draft": where.draft, "concern": of_it, "said": said_to(where, concern)}
    return show(
        request, "unclear", {**shown, "form": form, "most": services.MOST_WORDS}, form.status
    )


urlpatterns = [path("<slug:draft>/unclear/<slug:concern>", settle, name="apply-unclear")]
