"""The book: the newest measurement of the workspace's tape, or the one chosen."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.books import reading, services
from equipoise.service.pages.frame.asked import text_in
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.risk import asked, doing
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.saying import say


@require_safe
@may(Action.READ_RISK)
def index(request: HttpRequest) -> HttpResponse:
    """What the book is: how it ages and moves, what it loses, ties up and gathers in."""
    context = asked.kept(reading.newest("portfolio"), request.GET.get("book", "")[:20])
    if context["looked"] is not None:
        from equipoise.service.pages.risk.shown.book import shown_book  # what draws is large

        looked = context["looked"].id
        try:
            context["book"] = shown_book(reading.book(looked), looked)
        except ObjectDoesNotExist:
            context["outdated"] = True
    context |= {
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
        "has_tape": reading.has_tape(),
    }
    return render(request, "risk/book.html", context)


@require_safe
@never_cache
@may(Action.READ_RISK)
def number(request: HttpRequest, measuring: int, kind: str) -> HttpResponse:
    """One number: the query that gives it, how it is made, and the rows behind it. Rows that name
    loans are a look, and the record tells of it."""
    from equipoise.portfolio import KINDS, Number  # what measures is large
    from equipoise.service.pages.risk.shown.number import number_context

    known = {each: each for each in KINDS}
    if kind not in known:
        raise Http404
    asked = Number(known[kind], text_in(request.GET, "of"), text_in(request.GET, "at"))
    page = text_in(request.GET, "page")
    try:
        shown = reading.number(
            measuring, asked, int(page) if page.isdecimal() else 1, caller(request)
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    if shown is None:
        raise Http404
    return render(request, "risk/number.html", number_context(shown, measuring))


@require_POST
@may(Action.ACT_ON_RISK)
def ask(request: HttpRequest) -> HttpResponse:
    """Have it measured anew."""
    doing.done(request, lambda: services.ask_portfolio(caller(request)), say("It is begun."))
    return redirect("book")


urlpatterns = [
    path("portfolio/", index, name="book"),
    path("portfolio/<int:measuring>/<slug:kind>", number, name="book-number"),
    path("portfolio/measure", ask, name="book-measure"),
]
