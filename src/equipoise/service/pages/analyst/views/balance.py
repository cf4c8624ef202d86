"""The pages of the balance: the runs, one run's frontier, and any point of it against today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.balances import reading, services
from equipoise.service.contexts.balances.reading import RunSummary
from equipoise.service.pages.analyst.steps import step_name
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.numbers import count
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

if TYPE_CHECKING:
    from equipoise.balance.result_document import BalanceResult

_SHOWN = 50


@require_safe
@may(Action.READ_BALANCE)
def index(request: HttpRequest) -> HttpResponse:
    """The runs, newest first, and what is in the way of one."""
    runs = reading.plain(_SHOWN)
    names = accounts.usernames({each.asked_by for each in runs})
    context = {
        "runs": [
            (each, names.get(each.asked_by, each.asked_by), count(each.applicants)) for each in runs
        ],
        "comparable": [each for each in runs if each.result],
        "obstacle": reading.obstacle(),
        "runs_balance": _runs(request),
    }
    return render(request, "analyst/balance.html", context)


@require_safe
@may(Action.READ_BALANCE)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: its frontier and a point of it, or how far it is, or what was in the way."""
    shown = _run(run_id)
    balance = reading.result(run_id)
    context: dict[str, Any] = {
        "run": shown,
        "step": step_name(shown.step),
        "percent": round(100 * shown.share),
        "fault": reading.fault(run_id) if shown.state == "failed" else None,
        "asked_by": accounts.usernames([shown.asked_by]).get(shown.asked_by, shown.asked_by),
        "runs_balance": _runs(request),
    }
    if balance is not None:
        context |= _at(request, shown, balance)
    return render(request, "analyst/run.html", context)


@require_safe
@may(Action.READ_BALANCE)
def state(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a run is; once it has ended, the whole page anew."""
    shown = _run(run_id)
    context = {"run": shown, "step": step_name(shown.step), "percent": round(100 * shown.share)}
    response = render(request, "analyst/_run_state.html", context)
    if not shown.open:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@may(Action.READ_BALANCE)
def point(request: HttpRequest, run_id: int) -> HttpResponse:
    """A point of the frontier against today, as part of the page."""
    balance = reading.result(run_id)
    if balance is None:
        raise Http404
    return render(request, "analyst/_point.html", _at(request, _run(run_id), balance))


@require_POST
@may(Action.RUN_BALANCE)
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """End a run."""
    try:
        services.cancel(run_id, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, say("Run {n} is cancelled.", n=run_id))
    return redirect("balance-run", run_id)


@require_POST
@may(Action.RUN_BALANCE)
def send(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send a point to the registry as a draft strategy of the person's."""
    try:
        services.send(run_id, request.POST.get("place", "")[:20], caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, say("The point is on its way to the registry."))
    return redirect("balance-run", run_id)


def _run(run_id: int) -> RunSummary:
    try:
        return reading.run(run_id)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None


def _runs(request: HttpRequest) -> bool:
    return caller(request).reach(Action.RUN_BALANCE) is not None


def _at(request: HttpRequest, shown: RunSummary, balance: BalanceResult) -> dict[str, Any]:
    """All that a place's page shows. What reads a balance is large, and loaded once one is looked
    at."""
    from equipoise.service.pages.analyst.showing import place_shown

    asked = (request.GET.get(name, "")[:80] for name in ("point", "by"))
    return {**place_shown(shown, balance, *asked), "runs_balance": _runs(request)}


urlpatterns = [
    path("", index, name="balance"),
    path("<int:run_id>/", run, name="balance-run"),
    path("<int:run_id>/state", state, name="balance-state"),
    path("<int:run_id>/point", point, name="balance-point"),
    path("<int:run_id>/cancel", cancel, name="balance-cancel"),
    path("<int:run_id>/send", send, name="balance-send"),
]
