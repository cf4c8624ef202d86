"""What a person agrees to, purpose by purpose."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftView, anew
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.leaving import left_for
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.steps import after, share
from equipoise.texts.purposes import PURPOSES

_ASKED = tuple(each for each in PURPOSES if not each.with_contact)


@require_http_methods(["GET", "HEAD", "POST"])
@possessed
def agree(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Nothing is ticked beforehand, and each can be taken back."""
    if request.method != "POST":
        return _shown(request, draft, set(draft.typed.consents))
    ticked = {each.name for each in _ASKED if request.POST.get(each.name)}
    services.consent(draft.id, ticked, draft.hands, _ASKED)
    leaving = left_for(request, draft)
    if leaving is not None:
        return leaving
    missing = [each for each in _ASKED if each.needed and each.name not in ticked]
    if missing:
        return _shown(request, draft, ticked, missing[0].name)
    answered = anew(draft)
    services.answered(draft.id, "consents", share(answered), draft.hands)
    return redirect(after(answered, request.path))


def _shown(
    request: HttpRequest, draft: DraftView, ticked: set[str], missing: str = ""
) -> HttpResponse:
    shown = {"draft": draft, "purposes": _ASKED, "ticked": ticked, "missing": missing}
    return show(request, "consents", shown, status=422 if missing else 200)


urlpatterns = [path("<slug:draft>/consents", agree, name="apply-consents")]
