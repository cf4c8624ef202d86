"""Documents that a person brings: what was brought, bringing one, taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.contexts.papers import services
from equipoise.service.contexts.papers.reading import of_draft, own
from equipoise.service.contexts.papers.services import (
    Bringer,
    Busy,
    NotTaken,
    TooMany,
    TooManyGuesses,
    Why,
)
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import standing
from equipoise.service.platform.login.callers import address_of
from equipoise.service.platform.papers.handing_out import as_file
from equipoise.service.platform.papers.incoming import TOO_MUCH, Nameless
from equipoise.texts.saying import marked, say


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


# The token is looked at by `_bringing`: only once it is said where the form's file goes to.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def papers(request: HttpRequest, draft: str) -> HttpResponse:
    """What was brought, and a way to bring more."""
    if request.META.get(TOO_MUCH):
        return _too_much(request, draft)
    request.upload_handlers = [Nameless(request)]
    return _bringing(request, draft)


@csrf_protect
@possessed
def _bringing(request: HttpRequest, draft: DraftView) -> HttpResponse:
    needs = _needs(draft)
    if request.method != "POST":
        shown = {"draft": draft, "papers": of_draft(draft.id), "needs": needs}
        return show(request, "papers", {**shown, "most": services.MOST_PAPERS})
    refusal = _refusal(request, draft, dict(needs))
    if refusal is not None:
        return _refused(request, draft, refusal)
    return redirect("apply-papers", draft.id)


@possessed
def _too_much(request: HttpRequest, draft: DraftView) -> HttpResponse:
    return _refused(request, draft, _told(NotTaken(Why.TOO_LARGE)))


@require_POST
@possessed
def take_back(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Remove one; pressed twice it is gone once."""
    services.take_back(draft.id, request.POST.get("paper", "")[:60].replace("\x00", ""))
    return redirect("apply-papers", draft.id)


@require_safe
@never_cache
@possessed
def look(_request: HttpRequest, draft: DraftView, paper: str) -> HttpResponse:
    """One as we keep it."""
    found = own(draft.id, paper)
    if found is None:
        raise Http404
    return as_file(paper, *found)


def _needs(draft: DraftView) -> Sequence[tuple[str, str]]:
    """What is asked for by now: the name of each check, and its words."""
    if draft.state != DraftState.SENT:
        return ()
    where = standing(draft)
    names = (str(each["name"]) for each in where.conditions)
    return [*zip(names, where.words["conditions"], strict=False)]


def _refusal(request: HttpRequest, draft: DraftView, needs: dict[str, str]) -> Refusal | None:
    """Bring it; why it is not taken, where it is not."""
    file, about = request.FILES.get("paper"), request.POST.get("about", "")
    if file is None:
        return _NOTHING
    wanted = about if about in needs else ""
    try:
        bringer = Bringer(draft.id, address_of(request), draft.channel)
        services.bring(bringer, file, file.name or "", wanted)
    except NotTaken as error:
        return _told(error)
    except TooMany:
        return _TOO_MANY
    except Busy:
        return _BUSY
    except TooManyGuesses:
        return _OFTEN
    return None


def _told(error: EquipoiseError) -> Refusal:
    large = isinstance(error, NotTaken) and error.why is Why.TOO_LARGE
    return Refusal(error.message, error.mend or "", 413 if large else 422)


def _refused(request: HttpRequest, draft: DraftView, refusal: Refusal) -> HttpResponse:
    said = {"message": say(refusal.message), "mend": say(refusal.mend)}
    return show(request, "paper_refused", {"draft": draft, **said}, status=refusal.status)


urlpatterns = [
    path("<slug:draft>/papers", papers, name="apply-papers"),
    path("<slug:draft>/papers/remove", take_back, name="apply-papers-remove"),
    path("<slug:draft>/papers/<slug:paper>", look, name="apply-paper"),
]
