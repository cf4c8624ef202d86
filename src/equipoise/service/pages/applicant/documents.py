"""A question that is answered with a document: bringing it, another in its place, or none."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from equipoise.journey import HELD, PAPER, NotRead, Page, read_answer, written_document
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftView, anew
from equipoise.service.contexts.papers import services as papers
from equipoise.service.pages.applicant.bringing import brought, has_file
from equipoise.service.pages.applicant.leaving import left_for
from equipoise.service.pages.applicant.not_taken import Refusal
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.steps import after, share
from equipoise.texts.saying import marked, say

_TYPES = {
    "picture": ("image/jpeg", "image/png", "image/webp", "image/heic", ".heic"),
    "pdf": ("application/pdf",),
}
_LIMITS: Mapping[tuple[str, ...], str] = {
    ("picture",): marked("JPEG, PNG, WebP or HEIC; up to 12 MB."),
    ("pdf",): marked("PDF; up to 12 MB and 50 pages."),
}
_EITHER = marked("JPEG, PNG, WebP, HEIC or PDF; up to 12 MB and 50 pages.")


def ask_document(request: HttpRequest, draft: DraftView, page: Page) -> HttpResponse:
    """Ask it. A file that was chosen is kept whatever button was pressed, or it is said why not."""
    if request.method != "POST":
        return _shown(request, draft, page)
    name = page.field.name
    if request.POST.get("go") == "remove":
        papers.take_back(draft.id, draft.typed.raw.get(name, {}).get(PAPER, ""), draft.hands)
        return redirect(request.path)
    if has_file(request):
        paper = brought(request, draft, name)
        if isinstance(paper, Refusal):
            fault = f"{say(paper.message)} {say(paper.mend)}"
            return _shown(request, draft, page, fault, paper.status)
    leaving = left_for(request, draft)
    if leaving is not None:
        return leaving
    services.save(draft.id, name, {})  # that none is brought is an answer, where none has to be
    return _gone_on(request, anew(draft), page)


def _gone_on(request: HttpRequest, draft: DraftView, page: Page) -> HttpResponse:
    raw = draft.typed.raw.get(page.field.name, {})
    try:
        read_answer(page.field, raw, draft.language)
    except NotRead as fault:
        if raw.get(HELD):  # there is nothing for the person to do
            return redirect(after(draft, request.path))
        return _shown(request, draft, page, fault.message, 422)
    services.answered(draft.id, page.field.name, share(draft), draft.hands)
    return redirect(after(draft, request.path))


def _shown(
    request: HttpRequest, draft: DraftView, page: Page, fault: str = "", status: int = 200
) -> HttpResponse:
    raw, accepts = draft.typed.raw.get(page.field.name, {}), page.field.accepts
    shown = {
        "draft": draft,
        "page": page,
        "fault": fault,
        "paper": raw.get(PAPER, ""),
        "there": written_document(raw),
        "held": bool(raw.get(HELD)),
        "types": ",".join(each for kind in accepts for each in _TYPES[kind]),
        "limits": say(_LIMITS.get(accepts, _EITHER)),
    }
    return show(request, "document", shown, status)
