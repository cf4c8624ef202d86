"""Alerts: which are open, and the room of one: what happened, who has it, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast, get_args

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput
from equipoise.service.contexts.incidents import reading as incidents
from equipoise.service.contexts.plans import reading as plans
from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.reading import AlertInFull, Happened
from equipoise.service.contexts.watch.services import LONGEST, Ending
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.pages.risk import doing
from equipoise.service.pages.risk.views.overview import alert_rows
from equipoise.service.pages.risk.words import (
    colour,
    ended_as,
    labelled,
    look_of,
    rows_of,
    sentence,
    written,
)
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.texts.languages import text_in
from equipoise.texts.saying import say, spoken

_TAKEN = ("acknowledged", "in_treatment", "mitigated", "verified")
_OPEN = ("pending", "firing", *_TAKEN)
_LONGEST_HOURS = 24 * 366
_Act = Callable[[HttpRequest, str, Principal, int], object]


@require_safe
@may(Action.READ_RISK)
def index(request: HttpRequest) -> HttpResponse:
    """Open alerts, the worst first, then those that were closed."""
    version = reading.in_force()
    shown = {
        "alerts": alert_rows(reading.alerts(), version),
        "closed": alert_rows(reading.alerts(closed=True), version),
    }
    return render(request, "risk/alerts.html", shown)


@require_safe
@may(Action.READ_RISK)
def alert(request: HttpRequest, alert_id: str) -> HttpResponse:
    """One alert's room."""
    return _room(request, _alert_of(alert_id), "")


@require_POST
@may(Action.ACT_ON_RISK)
def act(request: HttpRequest, alert_id: str) -> HttpResponse:
    """Something is done about it. What was typed stays where it cannot be."""
    by, what, made = caller(request), doing.given(request, "do", 20), list[object]()
    if what not in _ACTS:
        raise Http404
    if what == "plan" and by.reach(Action.RUN_PLANS) is None:
        raise PermissionDenied
    version = doing.seen(request)
    if doing.done(request, lambda: made.append(_ACTS[what](request, alert_id, by, version))):
        if what == "plan":
            return redirect("plan-run", str(made[0]))
        return redirect("risk-alert", alert_id)
    return _room(request, _alert_of(alert_id), _words(request), doing.CONFLICT)


def _silence(request: HttpRequest, alert: str, by: Principal, version: int) -> None:
    hours = timedelta(hours=min(max(doing.number(request, "hours"), 0), _LONGEST_HOURS))
    services.silence(alert, by, version, clock.now() + hours, _words(request))


def _ask(request: HttpRequest, alert: str, by: Principal, version: int) -> None:
    ending = doing.given(request, "ending", 20)
    if ending not in get_args(Ending):
        raise BadInput("say how it ends", field="ending", mend="choose one")
    services.ask_to_close(alert, by, version, cast(Ending, ending), _words(request))


def _words(request: HttpRequest) -> str:
    return doing.given(request, "words", 2 * LONGEST)


_ACTS: Mapping[str, _Act] = {
    "acknowledge": lambda _, a, by, v: services.acknowledge(a, by, v),
    "treat": lambda r, a, by, v: services.treat(a, by, v, _words(r)),
    "plan": lambda r, a, by, v: services.treat_by_plan(a, by, v, doing.given(r, "plan", 60)),
    "mitigate": lambda r, a, by, v: services.mitigate(a, by, v, _words(r)),
    "verify": lambda _, a, by, v: services.verify(a, by, v),
    "close": _ask,
    "agree": lambda _, a, by, v: services.agree_to_close(a, by, v),
    "refuse": lambda r, a, by, v: services.refuse_to_close(a, by, v, _words(r)),
    "silence": _silence,
    "end_silence": lambda _, a, by, v: services.end_silence(a, by, v),
}


