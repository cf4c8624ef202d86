"""The room of a run: what is due by when, who was called, who did it, and what is on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.plans import reading, services
from equipoise.service.contexts.plans.reading import RunInFull
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.plans.drafting import drafts
from equipoise.service.pages.plans.views.plans import roles_of, steps_of, worded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

if TYPE_CHECKING:
    from equipoise.watch.plans import DrillResult

_LONGEST = 500


@require_safe
@may(Action.READ_PLANS)
def room(request: HttpRequest, run_id: str) -> HttpResponse:
    """Every step with its clock, in the plan's order."""
    shown, by, now = _run(run_id), caller(request), clock.now()
    result = _result(shown)
    return render(
        request,
        "plans/run.html",
        {
            **_clocks(shown, now),
            "title": worded(shown.run.plan.title),
            "steps": _steps(shown, now),
            "on": [(n, worded(shown.run.plan.switch(n).does)) for n in shown.run.switched],
            "by": _names(shown).get(shown.run.by, shown.run.by),
            "injected": _injected(shown),
            "result": result,
            "drilled": _drilled(shown, result),
            "acts": by.reach(Action.RUN_PLANS) is not None,
            "turns": by.reach(Action.TURN_SWITCHES) is not None,
        },
    )


@require_safe
@may(Action.READ_PLANS)
def clocks(request: HttpRequest, run_id: str) -> HttpResponse:
    """What changes while nobody does anything: how much time is left, and who was called."""
    return render(request, "plans/_clocks.html", _clocks(_run(run_id), clock.now()))


@require_POST
@may(Action.RUN_PLANS)
def do(request: HttpRequest, run_id: str) -> HttpResponse:
    """A step is done; one that turns a switch is for those who may turn it."""
    step, by = request.POST.get("step", "")[:60], caller(request)
    shown = _run(run_id).run.plan
    turns = any(each.name == step and each.switch for each in shown.steps)
    if turns and by.reach(Action.TURN_SWITCHES) is None:
        raise PermissionDenied
    return _done(request, run_id, lambda: services.do_step(run_id, step, by, _note(request)))


@require_POST
@may(Action.RUN_PLANS)
def skip(request: HttpRequest, run_id: str) -> HttpResponse:
    """A step is left out, for a reason."""
    step = request.POST.get("step", "")[:60]
    return _done(
        request,
        run_id,
        lambda: services.skip_step(run_id, step, caller(request), _note(request)),
    )


@require_POST
@may(Action.TURN_SWITCHES)
def back(request: HttpRequest, run_id: str) -> HttpResponse:
    """A switch is turned back."""
    switch = request.POST.get("switch", "")[:60]
    return _done(request, run_id, lambda: services.turn_back(run_id, switch, caller(request)))


@require_POST
@may(Action.RUN_PLANS)
def close(request: HttpRequest, run_id: str) -> HttpResponse:
    """The run ends."""
    return _done(request, run_id, lambda: services.close(run_id, caller(request), _note(request)))


def _done(request: HttpRequest, run_id: str, act: Any) -> HttpResponse:
    try:
        act()
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except ObjectDoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, say("It is recorded."))
    return redirect("plan-run", run_id)


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "")[:_LONGEST]


def _run(run_id: str) -> RunInFull:
    try:
        return reading.run(run_id)
    except ObjectDoesNotExist:
        raise Http404 from None


def _injected(shown: RunInFull) -> tuple[Any, ...]:
    """The readings that a drill injects."""
    drill = shown.run.plan.drill
    return drill.scenario if shown.run.drill and drill is not None else ()


def _result(shown: RunInFull) -> DrillResult | None:
    from equipoise.watch.plans import drilled

    ended = shown.run.drill and shown.run.closed is not None
    return drilled(shown.run, shown.calendar) if ended else None


def _drilled(shown: RunInFull, result: DrillResult | None) -> list[tuple[str, Any]]:
    """Each step of a drill that ended, by what it does."""
    steps = result.steps if result else ()
    return [(worded(shown.run.plan.step(each.step).does), each) for each in steps]


def _clocks(shown: RunInFull, now: datetime) -> dict[str, Any]:
    run, calendar = shown.run, shown.calendar
    open_ = [] if run.closed else run.open_steps
    dues = [(name, run.due(name, calendar)) for name in open_]
    return {
        "id": shown.id,
        "run": run,
        "now": now,
        "clocks": [
            {
                "does": worded(run.plan.step(name).does),
                "due": due,
                "minutes": abs(round((due - now).total_seconds() / 60)) if due else 0,
                "late": due is not None and now > due,
                "called": [whom for step, whom, _ in run.calls if step == name],
            }
            for name, due in dues
        ],
    }


def _steps(shown: RunInFull, now: datetime) -> list[dict[str, Any]]:
    run, calendar, names = shown.run, shown.calendar, _names(shown)
    rows = []
    for worded_step in steps_of(run.plan, roles_of(shown.document)):
        step = worded_step["of"]
        ended, due = run.ended.get(step.name), run.due(step.name, calendar)
        rows.append(
            {
                **worded_step,
                "due": due,
                "late": due is not None and (ended.on if ended else now) > due,
                "ended": ended,
                "by": names.get(ended.by, ended.by) if ended else "",
                "drafts": drafts(shown, step.name),
                "open": run.closed is None and step.name in run.open_steps,
                "calls": [(whom, on) for name, whom, on in run.calls if name == step.name],
            }
        )
    return rows


def _names(shown: RunInFull) -> dict[str, str]:
    people = {shown.run.by, *(each.by for each in shown.run.ended.values())}
    return dict(accounts.usernames([each for each in people if each.startswith("user.")]))


urlpatterns = [
    path("runs/<slug:run_id>/", room, name="plan-run"),
    path("runs/<slug:run_id>/clocks", clocks, name="plan-run-clocks"),
    path("runs/<slug:run_id>/do", do, name="plan-run-do"),
    path("runs/<slug:run_id>/skip", skip, name="plan-run-skip"),
    path("runs/<slug:run_id>/back", back, name="plan-run-back"),
    path("runs/<slug:run_id>/close", close, name="plan-run-close"),
]
