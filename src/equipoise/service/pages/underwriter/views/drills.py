"""Drills of procedures: a situation, one step after another, and what each choice would lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from equipoise.errors import BadInput
from equipoise.review.practice import Drill, said_in
from equipoise.service.contexts.practice import reading, services
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.underwriter.practising.cases import rounded
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.texts.dates import written_day
from equipoise.texts.saying import marked, say, spoken

_WORTH = (
    marked("This does harm."),
    marked("This will do, and there is better."),
    marked("This is right."),
)
_LOOKS = ("error", "warning", "success")


@dataclass(frozen=True, slots=True)
class Listed:
    """A drill in the list: what it is called, how it last went, and when it is due."""

    name: str
    title: str
    last: str
    score: str
    due: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step that was gone: what was asked and chosen, what it is worth, why, and what would have
    been right where that was something else."""

    asked: str
    chosen: str
    look: str
    worth: str
    because: str
    right: str


def shown(by: Principal) -> list[Listed]:
    """The drills of the person's role, those due first."""
    return [
        Listed(
            each.drill.name,
            _said(each.drill.title),
            _day(each.last),
            "" if each.score is None else rounded(each.score),
            _day(each.due),
            each.is_due,
        )
        for each in reading.exercises(by)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may(Action.SEE_SELF)
def drill(request: HttpRequest, name: str) -> HttpResponse:
    """A drill, step by step: what was chosen so far comes with the form."""
    by = caller(request)
    drill = reading.drill_for(name, by)
    if drill is None:
        raise Http404
    chosen = _chosen(request, drill)
    if len(chosen) == len(drill.steps):
        try:
            done = services.finish(by, drill, chosen)
        except BadInput:
            raise Http404 from None
        return redirect("practice-drilled", done)
    return render(request, "underwriter/drill.html", _step(drill, chosen, by))


@require_safe
@never_cache
@may(Action.SEE_SELF)
def drilled(request: HttpRequest, done_id: int) -> HttpResponse:
    """How a drill went, whole, and when it is due again."""
    try:
        done = reading.finished(done_id, caller(request))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    what = {
        "title": _said(done.drill.title),
        "situation": _said(done.drill.situation),
        "steps": _steps_taken(done.drill, done.chosen),
        "score": rounded(done.score),
        "due": _day(done.due),
        "name": done.drill.name,
    }
    return render(request, "underwriter/drilled.html", what)


def _step(drill: Drill, chosen: tuple[int, ...], by: Principal) -> dict[str, object]:
    at = len(chosen)
    step = drill.steps[at]
    return {
        "name": drill.name,
        "title": _said(drill.title),
        "situation": _said(drill.situation),
        "steps": _steps_taken(drill, chosen)[-1:],
        "number": at + 1,
        "of": len(drill.steps),
        "asks": _said(step.asks),
        "choices": [(k, _said(step.choices[k].says)) for k in reading.order_of(drill, at, by)],
        "chosen": ",".join(map(str, chosen)),
    }


def _chosen(request: HttpRequest, drill: Drill) -> tuple[int, ...]:
    """What was chosen at each step so far. Raises Http404 for what the drill has not."""
    if request.method != "POST":
        return ()
    before, now = request.POST.get("chosen", "")[:40], request.POST.get("choice", "")[:2]
    parts = [each for each in (*before.split(","), now) if each]
    if any(not each.isdecimal() for each in parts) or len(parts) > len(drill.steps):
        raise Http404
    chosen = tuple(map(int, parts))
    if any(at >= len(step.choices) for at, step in zip(chosen, drill.steps, strict=False)):
        raise Http404
    return chosen


def _steps_taken(drill: Drill, chosen: tuple[int, ...]) -> list[StepTaken]:
    rows = []
    for step, at in zip(drill.steps, chosen, strict=False):
        choice = step.choices[at]
        right = next(each for each in step.choices if each.worth == len(_WORTH) - 1)
        rows.append(
            StepTaken(
                _said(step.asks),
                _said(choice.says),
                _LOOKS[choice.worth],
                say(_WORTH[choice.worth]),
                _said(choice.because),
                "" if choice == right else _said(right.says),
            )
        )
    return rows


def _said(said: dict[str, str]) -> str:
    return said_in(said, spoken())


def _day(day: date | None) -> str:
    return "" if day is None else written_day(day)


urlpatterns = [
    path("drills/<slug:name>/", drill, name="practice-drill"),
    path("drilled/<int:done_id>/", drilled, name="practice-drilled"),
]
