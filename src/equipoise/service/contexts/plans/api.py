"""Endpoints about runs of emergency plans."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status
from ninja.errors import HttpError

from equipoise.service.contexts.plans import reading, services
from equipoise.service.contexts.plans.models import PlanRun
from equipoise.service.contexts.plans.schemas import (
    PlanEndIn,
    PlanRunIn,
    PlanRunInFullOut,
    PlanRunOut,
    PlanStepIn,
    PlanSwitchIn,
)
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Order, Page, Paging, page_of, page_out, read_name
from equipoise.service.platform.operations.catalogue import STATE, gives

router = Router(tags=["plans"])
_READS, _RUNS = May(Action.READ_PLANS), May(Action.RUN_PLANS)
_NEWEST = Order("plan_runs", ("-id",), (read_name,))


@router.get("/plans/runs", auth=_READS, response=Page[PlanRunOut])
def list_plan_runs(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """Runs and drills, the newest first."""
    return page_out(request, response, page_of(PlanRun.objects.all(), _NEWEST, asked))


@router.get("/plans/runs/{run_id}", auth=_READS, response=PlanRunInFullOut)
def read_plan_run(request: HttpRequest, run_id: str) -> Any:
    """A run: what is due by when, who was called, what was done by whom, and which switches are
    on."""
    return _in_full(run_id)


@router.post("/plans/runs", auth=_RUNS, response={201: PlanRunInFullOut})
@gives(STATE)
def begin_plan_run(request: HttpRequest, body: PlanRunIn) -> Any:
    """Begin a run of a plan in force: whoever is first on its contact tree is called."""
    run = services.begin(body.plan, body.cause, caller(request), drill=body.drill)
    return Status(201, _in_full(run))


@router.post("/plans/runs/{run_id}/steps", auth=_RUNS, response=PlanRunInFullOut)
@gives(STATE)
def end_plan_step(request: HttpRequest, run_id: str, body: PlanStepIn) -> Any:
    """A step is done, or left out. A step that turns a switch is for those who may turn it: its
    strategy is in force with the next decision."""
    by = caller(request)
    plan = reading.run(run_id).run.plan
    turns = any(each.name == body.step and each.switch for each in plan.steps)
    if turns and body.ended == "done" and by.reach(Action.TURN_SWITCHES) is None:
        raise HttpError(403, f"this needs the right '{Action.TURN_SWITCHES.value}'")
    if body.ended == "done":
        services.do_step(run_id, body.step, by, body.note)
    else:
        services.skip_step(run_id, body.step, by, body.note)
    return _in_full(run_id)


@router.post(
    "/plans/runs/{run_id}/switch-back", auth=May(Action.TURN_SWITCHES), response=PlanRunInFullOut
)
@gives(STATE)
def turn_plan_switch_back(request: HttpRequest, run_id: str, body: PlanSwitchIn) -> Any:
    """Turn a switch back: what was in force before it is again with the next decision."""
    services.turn_back(run_id, body.switch, caller(request))
    return _in_full(run_id)


@router.post("/plans/runs/{run_id}/end", auth=_RUNS, response=PlanRunInFullOut)
@gives(STATE)
def end_plan_run(request: HttpRequest, run_id: str, body: PlanEndIn) -> Any:
    """End a run, as somebody who did not do all of it alone."""
    services.close(run_id, caller(request), body.note)
    return _in_full(run_id)


def _in_full(run_id: str) -> dict[str, Any]:
    shown = reading.run(run_id)
    run, calendar = shown.run, shown.calendar
    steps = []
    for step in run.plan.steps:
        ended = run.ended.get(step.name)
        steps.append(
            {
                "step": step.name,
                "role": step.role,
                "due": run.due(step.name, calendar),
                "called": [whom for name, whom, _ in run.calls if name == step.name],
                "ended": None if ended is None else "done" if ended.done else "left_out",
                "ended_at": ended.on if ended else None,
                "by": ended.by if ended else "",
                "note": ended.note if ended else "",
                "is_open": run.closed is None and step.name in run.open_steps,
            }
        )
    return {
        "id": shown.id,
        "plan": run.plan.name,
        "drill": run.drill,
        "began_at": run.opened,
        "closed_at": run.closed,
        "cause": run.cause,
        "switched": list(run.switched),
        "steps": steps,
    }
