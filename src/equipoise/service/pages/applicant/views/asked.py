"""One thing more that a person of the lender's asks: why, by when, and answering it on the spot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput, GateRefused
from equipoise.journey import NotRead
from equipoise.service.contexts.asks import services
from equipoise.service.contexts.asks.services import Given
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.asked import OneMore, asked_besides
from equipoise.service.pages.applicant.boxes import boxes_of, raw_of
from equipoise.service.pages.applicant.bringing import FILE, brought, has_file, taking_a_file
from equipoise.service.pages.applicant.not_taken import Refusal
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import Standing, standing
from equipoise.service.pages.frame.language import remember
from equipoise.texts.saying import our_languages, say, speaking


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands in the boxes, and what is wrong: with an answer that cannot be read, or with a
    file."""

    raw: Mapping[str, str] = field(default_factory=dict)
    fault: NotRead | None = None
    file: str = ""
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@taking_a_file
def answer(request: HttpRequest, draft: DraftView, ask: str) -> HttpResponse:
    """The page of it, and the answer."""
    if draft.state != DraftState.SENT:
        return redirect("apply-progress", draft.id)
    where = standing(draft)
    one = _of(where, ask)
    if request.method != "POST":
        return _shown(request, where, one, _Form())
    raw = raw_of(request, one.page)
    language = request.POST.get("go", "").removeprefix("language-")
    if language in our_languages():
        drafts.speak(draft.id, language)
        with speaking(language):
            anew = _of(where, ask)
            return remember(_shown(request, where, anew, _Form(raw)), language)
    if not one.can_answer:
        return redirect("apply-progress", draft.id)
    form = _answered(request, where, one, raw)
    if form is None:
        return redirect("apply-progress", draft.id)
    return _shown(request, where, one, form)


def _of(where: Standing, ask: str) -> OneMore:
    asked = next((each for each in asked_besides(where) if each.id == ask), None)
    if asked is None:
        raise Http404
    return asked


def _answered(
    request: HttpRequest, where: Standing, one: OneMore, raw: Mapping[str, str]
) -> _Form | None:
    """Answer; the form once more, with what is wrong, where it is not taken."""
    draft, papers = where.draft, []
    if one.page.kind == "file" and has_file(request):
        paper = brought(request, draft, one.id)
        if isinstance(paper, Refusal):
            said = f"{say(paper.message)} {say(paper.mend)}"
            return _Form(raw, file=said, status=paper.status)
        papers = [paper]
    given = Given(draft.hands.by, draft.channel, draft.language, raw, papers)
    try:
        services.answer(one.id, draft.application, given)
    except NotRead as fault:
        return _Form(raw, fault, status=422)
    except BadInput:
        return _Form(raw, file=say("Choose a file first."), status=422)
    except GateRefused:  # it is over meanwhile: the page of where it stands says so
        return None
    return None


def _shown(request: HttpRequest, where: Standing, one: OneMore, form: _Form) -> HttpResponse:
    boxes = boxes_of(one.page, form.raw, form.fault)
    shown = {
        "draft": where.draft,
        "one": one,
        "page": one.page,
        "boxes": boxes,
        "fault": form.fault,
        "file_fault": form.file,
        "at": next((each.name for each in boxes if each.wrong), FILE),
        "sentence": form.file or (form.fault.message if form.fault else ""),
        "tongue": one.question.tongue,
    }
    return show(request, "asked", shown, form.status)


urlpatterns = [path("<slug:draft>/asked/<slug:ask>", answer, name="apply-asked")]
