"""The watch list of borrowers as it was measured last, and what is known of each on it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.disposals import reading
from equipoise.service.contexts.disposals.reading import Borrower
from equipoise.service.contexts.disposals.tasks import measure_borrowers
from equipoise.service.contexts.screenings import reading as screenings
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.pages.risk.shown.found_ahead import found_ahead
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_SHOWN = 100
_ROWS = 36


@require_safe
@may(Action.READ_RISK)
def watch_list(request: HttpRequest) -> HttpResponse:
    """Who is likely to be late soon, why, and what is proposed; each one click from what is known
    of the loan."""
    kept = reading.borrowers()
    borrowers = kept.borrowers[:_SHOWN] if kept else ()
    context = {
        "kept": kept,
        "found_ahead": found_ahead(kept) if kept else None,
        "rows": [(at, each, 100 * each.chance) for at, each in enumerate(borrowers)],
        "names_borrowers": _names_borrowers(),
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
    }
    return render(request, "risk/watch_list.html", context)


@require_safe
@may(Action.READ_RISK)
def borrower(request: HttpRequest, watch_list: str, number: int) -> HttpResponse:
    """One on a list: why they stand there, what the tape says of the loan, what is done about it,
    and from here the form of a proposal."""
    try:
        entry = reading.borrower(watch_list, number)
    except ObjectDoesNotExist:
        raise Http404 from None
    if entry is None:
        raise Http404
    kept, of = entry
    fault, shown = "", None
    try:
        shown = reading.loan_rows(of.who, _ROWS)
    except EquipoiseError as error:
        fault = refused(error)
    context = {
        "kept": kept,
        "of": of,
        "chance": 100 * of.chance,
        "shown": shown,
        "fault": fault,
        "disposals": reading.of_loan(of.who, clock.now().date()),
        "new": _new(of),
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
    }
    return render(request, "risk/borrower.html", context)


@require_POST
@may(Action.ACT_ON_RISK)
def measure(request: HttpRequest) -> HttpResponse:
    """Have it measured anew, in the background."""
    if _names_borrowers():
        measure_borrowers.enqueue()
        messages.success(request, say("The list is being measured. Look again in a minute."))
    else:
        messages.error(request, say("watch.yaml names no borrowers to measure."))
    return redirect("watch-list")


def _names_borrowers() -> bool:
    """Whether watch.yaml of the folder that is served says whom to measure."""
    try:
        document = screenings.register()
    except EquipoiseError:
        return False
    return document is not None and document.borrowers is not None


def _new(of: Borrower) -> str:
    """The form of a proposal, filled in for a borrower."""
    reasons = ", ".join(said_word(each) for each in of.reasons)
    reason = say("On the watch list: {reasons}.", reasons=reasons)
    asked = {"loan": of.who, "measure": of.measure, "reason": reason}
    return f"{reverse('disposal-new')}?{urlencode(asked)}"


urlpatterns = [
    path("watch-list/", watch_list, name="watch-list"),
    path("watch-list/measure", measure, name="watch-list-measure"),
    path("watch-list/<slug:watch_list>/<int:number>/", borrower, name="watch-list-borrower"),
]
