"""One indicator: its history with intervals and bounds, how it is counted, and its rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.reading import (
    BacktestView,
    ReadingView,
    Version,
    WarningWorth,
)
from equipoise.service.pages.charts import Axis, Kind, Lines, Reading, Rule, Series
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.pages.risk import doing
from equipoise.service.pages.risk.shown.frontier import frontier
from equipoise.service.pages.risk.words import colour, labelled, rows_of, titled, written
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports.services import Column, Export
from equipoise.texts.numbers import count
from equipoise.texts.refusing import refusal, refused
from equipoise.texts.saying import say

if TYPE_CHECKING:
    from equipoise.watch import Indicator

_SHOWN = 24
_ROWS = 50
_COLUMNS = (
    Column("period", date),
    Column("value", float),
    Column("n", int),
    Column("low", float),
    Column("high", float),
    Column("baseline", float),
    Column("chance", float),
    Column("verdict"),
    Column("fault"),
    Column("inhibited_by"),
    Column("rows"),
    Column("watch"),
)


@require_safe
@may(Action.READ_RISK)
def indicator(request: HttpRequest, name: str) -> HttpResponse:
    """How it reads, how it did, and by which rule."""
    version, of = _indicator_in_force(name)
    history = reading.history(name)
    alert = next((each for each in reading.alerts() if each.indicator == name), None)
    by = caller(request)
    return render(
        request,
        "risk/indicator.html",
        {
            "of": of,
            "label": labelled(name, of),
            "words": {each: said_word(each) for each in (of.about,)},
            "chart": _chart(name, of, history) if history else None,
            "rows": [_row(each, of) for each in reversed(history[-_SHOWN:])],
            "newest": history[-1] if history else None,
            "query": query(of),
            "table": version.watch.document.table(of.table),
            "alert": alert,
            "alert_stage": said_word(alert.stage) if alert else "",
            "injected": [
                (each, written(each.value, of.kind), said_word(each.verdict))
                for each in reading.injected(name)
            ],
            "risk": next(
                (titled(each) for each in version.watch.document.risks if each.name == of.risk), ""
            ),
            **_backtest(reading.backtest(name), version, of.kind),
            "acts": by.reach(Action.ACT_ON_RISK) is not None,
            "sees_plans": by.reach(Action.READ_PLANS) is not None,
            "exports": by.reach(Action.EXPORT) is not None,
        },
    )


@require_safe
@may(Action.READ_RISK)
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """Rows of a period that it was counted from, the first of them."""
    _, of = _indicator_in_force(name)
    history = reading.history(name)
    try:
        period = date.fromisoformat(request.GET.get("period", ""))
    except ValueError:
        period = history[-1].period if history else date.min
    if not any(each.period == period for each in history):
        raise Http404
    fault, shown = "", None
    try:
        shown = reading.rows(name, period, _ROWS)
    except EquipoiseError as error:
        fault = refused(error)
    return render(
        request,
        "risk/rows.html",
        {
            "of": of,
            "label": labelled(name, of),
            "period": period,
            "query": query(of),
            "shown": shown,
            "fault": fault,
            "most": _ROWS,
        },
    )


@require_POST
@may(Action.ACT_ON_RISK)
def backtest(request: HttpRequest, name: str) -> HttpResponse:
    """Have the indicators in force held against history, in the background."""
    _indicator_in_force(name)
    sentence = say("The back-test is under way. Look again in a minute.")
    doing.done(request, lambda: services.ask_backtest(caller(request)), sentence)
    return redirect("risk-indicator", name)


@require_POST
@may(Action.EXPORT)
def export(request: HttpRequest, name: str) -> HttpResponse:
    """All its readings, those too that others took the place of, as a file."""
    if caller(request).reach(Action.READ_RISK) is None:
        from django.core.exceptions import PermissionDenied

        raise PermissionDenied
    _indicator_in_force(name)
    readings = reading.history(name, all_versions=True)
    made = Export("readings", _COLUMNS, {"indicator": name})
    return exported(request, made, map(_cells, readings))


def query(of: Any) -> str:
    """What is counted, as one would ask for it."""
    counted = {
        "rate": f"AVG(CASE WHEN {of.of} THEN 1.0 ELSE 0 END)",
        "mean": f"AVG({of.of})",
        "ratio": f"SUM({of.of}) / SUM({of.over})",
        "expected": f"SUM(CASE WHEN {of.of} THEN 1 ELSE 0 END) / SUM({of.over})",
        "volume": "COUNT(*)",
        "distribution": f"PSI({of.of})",
        "gini": f"GINI({of.of}, {of.over})",
    }[of.kind]
    where = f" WHERE {of.where}" if of.where else ""
    return f"SELECT {counted} FROM {of.table}{where}"


def _indicator_in_force(name: str) -> tuple[Version, Any]:
    version = reading.in_force()
    if version is None:
        raise Http404
    for each in version.watch.document.indicators:
        if each.name == name:
            return version, each
    raise Http404


def _chart(name: str, of: Any, history: list[ReadingView]) -> Lines:
    unit = "share" if of.kind == "rate" else ""
    shown = history[-_SHOWN:]
    rules = [
        Rule(say("{colour} at", colour=said_word(bound)), at.at)
        for bound, at in (("amber", of.amber), ("red", of.red))
        if at is not None and at.at is not None
    ]
    readings = tuple(
        Reading(each.period, each.value, each.low, each.high, colour(each)[0]) for each in shown
    )
    baseline = tuple(Reading(each.period, each.baseline) for each in shown)
    series = [Series(labelled(name, of), readings, "both")]
    if of.against == "history" and any(each.y is not None for each in baseline):
        series.append(Series(say("What was usual"), baseline))
    return Lines(
        labelled(name, of),
        say("Its readings period by period, with intervals, what was usual, and where it rings."),
        Axis(say("Period"), kind=Kind.DAYS),
        Axis(say("Value"), unit, zero=True),
        tuple(series),
        rules=tuple(rules),
    )


def _row(each: ReadingView, indicator: Indicator) -> dict[str, Any]:
    kind = indicator.kind
    said, look = colour(each)
    between = "–"
    if each.low is not None and each.high is not None:
        between = f"{written(each.low, kind)} – {written(each.high, kind)}"
    return {
        "of": each,
        "to": rows_of(indicator.name, each),
        "n": count(each.n),
        "value": written(each.value, kind),
        "between": between,
        "baseline": written(each.baseline, kind),
        "said": said,
        "look": look,
    }


def _backtest(of: BacktestView | None, version: Version, kind: str) -> dict[str, Any]:
    """What the page needs of the last back-test; of one under way that there is one."""
    named = {} if of is None else accounts.usernames([of.asked_by])
    return {
        "test": of,
        "test_fault": "" if of is None else refusal(of.fault),
        "test_by": "" if of is None else named.get(of.asked_by, ""),
        "test_is_old": of is not None and of.digest != version.digest,
        "worths": [
            _worth(each, said, kind)
            for each, said in (
                (of.as_it_is if of else None, say("As it is")),
                (of.proposed if of else None, say("Threshold proposed")),
            )
            if each is not None
        ],
        "frontier": None if of is None else frontier(of, kind),
        "testing": reading.backtest_is_under_way(),
        "can_test": version.watch.document.backtest is not None,
    }


def _worth(of: WarningWorth, said: str, kind: str) -> dict[str, Any]:
    return {
        "said": said,
        "at": "" if of.threshold is None else written(of.threshold, kind),
        "of": of,
        "per_thousand": f"{of.per_thousand:.1f}",
        "precision": _percent(of.precision),
        "recall": _percent(of.recall),
        "lead": "–" if of.lead is None else _between(*(f"{each:g}" for each in of.lead)),
        "gain": f"{of.gain:,.0f}",
    }


def _percent(of: tuple[float, float, float] | None) -> str:
    return "–" if of is None else _between(*(f"{each:.0%}" for each in of))


def _between(middle: str, low: str, high: str) -> str:
    return f"{middle} ({low} – {high})"


def _cells(each: ReadingView) -> tuple[Any, ...]:
    return (
        each.period, each.value, each.n, each.low, each.high, each.baseline, each.chance,
        each.verdict, each.fault, each.inhibited_by, each.snapshot, each.digest,
    )  # fmt: skip


urlpatterns = [
    path("indicators/<str:name>/", indicator, name="risk-indicator"),
    path("indicators/<str:name>/rows", rows, name="risk-rows"),
    path("indicators/<str:name>/backtest", backtest, name="risk-backtest"),
    path("indicators/<str:name>/export", export, name="risk-readings-export"),
]
