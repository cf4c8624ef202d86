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
from equipoise.service.pages.applicant.showing import show
from equipoise.service.platform.accounts.access import lacks_second_factor, signed_in
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.accounts.services import principal_of
from equipoise.service.platform.allowances.leases import UsedUp
from equipoise.texts.saying import speaking

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, DraftView, P], HttpResponse]
_COOKIE = "draft"
# What an applicant does alone, whoever helps.
_THEIR_OWN = frozenset(
    {
        "apply-help",
        "apply-data",
        "apply-data-file",
        "apply-data-withdraw",
        "apply-data-erase",
        "apply-data-correct",
        "apply-delete",
        "apply-ask",
        "apply-complain",
        "apply-feedback",
        "apply-sign",
        "apply-withdraw",
    }
)
_LONGEST = 90 * 86_400  # seconds that a browser keeps it


def possessed(page: Page[P]) -> Callable[..., HttpResponse]:
    """Show the page, in the draft's language, to a browser that can open the draft; to any other
    it is not here, whether there is such a draft or not."""

    @wraps(page)
    def guarded(
        request: HttpRequest, draft: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        opened = _opened(request, draft)
        if opened is None:
            return absent(request, draft)
        with speaking(opened.language):
            if opened.helper and getattr(request.resolver_match, "url_name", "") in _THEIR_OWN:
                return show(request, "not_yours", {"draft": opened}, status=403)
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
    return _opened(request, draft) is not None


def _opened(request: HttpRequest, draft: str) -> DraftView | None:
    """The draft, if the browser holds a secret of it; one of somebody who helps opens it while they
    are logged in there, and may help."""
    opened = view(draft, request.COOKIES.get(_name(), ""))
    if opened is None or not opened.helper:
        return opened
    user = signed_in(request)
    if user is None or lacks_second_factor(user):
        return None
    by = principal_of(user)
    helps = by.id == opened.hands.by and by.reach(Action.HELP_APPLICANTS) is not None
    return opened if helps else None


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
