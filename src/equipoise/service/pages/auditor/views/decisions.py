"""The pages of past decisions: the newest, and each with its trace, made again at a button."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.decisions import reading
from equipoise.service.contexts.decisions.reading import DecisionView, Wanted
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.pages.auditor.trace import sections_of
from equipoise.service.pages.frame.asked import day_in, named, text_in
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts.access import caller, reach
from equipoise.service.platform.accounts.permissions import Action, Principal, Reach
from equipoise.service.platform.exports.services import Column, Export
from equipoise.service.platform.exports.writing import Row
from equipoise.strategy.decision import OUTCOMES
from equipoise.texts.refusing import refusal, refused
from equipoise.texts.saying import say

_SHOWN, _AT_ONCE = 50, 500
_DECISION = re.compile(r"decision-[0-9a-f]{32}")
_CHAIN = re.compile(r"(application|draft)-[0-9a-f]{32}")
_COLUMNS = (
    Column("decision"), Column("application"), Column("outcome"), Column("strategy"),
    Column("digest"), Column("way"), Column("begun_by"), Column("made_at", datetime),
)  # fmt: skip
_FILTERS = ("outcome", "strategy", "from", "to")


@require_safe
@may(Action.READ_RECORD)
def index(request: HttpRequest) -> HttpResponse:
    """The newest decisions, by outcome, strategy and days; and any one by its id."""
    if sought := text_in(request.GET, "id"):
        return _sought(request, sought)
    over = caller(request).reach(Action.READ_DECISIONS) or Reach.OWN
    try:
        rows, older = reading.recent(
            caller(request), over, _wanted(request.GET), text_in(request.GET, "after"), _SHOWN
        )
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("audit")
    asked = {name: text_in(request.GET, name) for name in _FILTERS}
    shown = {
        "decisions": [(each, said_word(each.outcome), said_word(each.way)) for each in rows],
        "older": _older(asked, older),
        "asked": asked,
        "outcomes": [(each, said_word(each)) for each in OUTCOMES],
        "strategies": sorted(registry.in_force()),
        "exports": caller(request).reach(Action.EXPORT) is not None,
    }
    return render(request, "auditor/decisions.html", shown)


@require_POST
@may(Action.EXPORT)
@may(Action.READ_RECORD)
def export(request: HttpRequest) -> HttpResponse:
    """The decisions of the filters as a file: ids and outcomes, no facts."""
    asked = {name: text_in(request.POST, name) for name in _FILTERS}
    rows = _rows(caller(request), _wanted(request.POST))
    try:
        return exported(request, Export("decisions", _COLUMNS, asked), rows)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("audit")


@require_safe
@never_cache
@may(Action.REPLAY)
def decision(request: HttpRequest, decision_id: str) -> HttpResponse:
    """One decision: what was answered and how it came about."""
    return _shown(request, _decision(request, decision_id))


@require_POST
@never_cache
@may(Action.REPLAY)
def replay(request: HttpRequest, decision_id: str) -> HttpResponse:
    """The same, made again by the strategy, the facts and the day of then."""
    decision = _decision(request, decision_id)
    try:
        replayed = reading.replay(decision, caller(request))
    except EquipoiseError as error:
        return _shown(request, decision, cannot=refusal(error.message))
    return _shown(request, decision, replayed=replayed)


def _shown(request: HttpRequest, decision: DecisionView, **more: Any) -> HttpResponse:
    by = caller(request)
    try:
        traced = reading.traced(decision, by)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        raise Http404 from None
    shown = {
        "decision": traced.row,
        "outcome": said_word(traced.row.outcome),
        "way": said_word(traced.row.way),
        "by": named([traced.row.begun_by])[traced.row.begun_by],
        "decided_on": decision.plain["trace"]["decided_on"],
        "kept": traced.kept.value,
        "failure": traced.failure,
        "sections": sections_of(traced),
        "version": registry.number_of(traced.row.strategy, traced.row.digest),
        "audits": by.reach(Action.READ_RECORD) is not None,
        **more,
    }
    return render(request, "auditor/decision.html", shown)


def _decision(request: HttpRequest, decision_id: str) -> DecisionView:
    if not _DECISION.fullmatch(decision_id):
        raise Http404
    try:
        return reading.visible(decision_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None


def _sought(request: HttpRequest, sought: str) -> HttpResponse:
    """Where what has that id is shown."""
    if _DECISION.fullmatch(sought):
        return redirect("audit-decision", sought)
    if _CHAIN.fullmatch(sought):
        return redirect("audit-history", sought)
    messages.error(request, say("This is no id of a decision, an application or a draft."))
    return redirect("audit")


def _wanted(given: Mapping[str, str]) -> Wanted:
    outcome = text_in(given, "outcome")
    return Wanted(
        outcome=outcome if outcome in OUTCOMES else "",
        strategy=text_in(given, "strategy"),
        first=day_in(given, "from"),
        last=day_in(given, "to"),
    )


def _older(asked: Mapping[str, str], after: str) -> dict[str, str]:
    """The address of what comes after these, by its parts; none at the end."""
    return {**{n: v for n, v in asked.items() if v}, "after": after} if after else {}


def _rows(by: Principal, wanted: Wanted) -> Iterator[Row]:
    after, over = "", by.reach(Action.READ_DECISIONS) or Reach.OWN
    while True:
        rows, after = reading.recent(by, over, wanted, after, _AT_ONCE)
        for each in rows:
            yield (
                each.id, each.application, each.outcome, each.strategy, each.digest, each.way,
                each.begun_by, each.made_at,
            )  # fmt: skip
        if not after:
            return


urlpatterns = [
    path("", index, name="audit"),
    path("export", export, name="audit-export"),
    path("decisions/<slug:decision_id>/", decision, name="audit-decision"),
    path("decisions/<slug:decision_id>/replay", replay, name="audit-replay"),
]
