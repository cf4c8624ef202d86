"""The pages of trials: which there are, what may be said of one, and what two people do to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.authority.lifecycle import State
from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.trials import reading, services
from equipoise.service.contexts.trials.reading import TrialSummary
from equipoise.service.contexts.trials.services import entrant
from equipoise.service.pages.analyst.guardrail_form import guardrail_rows, typed_guardrails
from equipoise.service.pages.analyst.trial_figures import challengers, guarded, ratio, why_stopped
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.short_text import check_reason
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_SHOWN = 50


@require_safe
@may(Action.READ_STRATEGIES)
def index(request: HttpRequest) -> HttpResponse:
    """The trials, newest first; a form to begin one, for those who may."""
    return render(request, "analyst/trials.html", _listed(request))


@require_safe
@may(Action.READ_STRATEGIES)
def trial(request: HttpRequest, trial_id: int) -> HttpResponse:
    """One trial: who is served, what may be said by now, what is asked of a second person."""
    return render(request, "analyst/trial.html", _shown(request, _trial(trial_id)))


@require_POST
@may(Action.PUBLISH_STRATEGY)
def begin(request: HttpRequest) -> HttpResponse:
    """Put a trial in force; where it may not be, what was typed stays."""
    try:
        version = registry.summary(_number(request, "version"))
        watched = request.POST.get("role") == "shadow"
        share = 0.0 if watched else _share(request)
        made = services.begin(
            version.strategy,
            request.POST.get("experiment", "")[:60],
            [entrant(version.id, share, serves=not watched)],
            caller(request),
            check_reason(request.POST.get("reason", "")),
            guardrails=None if watched else typed_guardrails(request.POST),
        )
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return render(request, "analyst/trials.html", _listed(request))
    except registry.Unregistered:
        raise Http404 from None
    messages.success(request, say("The trial has begun."))
    return redirect("trial", made.pk)


@require_POST
@may(Action.PUBLISH_STRATEGY)
def ask(request: HttpRequest, trial_id: int) -> HttpResponse:
    """Ask a second person to stop it, or to ship its challenger; what was typed stays."""
    shown = _trial(trial_id)
    what, _, version = request.POST.get("what", "").partition(" ")
    try:
        number = int(version) if version.isascii() and version.isdigit() else None
        reason = check_reason(request.POST.get("reason", ""))
        services.ask(shown.id, what, caller(request), reason, number)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return render(request, "analyst/trial.html", _shown(request, shown))
    messages.success(request, say("Another person has to agree."))
    return redirect("trial", trial_id)


@require_POST
@may(Action.PUBLISH_STRATEGY)
def answer(request: HttpRequest, trial_id: int, ask_id: int) -> HttpResponse:
    """Agree to what another asked, or do not; what was typed stays."""
    shown = _trial(trial_id)
    agreed = request.POST.get("answer") == "agree"
    if ask_id not in {each.id for each in reading.asked(trial_id)}:
        raise Http404
    try:
        reason = check_reason(request.POST.get("reason", ""))
        services.answer(ask_id, caller(request), agreed=agreed, reason=reason)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return render(request, "analyst/trial.html", _shown(request, shown))
    messages.success(request, say("It is done.") if agreed else say("It is not done."))
    return redirect("trial", trial_id)


def _trial(trial_id: int) -> TrialSummary:
    try:
        return reading.trial(trial_id)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("choose a version", field=name)
    return int(text)


def _share(request: HttpRequest) -> float:
    """A share typed in per cent."""
    try:
        share = float(request.POST.get("share", "")) / 100
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise BadInput("this is no share", field="share", mend="type per cent, such as 10")
    return share


def _listed(request: HttpRequest) -> dict[str, Any]:
    by = caller(request)
    judges = by.reach(Action.PUBLISH_STRATEGY) is not None
    in_force = set(reading.in_force().values())
    versions = [
        each
        for each in registry.newest(_SHOWN)
        if each.state is State.APPROVED and each.digest not in in_force
    ]
    return {
        "trials": reading.newest(_SHOWN),
        "judges": judges,
        "versions": versions if judges else [],
        "chosen": request.GET.get("version", "") or request.POST.get("version", ""),
        "typed": request.POST or request.GET,  # a planned experiment comes with its name
        "guardrails": guardrail_rows(request.POST),
    }


def _shown(request: HttpRequest, shown: TrialSummary) -> dict[str, Any]:
    by = caller(request)
    asked = reading.asked(shown.id)
    people = {name for each in asked for name in (each.asked_by, each.answered_by) if name}
    names = accounts.usernames(people)
    versions = {arm.version_id: arm.number for arm in shown.arms}
    look, broken = reading.look(shown.id), reading.broken(shown)
    rows = [
        {
            "ask": each,
            "asked_by": names.get(each.asked_by, each.asked_by),
            "answered_by": names.get(each.answered_by, each.answered_by),
            "number": versions.get(each.version_id or 0),
            "second": each.answered_at is None and each.asked_by != by.person,
        }
        for each in asked
    ]
    context: dict[str, Any] = {
        "trial": shown,
        "asked": rows,
        "waits": any(each.answered_at is None for each in asked),
        "judges": by.reach(Action.PUBLISH_STRATEGY) is not None,
        "guardrails": guarded(shown.guardrails, broken),
        "broken": [why_stopped(each) for each in broken],
        "shadows": [(arm, reading.shadow(arm.id)) for arm in shown.arms if arm.is_shadow],
        "typed": request.POST,
    }
    if look is not None:
        context |= {"at": look[1], "challengers": challengers(look[0]), "ratio": ratio(look[0])}
    return context


urlpatterns = [
    path("", index, name="trials"),
    path("begin", begin, name="trial-begin"),
    path("<int:trial_id>/", trial, name="trial"),
    path("<int:trial_id>/ask", ask, name="trial-ask"),
    path("<int:trial_id>/answer/<int:ask_id>", answer, name="trial-answer"),
]
