"""A file that comes in a form of an applicant's: where it is put meanwhile, and what is said where
it is not taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.papers import services
from equipoise.service.contexts.papers.services import (
    Bringer,
    Busy,
    NotTaken,
    TooMany,
    UsedUp,
    Why,
)
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.service.platform.login.callers import address_of
from equipoise.service.platform.papers.incoming import TOO_MUCH, Nameless
from equipoise.texts.saying import marked, say

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, DraftView, P], HttpResponse]
FILE = "paper"  # of the form


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not taken, what helps, and the status that says so to programs."""

    message: str
    mend: str
    status: int = 422


_NOTHING = Refusal(marked("No file was chosen."), marked("Choose one, and press the button again."))
_TOO_MANY = Refusal(
    marked("You have brought as many documents as we keep of one application."),
    marked("Remove one that is not needed, and bring this one again."),
)
_BUSY = Refusal(
    marked("Many people are bringing documents at this moment."),
    marked("Bring it again in a minute."),
    503,
)
_OFTEN = Refusal(
    marked("You brought many documents in a short time."),
    marked("Wait a few minutes, and go on then."),
    429,
)


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
    if file is None or request.META.get(TOO_MUCH):
        return _told(NotTaken(Why.TOO_LARGE)) if request.META.get(TOO_MUCH) else _NOTHING
    try:
        bringer = Bringer(draft.id, address_of(request), draft.hands)
        return services.bring(bringer, file, file.name or "", about)
    except NotTaken as error:
        return _told(error)
    except TooMany:
        return _TOO_MANY
    except Busy:
        return _BUSY
    except UsedUp:
        return _OFTEN


def refused(request: HttpRequest, draft: DraftView, refusal: Refusal) -> HttpResponse:
    """The page that says so."""
    said = {"message": say(refusal.message), "mend": say(refusal.mend)}
    return show(request, "paper_refused", {"draft": draft, **said}, status=refusal.status)


def _told(error: EquipoiseError) -> Refusal:
    large = isinstance(error, NotTaken) and error.why is Why.TOO_LARGE
    return Refusal(error.message, error.mend or "", 413 if large else 422)
