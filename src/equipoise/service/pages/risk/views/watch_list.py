"""The watch list of borrowers as it was measured last."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.disposals import reading
from equipoise.service.contexts.disposals.reading import Borrower
from equipoise.service.contexts.disposals.tasks import measure_borrowers
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.saying import say

_SHOWN = 100


@require_safe
@may(Action.READ_RISK)
def watch_list(request: HttpRequest) -> HttpResponse:
    """Who is likely to be late soon, why, and what is proposed; each one click from a disposal."""
    kept = reading.borrowers()
    borrowers = kept.borrowers[:_SHOWN] if kept else ()
    context = {
        "kept": kept,
        "rows": [(each, 100 * each.chance, _new(each)) for each in borrowers],
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
    }
    return render(request, "risk/watch_list.html", context)


@require_POST
@may(Action.ACT_ON_RISK)
def measure(request: HttpRequest) -> HttpResponse:
    """Have it measured anew, in the background."""
    measure_borrowers.enqueue()
    messages.success(request, say("The list is being measured. Look again in a minute."))
    return redirect("watch-list")


def _new(of: Borrower) -> str:
    """The form of a proposal, filled in for a borrower."""
    reasons = ", ".join(said_word(each) for each in of.reasons)
    reason = say("On the watch list: {reasons}.", reasons=reasons)
    asked = {"loan": of.who, "measure": of.measure, "reason": reason}
    return f"{reverse('disposal-new')}?{urlencode(asked)}"


urlpatterns = [
    path("watch-list/", watch_list, name="watch-list"),
    path("watch-list/measure", measure, name="watch-list-measure"),
]
