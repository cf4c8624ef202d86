"""Documents that a person brings: what was brought, bringing one, taking one back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.papers import services
from equipoise.service.contexts.papers.reading import of_draft, own
from equipoise.service.pages.applicant.bringing import brought, refused, taking_a_file
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.not_taken import Refusal
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.wanted import wanted
from equipoise.service.platform.papers.handing_out import as_file


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@taking_a_file
def papers(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """What was brought, and a way to bring more."""
    needs = wanted(draft)
    if request.method != "POST":
        shown = {"draft": draft, "papers": of_draft(draft.id), "needs": needs}
        return show(request, "papers", {**shown, "most": services.MOST_PAPERS})
    about = request.POST.get("about", "")
    paper = brought(request, draft, about if about in dict(needs) else "")
    if isinstance(paper, Refusal):
        return refused(request, draft, paper)
    return redirect("apply-papers", draft.id)


@require_POST
@possessed
def take_back(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Remove one; pressed twice it is gone once."""
    paper = request.POST.get("paper", "")[:60].replace("\x00", "")
    services.take_back(draft.id, paper, draft.hands)
    return redirect("apply-papers", draft.id)


@require_safe
@never_cache
@possessed
def look(_request: HttpRequest, draft: DraftView, paper: str) -> HttpResponse:
    """One as we keep it."""
    file = own(draft.id, paper)
    if file is None:
        raise Http404
    return as_file(paper, *file)


urlpatterns = [
    path("<slug:draft>/papers", papers, name="apply-papers"),
    path("<slug:draft>/papers/remove", take_back, name="apply-papers-remove"),
    path("<slug:draft>/papers/<slug:paper>", look, name="apply-paper"),
]