def _room(request: HttpRequest, shown: AlertInFull, words: str, status: int = 200) -> HttpResponse:
    by, version, of = caller(request), reading.in_force(), shown.alert
    known = {e.name: e for e in version.watch.document.indicators} if version else {}
    indicator = known.get(of.indicator)
    people = {of.owner, shown.asked_by, *(each.by for each in shown.happened)}
    names = accounts.usernames(
        [e for e in (*people, *(n.to for n in shown.notices)) if e.startswith("user.")]
    )
    titles = _plan_titles()
    acts = by.reach(Action.ACT_ON_RISK) is not None and of.is_open
    return render(
        request,
        "risk/alert.html",
        {
            "of": of,
            "shown": shown,
            "label": labelled(of.indicator, indicator),
            "listed": indicator is not None,
            "drill": _after("drill.", of.indicator),
            "stands": of.indicator.startswith("standing."),
            "severity": said_word(of.severity),
            "look": look_of(of.severity),
            "stage": said_word(of.stage),
            "because": labelled(of.inhibited_by, known.get(of.inhibited_by)),
            "owner": names.get(of.owner, of.owner),
            "asked_by": names.get(shown.asked_by, shown.asked_by),
            "ending": ended_as(shown.asked_ending),
            "happened": [_line(each, names, titles) for each in reversed(shown.happened)],
            "begun": [(titles.get(plan, plan), run) for plan, run in shown.begun],
            "readings": [
                (
                    each,
                    written(each.value, indicator.kind if indicator else ""),
                    rows_of(of.indicator, each) if indicator else "",
                    *colour(each),
                )
                for each in reversed(shown.readings)
            ],
            "detail": shown.readings[-1].detail if shown.readings else "",
            "can": _can(shown, by) if acts else {},
            "acts": acts,
            "plans": _proposed(of.indicator, of.severity, titles),
            "sees_plans": by.reach(Action.READ_PLANS) is not None,
            "starts": by.reach(Action.RUN_PLANS) is not None,
            "words": words,
            "incidents": incidents.of_alert(of.id),
        },
        status=status,
    )


def _can(shown: AlertInFull, by: Principal) -> dict[str, bool]:
    """What whoever looks may do now; the rest is told with by whom it can be done."""
    of, asked = shown.alert, shown.asked_by
    return {
        "acknowledge": of.stage in ("pending", "firing") or of.owner != by.id,
        "treat": of.stage in ("acknowledged", "mitigated"),
        "mitigate": of.stage == "in_treatment",
        "verify": of.stage == "mitigated" and shown.treated_by != by.id and bool(of.cleared_at),
        "close": not asked and of.stage in _TAKEN,
        "resolve": of.stage == "verified",
        "judge": bool(asked) and asked != by.id,
        "silence": of.silenced_until is None and of.stage in _OPEN,
        "end_silence": of.silenced_until is not None,
    }


def _plan_titles() -> dict[str, str]:
    """The plans in force by their names, as they are called in the language spoken now."""
    version = plans.in_force()
    listed = [] if version is None else version.document.plans
    return {e.name: text_in(e.title, spoken()) or next(iter(e.title.values())) for e in listed}


def _proposed(indicator: str, severity: str, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """The plans in force that this triggers: name and title."""
    version = plans.in_force()
    return [
        (each.name, titles[each.name])
        for each in (version.document.plans if version else ())
        for trigger in each.triggers
        if trigger.indicator == indicator and severity in (trigger.at, "red")
    ]


def _line(each: Happened, names: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, Any]:
    who = names.get(each.by, each.by) or say("The watch")
    line = sentence(
        each.what,
        who=who,
        words=titles.get(each.words, each.words) if each.run else each.words,
        severity=said_word(each.severity),
        ending=ended_as(each.ending),
        to=names.get(each.to, each.to),
        cause=said_word(each.cause),
    )
    return {"at": each.at, "line": line, "run": each.run, "until": each.until}


def _after(start: str, name: str) -> str:
    """What comes after the start of a name; empty where it begins otherwise."""
    return name.removeprefix(start) if name.startswith(start) else ""


def _alert_of(alert_id: str) -> AlertInFull:
    try:
        return reading.alert(alert_id)
    except ObjectDoesNotExist:
        raise Http404 from None


urlpatterns = [
    path("alerts/", index, name="risk-alerts"),
    path("alerts/<slug:alert_id>/", alert, name="risk-alert"),
    path("alerts/<slug:alert_id>/do", act, name="risk-alert-do"),
]
