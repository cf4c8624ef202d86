"""The plans in force: their readiness, their drills, their switches, and where a run begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.plans import reading, services
from equipoise.service.contexts.plans.reading import Standing, Stands, Version
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.languages import text_in
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say, spoken

if TYPE_CHECKING:
    from equipoise.watch.plans import Plan, PlansDocument

_GOOD = (Stands.READY, Stands.ON)
_LONGEST = 500


@require_safe
@may(Action.READ_PLANS)
def index(request: HttpRequest) -> HttpResponse:
    """Every plan with its readiness and its next drill; runs under way first."""
    version, waits, by = reading.in_force(), reading.waiting(), caller(request)
    shown: dict[str, Any] = {
        "version": version,
        "waits": waits,
        "waiting": [(worded(each.title), each) for each in waits.document.plans] if waits else [],
        "own": waits is not None and waits.brought_by == by.person,
        "names": accounts.usernames(_people(version, waits)),
        "acts": by.reach(Action.RUN_PLANS) is not None,
        "runs": reading.runs(),
        "plans": [] if version is None else _listed(version),
    }
    shown["brought_by"] = _name(shown["names"], waits.brought_by if waits else "")
    shown["approved_by"] = _name(shown["names"], version.approved_by if version else "")
    return render(request, "plans/index.html", shown)


@require_safe
@may(Action.READ_PLANS)
def plan(request: HttpRequest, name: str) -> HttpResponse:
    """One plan: its steps, who is called, what it may switch and whom that gives less."""
    version = reading.in_force()
    if version is None:
        raise Http404
    try:
        written = version.document.plan(name)
    except BadInput:
        raise Http404 from None
    by = caller(request)
    drill = next(each for each in reading.practised(version) if each.plan == name)
    counted = reading.resources(written, clock.now())
    roles = roles_of(version.document)
    shown = {
        "plan": written,
        "title": worded(written.title),
        "risk": said_word(written.risk),
        "steps": steps_of(written, roles),
        "contacts": [
            (each, roles[each.role], roles.get(each.then or "", ""))
            for each in version.document.contacts
        ],
        "switches": [_switch(each) for each in reading.standings(written)],
        "resources": [_resource(each, roles) for each in counted],
        "names": accounts.usernames({each.last.by for each in counted if each.last}),
        "drill": drill,
        "late": drill.late(clock.now().date()),
        "acts": by.reach(Action.RUN_PLANS) is not None,
        "turns": by.reach(Action.TURN_SWITCHES) is not None,
        "reads": by.reach(Action.READ_STRATEGIES) is not None,
        "runs": [each for each in reading.runs() if each.plan == name],
    }
    return render(request, "plans/plan.html", shown)


@require_POST
@may(Action.RUN_PLANS)
def bring(request: HttpRequest) -> HttpResponse:
    """Take plans.yaml of the workspace in."""
    done = say("The plans are brought in. Another person approves them.")
    return _acted(request, lambda: services.bring_in(caller(request)), done, "plans")


@require_POST
@may(Action.RUN_PLANS)
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put plans in force that somebody else brought in."""
    done = say("The plans are in force.")
    return _acted(request, lambda: services.approve(version_id, caller(request)), done, "plans")


@require_POST
@may(Action.RUN_PLANS)
def begin(request: HttpRequest, name: str) -> HttpResponse:
    """Begin a run, or a drill."""
    cause, drill = request.POST.get("cause", "")[: 2 * _LONGEST], "drill" in request.POST
    try:
        run = services.begin(name, cause, caller(request), drill=drill)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("plan", name)
    return redirect("plan-run", run)


@require_POST
@may(Action.RUN_PLANS)
def check(request: HttpRequest, name: str, resource: str) -> HttpResponse:
    """Somebody looked how much there is of a resource."""
    done = say("It is recorded.")

    def checked() -> None:
        amount = typed_number(request.POST.get("amount", "")[:40])
        services.check_resource(name, resource, amount, caller(request))

    return _acted(request, checked, done, "plan", name)


@require_POST
@may(Action.TURN_SWITCHES)
def prepare(request: HttpRequest, name: str, switch: str) -> HttpResponse:
    """Make a switch a strategy, held against the newest applications, for somebody to approve."""
    done = say("The switch is prepared. An approver approves it among the strategies.")
    return _acted(
        request, lambda: services.prepare(name, switch, caller(request)), done, "plan", name
    )


def worded(texts: Any) -> str:
    """What a plan says, in the language spoken now, else in the first it is written in."""
    return text_in(texts, spoken()) or str(next(iter(texts.values())))


def roles_of(document: PlansDocument) -> dict[str, str]:
    """What roles are called in the language spoken now, by their names."""
    return {each.role: worded(each.title) for each in document.contacts}


def steps_of(plan: Plan, roles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Its steps, with all that they name in the language spoken now."""
    does = {each.name: worded(each.does) for each in plan.steps}
    return [
        {
            "of": each,
            "does": does[each.name],
            "role": roles[each.role],
            "waits_for": ", ".join(does[name] for name in each.after),
            "switch": worded(plan.switch(each.switch).does) if each.switch else "",
        }
        for each in plan.steps
    ]


def _acted(request: HttpRequest, act: Callable[[], object], done: str, *back: str) -> HttpResponse:
    try:
        act()
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, done)
    return redirect(*back)


def _listed(version: Version) -> list[dict[str, Any]]:
    today, drills = clock.now().date(), reading.practised(version)
    rows = []
    for each, drill in zip(version.document.plans, drills, strict=True):
        switches = reading.standings(each)
        counted = reading.resources(each, clock.now())
        rows.append(
            {
                "name": each.name,
                "title": worded(each.title),
                "risk": said_word(each.risk),
                "ready": sum(one.stands in _GOOD for one in switches),
                "switches": len(switches),
                "there": sum(one.stands == "there" for one in counted),
                "resources": len(counted),
                "due": drill.due,
                "late": drill.late(today),
            }
        )
    return rows


def _switch(each: Standing) -> dict[str, Any]:
    return {
        "of": each,
        "does": worded(each.switch.does),
        "kind": said_word(each.switch.kind),
        "stands": said_word(each.stands.value),
        "ready": each.stands in _GOOD,
        "can": each.switch.kind != "relief" and each.stands in (Stands.UNPREPARED, Stands.STALE),
        "waits": each.stands is Stands.WAITS,
    }


def _resource(each: reading.Counted, roles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "of": each.resource,
        "role": roles.get(each.resource.role, each.resource.role),
        "last": each.last,
        "kind": said_word(each.resource.kind),
        "stands": said_word(each.stands.value),
        "ready": each.stands == "there",
    }


def typed_number(text: str) -> float:
    """A number as it was typed. Raises BadInput."""
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise BadInput("this is no number", field="amount", mend="write 1200.50")
    return number


def _people(*versions: Version | None) -> set[str]:
    known = [each for each in versions if each is not None]
    return {p for each in known for p in (each.brought_by, each.approved_by) if p}


def _name(names: Any, person: str) -> str:
    return str(names.get(person, person))


urlpatterns = [
    path("", index, name="plans"),
    path("bring", bring, name="plans-bring"),
    path("<int:version_id>/approve", approve, name="plans-approve"),
    path("<slug:name>/", plan, name="plan"),
    path("<slug:name>/begin", begin, name="plan-begin"),
    path("<slug:name>/resources/<slug:resource>/check", check, name="plan-check"),
    path("<slug:name>/switches/<slug:switch>/prepare", prepare, name="plan-prepare"),
]
