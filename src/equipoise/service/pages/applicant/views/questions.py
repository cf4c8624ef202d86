"""One question to a page. Whatever button leads off it, what stands in the boxes is kept."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from equipoise.journey import NotRead, Page, read_answer
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftState, DraftView, anew
from equipoise.service.pages.applicant.boxes import boxes_of, raw_of
from equipoise.service.pages.applicant.bringing import taking_a_file
from equipoise.service.pages.applicant.documents import ask_document
from equipoise.service.pages.applicant.leaving import left_for
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.steps import after, question, share


@require_http_methods(["GET", "HEAD", "POST"])
@taking_a_file
def ask(request: HttpRequest, draft: DraftView, slug: str) -> HttpResponse:
    """Ask it; keep what was typed; go on once that can be read."""
    page = question(draft, slug)
    if page is None:
        return _not_asked(draft)
    if page.kind == "file":
        return ask_document(request, draft, page)
    if request.method != "POST":
        return _shown(request, draft, page, dict(draft.typed.raw.get(page.field.name, {})))
    raw = raw_of(request, page)
    services.save(draft.id, page.field.name, raw)
    leaving = left_for(request, draft)
    if leaving is not None:
        return leaving
    try:
        read_answer(page.field, raw, draft.language)
    except NotRead as fault:
        return _shown(request, draft, page, raw, fault)
    answered = anew(draft)
    services.answered(draft.id, page.field.name, share(answered), draft.hands)
    return redirect(after(answered, request.path))


def _not_asked(draft: DraftView) -> HttpResponse:
    if draft.state == DraftState.OPEN:
        raise Http404
    return redirect("apply-progress", draft.id)


def _shown(
    request: HttpRequest,
    draft: DraftView,
    page: Page,
    raw: dict[str, str],
    fault: NotRead | None = None,
) -> HttpResponse:
    shown = {"draft": draft, "page": page, "boxes": boxes_of(page, raw, fault), "fault": fault}
    return show(request, "question", shown, status=422 if fault else 200)


urlpatterns = [path("<slug:draft>/q/<slug:slug>", ask, name="apply-question")]
