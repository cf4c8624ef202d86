"""A file that comes in a form of an applicant's: where it is put meanwhile, and what is said where
it is not taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.papers import services
from equipoise.service.contexts.papers.services import Bringer, NotTaken, Why
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.not_taken import NOTHING, REFUSED, Refusal, refusal_of
from equipoise.service.pages.applicant.showing import show
from equipoise.service.platform.login.callers import address_of
from equipoise.service.platform.papers.incoming import TOO_MUCH, Nameless
from equipoise.texts.saying import say

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, DraftView, P], HttpResponse]
FILE = "paper"  # of the form


def taking_a_file(page: Page[P]) -> Callable[..., HttpResponse]:
    """Show the page as `possessed` does, with the file of a form put where it goes with the
    process. Of a form that is too large the words are there, and `brought` says what is wrong."""
    # The token is looked at here: only once it is said where the form's file goes to.
    guarded = csrf_protect(possessed(page))

    @csrf_exempt
    @wraps(page)
    def taken(request: HttpRequest, draft: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.upload_handlers = [Nameless(request)]
        return guarded(request, draft, *args, **kwargs)

    return taken


def has_file(request: HttpRequest) -> bool:
    """Whether a file came in the form, whole or too large to be read."""
    return FILE in request.FILES or bool(request.META.get(TOO_MUCH))


def brought(request: HttpRequest, draft: DraftView, about: str) -> str | Refusal:
    """Bring the form's file: the paper, or why it is not taken."""
    file = request.FILES.get(FILE)
    if request.META.get(TOO_MUCH):
        return refusal_of(NotTaken(Why.TOO_LARGE))
    if file is None:
        return NOTHING
    try:
        bringer = Bringer(draft.id, address_of(request), draft.hands)
        return services.bring(bringer, file, file.name or "", about)
    except REFUSED as error:
        return refusal_of(error)


def refused(request: HttpRequest, draft: DraftView, refusal: Refusal) -> HttpResponse:
    """The page that says so."""
    said = {"message": say(refusal.message), "mend": say(refusal.mend)}
    return show(request, "paper_refused", {"draft": draft, **said}, status=refusal.status)
