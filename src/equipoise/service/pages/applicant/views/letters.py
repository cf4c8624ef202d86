"""The answer as a letter, and a copy of what was signed: to keep and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices import services
from equipoise.service.contexts.notices.reading import agreement_copy, can_copy
from equipoise.service.contexts.notices.reading import letter as letter_of
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.standing import standing


@require_safe
@never_cache
@possessed
def letter(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """The letter about the last decision, if it is made; that it was taken is noted once."""
    notice = standing(draft).notice if draft.state == DraftState.SENT else None
    if notice is None or not notice.made:
        return redirect("apply-progress", draft.id)
    pdf = letter_of(notice.id, FOR_APPLICANTS)
    if request.method == "GET":
        services.opened(notice.id, draft.channel)
    return _attached(pdf, f"{draft.reference}.pdf")


@require_safe
@never_cache
@possessed
def copy(_request: HttpRequest, draft: DraftView) -> HttpResponse:
    """A copy of the agreement that was signed, if one can be made here."""
    where = standing(draft) if draft.state == DraftState.SENT else None
    if where is None or where.agreement is None or not where.signed or not can_copy():
        return redirect("apply-progress", draft.id)
    pdf = agreement_copy(where.agreement, where.found.row.digest, draft.reference)
    return _attached(pdf, f"{draft.reference}-agreement.pdf")


def _attached(pdf: bytes, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )


urlpatterns = [
    path("<slug:draft>/letter", letter, name="apply-letter"),
    path("<slug:draft>/agreement/copy", copy, name="apply-agreement-copy"),
]
