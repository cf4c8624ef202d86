"""Incidents: which are open, and the room of each, where it is led and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.incidents import reading, services
from equipoise.service.contexts.incidents.reading import Shown
from equipoise.service.contexts.incidents.services import Report, TaskAsked
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.risk import doing
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.currencies import decimals
from equipoise.texts.decisions import money

RISKS = ("credit", "market", "operational", "policy")
SEVERITIES = ("minor", "major", "critical")
LINKS = ("alert", "loan", "customer", "plan")
Deed = Callable[[HttpRequest, str, Shown], object]


@require_safe
@may(Action.READ_RISK)
def index(request: HttpRequest) -> HttpResponse:
    """Open incidents with what is late of each, those closed, and where one is reported."""
    return _index(request, {"alert": request.GET.get("alert", "")[:80]}, 200)


@require_POST
@may(Action.ACT_ON_RISK)
def report(request: HttpRequest) -> HttpResponse:
    """Report one: its room opens."""
    made: list[str] = []
    if doing.done(request, lambda: made.append(_reported(request))):
        return redirect("incident", made[0])
    return _index(request, request.POST.dict(), doing.CONFLICT)


@require_safe
@may(Action.READ_RISK)
def room(request: HttpRequest, incident: str) -> HttpResponse:
    """One incident: who leads it, what is late, what happened, what is to be done."""
    return _room(request, incident, "", 200)


@require_POST
@may(Action.ACT_ON_RISK)
def do(request: HttpRequest, incident: str, deed: str) -> HttpResponse:
    """Something is done in it; where it cannot be, what was typed stays."""
    if deed not in DEEDS:
        raise Http404
    shown = shown_or_404(incident)
    if doing.done(request, lambda: DEEDS[deed](request, incident, shown)):
        return redirect("incident", incident)
    return _room(request, incident, deed, doing.CONFLICT)


def shown_or_404(incident: str) -> Shown:
    """The incident. Raises Http404, also where its words are gone."""
    try:
        return reading.shown(incident, clock.now())
    except (ObjectDoesNotExist, Unreadable):
        raise Http404 from None


def names_of(people: Iterable[str]) -> Mapping[str, str]:
    """What these people are called, by the names they have in the record."""
    return accounts.usernames([each for each in set(people) if each.startswith("user.")])


def people_in(shown: Shown) -> set[str]:
    """Everybody who is named in an incident."""
    of, written = shown.story.incident, shown.story.post_mortem
    people = {of.by, *(each.event.by for each in shown.happenings)}
    people |= {each.person for each in of.roles} | {each.owner for each in of.tasks}
    if written is not None:
        people |= {written.by, written.accepted_by, *(each.owner for each in written.actions)}
    return people


def amount(minor: int, currency: str) -> str:
    """Minor units as a person reads them."""
    return money(minor / 10 ** decimals(currency), currency)


def _reported(request: HttpRequest) -> str:
    hours = doing.given(request, "notice_hours", 10)
    of = Report(
        doing.given(request, "risk", 20),
        doing.given(request, "severity", 20),
        doing.given(request, "title", 400),
        doing.given(request, "text", 4000),
        doing.given(request, "currency", 3) or "EUR",
        doing.number(request, "notice_hours") if hours else None,
        doing.given(request, "alert", 80),
    )
    return services.report(of, caller(request))


def _index(request: HttpRequest, typed: Mapping[str, Any], status: int) -> HttpResponse:
    now = clock.now()
    open_, closed = reading.several(now, open_=True), reading.several(now, open_=False)
    shown = {
        "open": open_,
        "closed": closed,
        "names": names_of(each.lead for each in (*open_, *closed)),
        "risks": RISKS,
        "severities": SEVERITIES,
        "typed": typed,
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
    }
    return render(request, "risk/incidents.html", shown, status=status)


def _room(request: HttpRequest, incident: str, deed: str, status: int) -> HttpResponse:
    shown, now = shown_or_404(incident), clock.now()
    of = shown.story.incident
    context = {
        "id": incident,
        "serial": shown.serial,
        "of": of,
        "story": shown.story,
        "late": shown.late,
        "now": now,
        "roles": [each for each in of.roles if each.until is None],
        "chronicle": of.chronicle(),
        "linked": sorted(of.touched),
        "happenings": [(each.on, each.event) for each in shown.happenings],
        "notice_left": _minutes(of.notice_due, now),
        "loss": None if of.loss_actual is None else amount(of.loss_actual, of.currency),
        "names": names_of(people_in(shown)),
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
        "role_names": services.ROLES,
        "severities": [each for each in SEVERITIES if each != of.severity],
        "links": LINKS,
        "typed": {deed: request.POST.dict()} if deed else {},
    }
    return render(request, "risk/incident.html", context, status=status)


def _minutes(due: datetime | None, now: datetime) -> int | None:
    return None if due is None else round((due - now).total_seconds() / 60)


def _note(request: HttpRequest, incident: str, _shown: Shown) -> None:
    happened = (
        doing.moment(request, "happened") if doing.given(request, "happened") else clock.now()
    )
    text = doing.given(request, "text", 4000)
    services.note(incident, doing.seen(request), text, happened, caller(request))


def _regrade(request: HttpRequest, incident: str, _shown: Shown) -> None:
    severity, why = doing.given(request, "severity", 20), doing.given(request, "why", 400)
    services.regrade(incident, doing.seen(request), severity, why, caller(request))


def _role(request: HttpRequest, incident: str, _shown: Shown) -> None:
    role, seen = doing.given(request, "role", 20), doing.seen(request)
    username = doing.given(request, "person", 80)
    if username:
        services.take_role(incident, seen, role, username, caller(request))
    else:
        services.give_back_role(incident, seen, role, caller(request))


def _task(request: HttpRequest, incident: str, _shown: Shown) -> None:
    task = TaskAsked(
        doing.given(request, "name", 400),
        doing.given(request, "person", 80),
        doing.moment(request, "due"),
    )
    services.add_task(incident, doing.seen(request), task, caller(request))


def _task_done(request: HttpRequest, incident: str, _shown: Shown) -> None:
    name = doing.given(request, "name", 400)
    services.do_task(incident, doing.seen(request), name, caller(request))


def _link(request: HttpRequest, incident: str, _shown: Shown) -> None:
    what, which = doing.given(request, "what", 20), doing.given(request, "which", 100)
    services.link(incident, doing.seen(request), what, which, caller(request))


def _notice(request: HttpRequest, incident: str, _shown: Shown) -> None:
    services.give_notice(incident, doing.seen(request), caller(request))


def _stable(request: HttpRequest, incident: str, _shown: Shown) -> None:
    text = doing.given(request, "text", 4000)
    services.stabilise(incident, doing.seen(request), text, caller(request))


def _close(request: HttpRequest, incident: str, shown: Shown) -> None:
    loss = doing.minor(request, "loss", shown.story.incident.currency)
    services.close(incident, doing.seen(request), loss, caller(request))


DEEDS: Mapping[str, Deed] = {
    "note": _note,
    "regrade": _regrade,
    "role": _role,
    "task": _task,
    "task-done": _task_done,
    "link": _link,
    "notice": _notice,
    "stable": _stable,
    "close": _close,
}
urlpatterns = [
    path("incidents/", index, name="incidents"),
    path("incidents/report", report, name="incident-report"),
    path("incidents/<slug:incident>/", room, name="incident"),
    path("incidents/<slug:incident>/<slug:deed>", do, name="incident-do"),
]
