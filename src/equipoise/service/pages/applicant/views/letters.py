"""The answer as a letter, and a copy of what was signed: to keep and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.pages.applicant import letters
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.platform.papers.handing_out import PDF, as_file


@require_safe
@never_cache
@possessed
def letter(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """A letter, the one about the last decision unless another is named, if it is made; that it
    was taken is noted once."""
    named = request.GET.get("of", "")[:60].replace("\x00", "")
    pdf = letters.letter(draft, named, taken=request.method == "GET")
    return _handed(draft, pdf, draft.reference)


@require_safe
@never_cache
@possessed
def copy(_request: HttpRequest, draft: DraftView) -> HttpResponse:
    """A copy of the agreement that was signed, if one can be made here."""
    return _handed(draft, letters.signed_copy(draft), f"{draft.reference}-agreement")


def _handed(draft: DraftView, pdf: bytes | None, name: str) -> HttpResponse:
    if pdf is None:
        return redirect("apply-progress", draft.id)
    return as_file(name, PDF, pdf)


urlpatterns = [
    path("<slug:draft>/letter", letter, name="apply-letter"),
    path("<slug:draft>/agreement/copy", copy, name="apply-agreement-copy"),
]
