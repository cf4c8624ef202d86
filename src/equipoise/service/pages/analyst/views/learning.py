"""The page of what would teach most: the ranking, experiments planned, what was measured."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.review.learning.proposing import FROM_OFFERS, Measurement
from equipoise.service.contexts.learning import reading, services
from equipoise.service.contexts.learning.reading import Planned, RankingSummary
from equipoise.service.contexts.trials import reading as trials
from equipoise.service.pages.analyst.steps import step_name
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_FIELDS = ("input", "value", "low", "high", "outcomes", "known_on", "source")
_BROUGHT = ("input", "source")  # by the link of a planned experiment
_LONGEST = 200


@require_safe
@may(Action.READ_BALANCE)
def index(request: HttpRequest) -> HttpResponse:
    """The newest ranking, what is planned from it, and what was measured."""
    return _page(request, {name: request.GET.get(name, "")[:_LONGEST] for name in _BROUGHT})


def _page(request: HttpRequest, typed: dict[str, str] | None = None) -> HttpResponse:
    by = caller(request)
    rankings, plans, proposals = reading.newest(), reading.plans(), reading.proposals()
    done = next((each for each in rankings if each.state == "done"), None)
    names = accounts.usernames(reading.people_in(rankings, plans, proposals))
    context: dict[str, Any] = {
        "open": next((each for each in rankings if each.open), None),
        "failed": rankings[0] if rankings and rankings[0].state == "failed" else None,
        "ranking": done,
        "asked_by": names.get(done.asked_by, done.asked_by) if done else "",
        "plans": [
            _planned(each) | {"by": names.get(each.planned_by, each.planned_by)} for each in plans
        ],
        "proposals": [
            {
                "of": each,
                "by": names.get(each.proposed_by, each.proposed_by),
                "answered_by": names.get(each.answered_by, each.answered_by),
                "own": each.proposed_by == by.person,
            }
            for each in proposals
        ],
        "runs_balance": by.reach(Action.RUN_BALANCE) is not None,
        "approves": by.reach(Action.APPROVE_STRATEGY) is not None,
        "typed": typed or {},
    }
    context |= _progress(context["open"])
    ranking = reading.result(done.id) if done else None
    if done and ranking is not None:
        context |= _shown(done, ranking)
    return render(request, "analyst/learning.html", context)


def _planned(each: Planned) -> dict[str, Any]:
    """An experiment that is planned: how it is begun, and how what it finds is told."""
    trial = trials.named(each.experiment)
    return {
        "of": each,
        "source": f"{'trial' if _is_trial(each) else 'count'} {each.experiment}",
        "trial": _is_trial(each),
        "begun": trial,
        "tells": trial is not None and each.input in FROM_OFFERS,
    }


def _is_trial(planned: Planned) -> bool:
    """Whether it needs a challenger, and not only someone who looks."""
    ranking = reading.result(planned.ranking)
    experiment = ranking.assumption(planned.input).experiment if ranking else None
    return experiment is not None and experiment.trial


def _shown(done: RankingSummary, ranking: Any) -> dict[str, Any]:
    # what reads a ranking is large, and loaded once one is looked at
    from equipoise.service.pages.analyst.learning_rows import shown

    planned = {each.input: each.experiment for each in reading.plans() if each.ranking == done.id}
    return {"result": shown(ranking, planned), "inputs": ranking.assumptions}


@require_safe
@may(Action.READ_BALANCE)
def state(request: HttpRequest, ranking_id: int) -> HttpResponse:
    """How far a ranking is; once it has ended, the whole page anew."""
    try:
        shown = reading.ranking(ranking_id)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    response = render(request, "analyst/_learning_state.html", _progress(shown))
    if not shown.open:
        response["HX-Refresh"] = "true"
    return response


def _progress(shown: RankingSummary | None) -> dict[str, Any]:
    if shown is None:
        return {}
    return {"open": shown, "step": step_name(shown.step), "percent": round(100 * shown.done)}


@require_POST
@may(Action.RUN_BALANCE)
def ask(request: HttpRequest) -> HttpResponse:
    """Have the assumptions ranked."""
    try:
        given = request.POST.get("per_day", "")[:_LONGEST].strip()
        per_day = None if not given else _number(given, "per_day")
        services.ask(request.POST.get("by", "promise")[:_LONGEST], per_day, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    return redirect("learning")


@require_POST
@may(Action.RUN_BALANCE)
def plan(request: HttpRequest, ranking_id: int) -> HttpResponse:
    """Plan an experiment of a ranking."""
    try:
        name = request.POST.get("input", "")[:_LONGEST]
        experiment = services.plan(ranking_id, name, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, say("Planned as {experiment}.", experiment=experiment))
    return redirect("learning")


@require_POST
@may(Action.RUN_BALANCE)
def propose(request: HttpRequest) -> HttpResponse:
    """Propose what was measured; what was typed stays where something is amiss."""
    typed = {name: request.POST.get(name, "")[:_LONGEST].strip() for name in _FIELDS}
    try:
        services.propose(_measurement(typed), caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return _page(request, typed)
    messages.success(request, say("Proposed. Another person accepts it."))
    return redirect("learning")


@require_POST
@may(Action.RUN_BALANCE)
def propose_from_trial(request: HttpRequest) -> HttpResponse:
    """Propose what the arms of an experiment's trial say."""
    try:
        experiment = request.POST.get("experiment", "")[:_LONGEST]
        services.propose_from_trial(experiment, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except ObjectDoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, say("Proposed. Another person accepts it."))
    return redirect("learning")


@require_POST
@may(Action.APPROVE_STRATEGY)
def accept(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Accept what somebody else proposed: it is written into experience.yaml."""
    try:
        services.accept(proposal_id, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        sentence = say("Accepted: experience.yaml holds it. Run equipoise fit and balance again.")
        messages.success(request, sentence)
    return redirect("learning")


@require_POST
@may(Action.READ_BALANCE)
def refuse(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Refuse a proposal, or take one's own back."""
    by = caller(request)
    try:
        mine = any(each.id == proposal_id and each.proposed_by == by.person
                   for each in reading.proposals())  # fmt: skip
        if not mine and by.reach(Action.APPROVE_STRATEGY) is None:
            raise BadInput(say("Only an approver refuses what somebody else proposed."))
        services.refuse(proposal_id, request.POST.get("reason", "")[:1000], by)
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, say("The proposal is refused."))
    return redirect("learning")


def _measurement(typed: dict[str, str]) -> Measurement:
    outcomes = _number(typed["outcomes"], "outcomes")
    if outcomes != int(outcomes):
        raise BadInput("outcomes are a whole number", field="outcomes")
    try:
        day = date.fromisoformat(typed["known_on"])
    except ValueError:
        raise BadInput("that is no day", field="known_on", mend="as 2026-11-30") from None
    value, low, high = (_number(typed[name], name) for name in ("value", "low", "high"))
    return Measurement(typed["input"], value, low, high, int(outcomes), day, typed["source"])


def _number(text: str, field: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e15:
        raise BadInput(f"'{text[:20]}' is not a number", field=field)
    return value


urlpatterns = [
    path("", index, name="learning"),
    path("ask", ask, name="learning-ask"),
    path("propose", propose, name="learning-propose"),
    path("from-trial", propose_from_trial, name="learning-from-trial"),
    path("<int:ranking_id>/state", state, name="learning-state"),
    path("<int:ranking_id>/plan", plan, name="learning-plan"),
    path("proposals/<int:proposal_id>/accept", accept, name="learning-accept"),
    path("proposals/<int:proposal_id>/refuse", refuse, name="learning-refuse"),
]
