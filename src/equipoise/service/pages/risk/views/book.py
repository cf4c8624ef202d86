"""The book: the newest measurement of the workspace's tape, or the one chosen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.books import reading, services
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
        from equipoise.service.pages.risk.book_told import shown_book  # what draws is large

        context["book"] = shown_book(reading.book(context["looked"].id))
    context |= {
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
        "has_tape": reading.has_tape(),
    }
    return render(request, "risk/book.html", context)


@require_POST
@may(Action.ACT_ON_RISK)
def ask(request: HttpRequest) -> HttpResponse:
    """Have it measured anew."""
    doing.done(request, lambda: services.ask_portfolio(caller(request)), say("It is begun."))
    return redirect("book")


urlpatterns = [
    path("portfolio/", index, name="book"),
    path("portfolio/measure", ask, name="book-measure"),
]
