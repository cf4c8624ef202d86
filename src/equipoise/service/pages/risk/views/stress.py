"""Stress tests: asked for, under way, and what each scenario does to the book and to people."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.books import reading, services
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.risk import asked, doing
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports.services import Column, Export
from equipoise.texts.saying import say

_COLUMNS = (
    Column("scenario"),
    Column("quarter"),
    *(
        Column(name, float)
        for name in (
            "log_odds",
            "exposure",
            "defaulted",
            "late",
            "stage2",
            "loss",
            "allowance",
            "capital",
            "income",
            "offered_of_100",
            "turned_away_of_100",
        )
    ),
)


@require_safe
@may(Action.READ_RISK)
def index(request: HttpRequest) -> HttpResponse:
    """The newest stress test, or the one chosen; and where one is asked for."""
    return _page(request, {}, 200)


@require_POST
@may(Action.ACT_ON_RISK)
def ask(request: HttpRequest) -> HttpResponse:
    """Have the book put under stress; what was typed stays where something is amiss."""
    limits = [each.strip() for each in doing.given(request, "limits").splitlines() if each.strip()]
    scenarios = [each[:200] for each in request.POST.getlist("scenario")[:20]]
    sentence = say("It is begun.")
    if doing.done(
        request, lambda: services.ask_stress(scenarios, limits, caller(request)), sentence
    ):
        return redirect("stress")
    return _page(request, {"limits": "\n".join(limits), "chosen": scenarios}, doing.CONFLICT)


@require_safe
@may(Action.READ_RISK)
def state(request: HttpRequest, measuring: int) -> HttpResponse:
    """How far a measuring of the book is; once it has ended, the whole page anew."""
    try:
        shown = reading.measuring(measuring)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    response = render(request, "risk/_measuring.html", asked.progress(shown))
    if not shown.open:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@may(Action.READ_RISK)
def scenario(request: HttpRequest, measuring: int, at: int) -> HttpResponse:
    """What the figures of a scenario, by its place in the test, are made of."""
    from equipoise.service.pages.risk.shown.stress_scenario import shown_scenario

    try:
        result = reading.stress(measuring)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    if at >= len(result.scenarios):
        raise Http404
    base, measured = reading.book_of_tape(result.tape) or (0, None)
    shown = shown_scenario(result, at, measured, base)
    return render(request, "risk/stress_scenario.html", {"stress": shown, "measuring": measuring})


@require_POST
@may(Action.EXPORT)
def export(request: HttpRequest, measuring: int) -> HttpResponse:
    """The quarters of a stress test as a file."""
    if caller(request).reach(Action.READ_RISK) is None:
        raise Http404
    try:
        result = reading.stress(measuring)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    rows = [
        (
            each.name, quarter.quarter, quarter.log_odds, quarter.exposure, quarter.defaulted,
            quarter.late, quarter.stage2, quarter.loss, quarter.allowance, quarter.capital,
            quarter.income,
            each.access[at].offered if each.access else None,
            each.access[at].turned_away if each.access else None,
        )
        for each in result.scenarios
        for at, quarter in enumerate(each.quarters)
    ]  # fmt: skip
    return exported(request, Export("stress", _COLUMNS, {"measuring": str(measuring)}), rows)


def _page(request: HttpRequest, typed: dict[str, object], status: int) -> HttpResponse:
    by = caller(request)
    context = asked.kept(reading.newest("stress"), request.GET.get("test", "")[:20])
    if context["looked"] is not None:
        from equipoise.service.pages.risk.shown.stress import shown_stress  # what draws is large

        try:
            context["stress"] = shown_stress(
                reading.stress(context["looked"].id), context["looked"].id
            )
        except ObjectDoesNotExist:
            context["outdated"] = True
    context |= {
        "acts": by.reach(Action.ACT_ON_RISK) is not None,
        "exports": by.reach(Action.EXPORT) is not None,
        "files": reading.scenario_files(),
        "has_tape": reading.has_tape(),
        "typed": typed,
    }
    return render(request, "risk/stress.html", context, status=status)


urlpatterns = [
    path("stress/", index, name="stress"),
    path("stress/ask", ask, name="stress-ask"),
    path("stress/<int:measuring>/<int:at>/", scenario, name="stress-scenario"),
    path("stress/<int:measuring>/export", export, name="stress-export"),
    path("measuring/<int:measuring>/state", state, name="measuring-state"),
]
