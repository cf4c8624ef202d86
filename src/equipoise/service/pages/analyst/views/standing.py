"""The page of where the lender stands: how far from the frontier, since when, and what moved it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.standings import reading, services
from equipoise.service.contexts.standings.reading import MeasurementSummary
from equipoise.service.pages.analyst.steps import step_name
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.numbers import percent
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say


@require_safe
@may(Action.READ_BALANCE)
def newest(request: HttpRequest) -> HttpResponse:
    """The newest measurement, and those before it."""
    every = reading.newest()
    done = next((each for each in every if each.state == "done"), None)
    return _page(request, every, done)


@require_safe
@may(Action.READ_BALANCE)
def at(request: HttpRequest, number: int) -> HttpResponse:
    """An earlier measurement."""
    chosen = _measurement(number)
    if chosen.state != "done":
        raise Http404
    return _page(request, reading.newest(), chosen)


@require_safe
@may(Action.READ_BALANCE)
def state(request: HttpRequest, number: int) -> HttpResponse:
    """How far a measurement is; once it has ended, the whole page anew."""
    chosen = _measurement(number)
    response = render(request, "analyst/_learning_state.html", _progress(chosen))
    if not chosen.open:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@may(Action.RUN_BALANCE)
def ask(request: HttpRequest) -> HttpResponse:
    """Have it measured now."""
    try:
        services.ask(caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    return redirect("balance-standing")


@require_POST
@may(Action.RUN_BALANCE)
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """End it before it is done."""
    try:
        services.cancel(number, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, say("The measurement is cancelled."))
    return redirect("balance-standing")


@require_POST
@may(Action.RUN_BALANCE)
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Send its draft strategy to the registry."""
    try:
        version = services.send(number, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, say("The draft is in the registry; another person publishes it."))
        return redirect("strategy", version)
    return redirect("balance-standing-at", number)


def _measurement(number: int) -> MeasurementSummary:
    try:
        return reading.measurement(number)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None


def _page(
    request: HttpRequest, every: list[MeasurementSummary], chosen: MeasurementSummary | None
) -> HttpResponse:
    by = caller(request)
    context: dict[str, Any] = {
        "chosen": chosen,
        "failed": every[0] if every and every[0].state == "failed" else None,
        "runs_balance": by.reach(Action.RUN_BALANCE) is not None,
        "writes": by.reach(Action.WRITE_STRATEGY) is not None,
        **_progress(next((each for each in every if each.open), None)),
    }
    if chosen is not None:
        context |= _shown(every, chosen)
    return render(request, "analyst/standing.html", context)


def _shown(every: list[MeasurementSummary], chosen: MeasurementSummary) -> dict[str, Any]:
    # what reads a result is large, and loaded once one is looked at
    from equipoise.service.pages.analyst.standing_figures import distances, shown

    standing = reading.result(chosen.id)
    if standing is None:
        raise Http404
    done = [(each, reading.result(each.id)) for each in reversed(every) if each.state == "done"]
    past = [(each.made_at.date(), result) for each, result in done if result is not None]
    sent = reading.sent(chosen.id)
    names = accounts.usernames({sent.sent_by} if sent else set())
    return {
        "standing": shown(standing),
        "since": reading.measurement(chosen.since) if chosen.since else None,
        "distances": distances(past) if len(past) > 1 else None,
        "earlier": [
            (each, percent(result.distance), result.keep_within, result.is_beyond)
            for each, result in reversed(done)
            if result is not None
        ],
        "has_draft": reading.has_draft(chosen.id),
        "sent": sent,
        "sent_by": names.get(sent.sent_by, sent.sent_by) if sent else "",
        "version": registry.summary(sent.version) if sent else None,
    }


def _progress(shown: MeasurementSummary | None) -> dict[str, Any]:
    if shown is None:
        return {"open": None}
    return {"open": shown, "step": step_name(shown.step), "percent": round(100 * shown.done)}


urlpatterns = [
    path("", newest, name="balance-standing"),
    path("ask", ask, name="balance-standing-ask"),
    path("<int:number>/", at, name="balance-standing-at"),
    path("<int:number>/state", state, name="balance-standing-state"),
    path("<int:number>/cancel", cancel, name="balance-standing-cancel"),
    path("<int:number>/send", send, name="balance-standing-send"),
]
