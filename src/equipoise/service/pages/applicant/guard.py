"""The guard of an applicant's pages: whoever's browser holds the draft's secret."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from equipoise.service.contexts.drafts.reading import DraftView, view
from equipoise.service.contexts.drafts.services import Closed
from equipoise.service.pages.applicant.absent import absent
from equipoise.service.pages.applicant.pacing import take_of_draft, too_often
from equipoise.service.platform.allowances.leases import UsedUp
from equipoise.texts.saying import speaking

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, DraftView, P], HttpResponse]
_COOKIE = "draft"
_LONGEST = 90 * 86_400  # seconds that a browser keeps it


def possessed(page: Page[P]) -> Callable[..., HttpResponse]:
    """Show the page, in the draft's language, to a browser that can open the draft; to any other
    it is not here, whether there is such a draft or not."""

    @wraps(page)
    def guarded(
        request: HttpRequest, draft: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        opened = view(draft, request.COOKIES.get(_name(), ""))
        if opened is None:
            return absent(request, draft)
        with speaking(opened.language):
            try:
                take_of_draft(opened.id)
                return page(request, opened, *args, **kwargs)
            except UsedUp as error:
                return too_often(request, error.wait)
            except Closed:  # sent meanwhile, in another window
                return redirect("apply-progress", draft)

    return guarded


def opens(request: HttpRequest, draft: str) -> bool:
    """Whether this browser can open the draft."""
    return view(draft, request.COOKIES.get(_name(), "")) is not None


def hand_over(response: HttpResponse, draft: str, secret: str) -> HttpResponse:
    """Give the browser the draft's secret, for the draft's addresses alone."""
    response.set_cookie(
        _name(),
        secret,
        max_age=_LONGEST,
        path=f"/apply/{draft}",
        secure=settings.CONFIGURATION.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _name() -> str:
    return f"{'__Secure-' if settings.CONFIGURATION.https else ''}{_COOKIE}"
