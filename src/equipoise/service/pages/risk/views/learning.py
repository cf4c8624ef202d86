"""The post-mortem of an incident: written from its record, its thresholds replayed, accepted by
somebody else, and its actions chased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput
from equipoise.service.contexts.incidents import services
from equipoise.service.contexts.incidents.reading import Learnt, Shown
from equipoise.service.contexts.incidents.services import ActionAsked, Draft
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.risk import doing
from equipoise.service.pages.risk.views.incidents import names_of, people_in, shown_or_404
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action

_ACTIONS, _THRESHOLDS = range(5), range(3)


@require_safe
@may(Action.READ_RISK)
def post_mortem(request: HttpRequest, incident: str) -> HttpResponse:
    """What was missed, which control failed, and what is done about it."""
    return _page(request, incident, {}, 200)


@require_POST
@may(Action.ACT_ON_RISK)
def learn(request: HttpRequest, incident: str, deed: str) -> HttpResponse:
    """It is written, handed back, accepted, or an action of it is done."""
    if deed not in DEEDS:
        raise Http404
    shown_or_404(incident)
    if doing.done(request, lambda: DEEDS[deed](request, incident)):
        return redirect("post-mortem", incident)
    return _page(request, incident, {deed: request.POST.dict()}, doing.CONFLICT)


def _page(
    request: HttpRequest, incident: str, typed: Mapping[str, Any], status: int
) -> HttpResponse:
    shown, by = shown_or_404(incident), caller(request)
    story, written = shown.story, shown.story.post_mortem
    context = {
        "id": incident,
        "serial": shown.serial,
        "of": story.incident,
        "written": written,
        "story": story,
        "days_missed": 0.0 if written is None else written.missed_hours / 24,
        "today": clock.now().date(),
        "thresholds": _thresholds(shown),
        "accepted": story.learnt in (Learnt.ACCEPTED, Learnt.DONE),
        "waits": story.learnt is Learnt.WRITTEN,
        "own": written is not None and written.by == by.person,
        "late": [each.name for each in shown.late if each.what == "action"],
        "names": names_of(people_in(shown)),
        "controls": services.controls(),
        "acts": by.reach(Action.ACT_ON_RISK) is not None,
        "form": typed.get("write") or _begun(shown),
        "actions": [_row(typed.get("write") or _begun(shown), at) for at in _ACTIONS],
        "proposed": [_threshold(typed.get("write") or _begun(shown), at) for at in _THRESHOLDS],
        "typed": typed,
    }
    return render(request, "risk/post_mortem.html", context, status=status)


def _begun(shown: Shown) -> dict[str, Any]:
    """What the form stands at: the draft there is, else what the record says already."""
    written, of = shown.story.post_mortem, shown.story.incident
    if written is None:
        first = of.chronicle()[0].happened if of.timeline else of.reported
        return {"visible": _local(first), "noticed": _local(of.reported)}
    names = names_of(people_in(shown))
    form = {
        "visible": _local(written.visible),
        "noticed": _local(written.noticed),
        "cause": written.cause,
        "went_well": written.went_well,
        "failed_control": written.failed_control,
    }
    for at, each in enumerate(written.actions):
        form[f"what-{at}"] = each.what
        form[f"owner-{at}"] = names.get(each.owner, "")
        form[f"due-{at}"] = each.due.isoformat()
    for at, threshold in enumerate(written.thresholds):
        form[f"indicator-{at}"] = threshold.indicator
        form[f"red-{at}"] = f"{threshold.after:g}"
    return form


def _row(form: Mapping[str, Any], at: int) -> dict[str, Any]:
    return {"at": at, **{name: form.get(f"{name}-{at}", "") for name in ("what", "owner", "due")}}


def _threshold(form: Mapping[str, Any], at: int) -> dict[str, Any]:
    return {"at": at, **{name: form.get(f"{name}-{at}", "") for name in ("indicator", "red")}}


def _thresholds(shown: Shown) -> list[dict[str, Any]]:
    written, story = shown.story.post_mortem, shown.story
    return [
        {
            "of": each,
            "events": story.events.get(each.indicator),
            "failed": story.failures.get(each.indicator, ""),
            "worse": each.history != "" and each.seen[1] < each.seen[0],
        }
        for each in (written.thresholds if written else ())
    ]


def _local(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def _write(request: HttpRequest, incident: str) -> None:
    actions = [
        ActionAsked(
            doing.given(request, f"what-{at}", 400),
            doing.given(request, f"owner-{at}", 80),
            doing.day(request, f"due-{at}"),
        )
        for at in _ACTIONS
        if doing.given(request, f"what-{at}", 400)
    ]
    thresholds = {
        doing.given(request, f"indicator-{at}", 80): doing.number(request, f"red-{at}")
        for at in _THRESHOLDS
        if doing.given(request, f"indicator-{at}", 80)
    }
    draft = Draft(
        doing.moment(request, "visible"),
        doing.moment(request, "noticed"),
        doing.given(request, "cause", 4000),
        doing.given(request, "went_well", 4000),
        doing.given(request, "failed_control", 200),
        actions,
        thresholds,
    )
    services.write(incident, doing.seen(request), draft, caller(request))


def _hand_back(request: HttpRequest, incident: str) -> None:
    why = doing.given(request, "why", 4000)
    services.hand_back(incident, doing.seen(request), why, caller(request))


def _accept(request: HttpRequest, incident: str) -> None:
    services.accept(incident, doing.seen(request), caller(request))


def _action_done(request: HttpRequest, incident: str) -> None:
    what, evidence = doing.given(request, "what", 400), doing.given(request, "evidence", 4000)
    if not what:
        raise BadInput("no action is named", field="what")
    services.do_action(incident, doing.seen(request), what, evidence, caller(request))


DEEDS = {
    "write": _write,
    "hand-back": _hand_back,
    "accept": _accept,
    "action-done": _action_done,
}
urlpatterns = [
    path("incidents/<slug:incident>/post-mortem/", post_mortem, name="post-mortem"),
    path("incidents/<slug:incident>/post-mortem/<slug:deed>", learn, name="post-mortem-do"),
]
