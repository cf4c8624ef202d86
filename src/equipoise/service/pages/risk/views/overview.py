"""Risk at a glance: what rings, the register as a map, every indicator, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.books import reading as books
from equipoise.service.contexts.books.reading import BookLimits, LimitUsed
from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.reading import AlertView, Registered, Version, Watched
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.pages.risk import doing
from equipoise.service.pages.risk.words import colour, labelled, look_of, rows_of, titled, written
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.texts.numbers import count, money, percent
from equipoise.texts.saying import say, spoken

_GRADES = (1, 2, 3, 4, 5)
_A_DAY = timedelta(days=1)
_FIRST = ("red", "data", "amber", "inhibited")
"""The readings that somebody has to look at, the worst first; others stand as they are written."""
_MOST_LIMITS = 10


@require_safe
@may(Action.READ_RISK)
def overview(request: HttpRequest) -> HttpResponse:
    """What is watched and what rings; how to begin where nothing is watched."""
    by, version, waits = caller(request), reading.in_force(), reading.waiting()
    shown: dict[str, Any] = {
        "version": version,
        "waits": waits,
        "own": waits is not None and waits.brought_by == by.person,
        "differs": reading.differs(),
        "limits": _limits(books.limits()),
        "names": accounts.usernames(_people(version, waits)),
        "acts": by.reach(Action.ACT_ON_RISK) is not None,
        "sees_plans": by.reach(Action.READ_PLANS) is not None,
    }
    shown["brought_by"] = _name(shown["names"], waits.brought_by if waits else "")
    shown["approved_by"] = _name(shown["names"], version.approved_by if version else "")
    if version is not None:
        shown |= _watched(version, by)
    return render(request, "risk/overview.html", shown)


@require_POST
@may(Action.ACT_ON_RISK)
def bring(request: HttpRequest) -> HttpResponse:
    """Take watch.yaml of the workspace in."""
    done = say("watch.yaml is brought in. Another person approves it.")
    return _acted(request, lambda: services.bring_in(caller(request)), done)


@require_POST
@may(Action.ACT_ON_RISK)
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    """Have watched what somebody else brought in."""
    done = say("It is watched from now on; the first readings come in a few minutes.")
    return _acted(request, lambda: services.approve(version_id, caller(request)), done)


@require_POST
@may(Action.ACT_ON_RISK)
def measure(request: HttpRequest) -> HttpResponse:
    """Have everything measured soon."""
    return _acted(request, services.ask_measuring, say("It is measured soon."))


def alert_rows(alerts: list[AlertView], version: Version | None) -> list[dict[str, Any]]:
    """Alerts as a table shows them."""
    known = {} if version is None else _by_name(version)
    names = accounts.usernames([each.owner for each in alerts if each.owner.startswith("user.")])
    return [
        {
            "of": each,
            "label": labelled(each.indicator, known.get(each.indicator)),
            "severity": said_word(each.severity),
            "look": look_of(each.severity),
            "stage": said_word(each.stage),
            "because": labelled(each.inhibited_by, known.get(each.inhibited_by)),
            "owner": names.get(each.owner, each.owner),
        }
        for each in alerts
    ]


def _acted(request: HttpRequest, act: Callable[[], object], sentence: str) -> HttpResponse:
    doing.done(request, act, sentence)
    return redirect("risk")


def _watched(version: Version, by: Principal) -> dict[str, Any]:
    watched, known = reading.indicators(version), _by_name(version)
    since = clock.now() - _A_DAY
    moved, rang = reading.changed_since(since)
    registered = reading.register(version)
    return {
        "alerts": alert_rows(sorted(reading.alerts(), key=_inhibited), version),
        "notices": [
            {"of": each, "label": labelled(each.indicator, known.get(each.indicator)),
             "cause": said_word(each.cause)}
            for each in reading.notices_for(by.person)
        ],
        "amiss": [(labelled(e.indicator, None), e) for e in reading.states()],
        "indicators": [_indicator(each) for each in sorted(watched, key=_urgency)],
        "moved": alert_rows(sorted(moved, key=_inhibited), version),
        "rang": [
            (e, labelled(e.indicator, known.get(e.indicator)), *colour(e)) for e in rang
        ],
        "map": _map(registered),
        "risks": [_risk(each) for each in registered],
        "grades": _GRADES,
    }  # fmt: skip


def _inhibited(alert: AlertView) -> bool:
    """What another alert explains comes after what stands by itself."""
    return bool(alert.inhibited_by)


def _urgency(each: Watched) -> int:
    colour = each.newest.colour if each.newest else ""
    return _FIRST.index(colour) if colour in _FIRST else len(_FIRST)


def _limits(of: BookLimits | None) -> dict[str, Any] | None:
    """The most used limits of the book, and how many there are besides."""
    if of is None:
        return None
    return {
        "of": of,
        "rows": [_limit(each, of) for each in of.uses[:_MOST_LIMITS]],
        "besides": max(0, len(of.uses) - _MOST_LIMITS),
    }


def _limit(each: LimitUsed, among: BookLimits) -> dict[str, Any]:
    ahead, currency = each.ahead, among.currency
    number = reverse("book-number", args=[among.measuring, "limit"])
    look = "dead" if each.use > 1 else "waiting" if ahead is not None and ahead > 1 else "active"
    return {
        "of": each,
        "to": f"{number}?{urlencode({'of': each.name, 'at': each.of})}",
        "exposure": money(each.exposure, currency),
        "limit": money(each.limit, currency),
        "use": percent(each.use),
        "ahead": "–" if ahead is None else percent(ahead),
        "look": look,
    }


def _indicator(each: Watched) -> dict[str, Any]:
    """A row: how it reads, how much of what is allowed it uses, and how it read before."""
    of, newest, before = each.indicator, each.newest, each.before
    said, look = colour(newest)
    return {
        "name": of.name,
        "label": labelled(of.name, of),
        "value": written(newest.value if newest else None, of.kind),
        "rows": rows_of(of.name, newest),
        "rows_before": rows_of(of.name, before),
        "n": count(newest.n if newest else 0),
        "period": newest.period if newest else None,
        "said": said,
        "look": look,
        "before": written(before.value if before else None, of.kind),
        "use": _use(each),
    }


def _use(each: Watched) -> str:
    """The value as a share of the red bound, where that is a value and worse is upwards."""
    red, newest = each.indicator.red, each.newest
    if red is None or newest is None or newest.value is None or each.indicator.direction != "up":
        return "–"
    bound = red.at if red.at is not None else (newest.baseline or 0) * (red.times or 0)
    return percent(newest.value / bound) if bound > 0 else "–"


def _map(registered: list[Registered]) -> list[dict[str, Any]]:
    """The register by probability (downwards) and impact: how hot each cell is, what is there."""
    there: dict[tuple[int, int], list[Registered]] = {}
    for each in registered:
        if each.probability is not None and each.impact is not None:
            there.setdefault((each.probability, each.impact), []).append(each)
    return [
        {
            "grade": probability,
            "cells": [
                {
                    "impact": impact,
                    "heat": min(5, 1 + (probability * impact) // 5),
                    "risks": [
                        (titled(each.risk), _is_measured(each), each)
                        for each in there.get((probability, impact), [])
                    ],
                }
                for impact in _GRADES
            ],
        }
        for probability in reversed(_GRADES)
    ]


def _risk(each: Registered) -> dict[str, Any]:
    return {
        "of": each,
        "title": titled(each.risk),
        "cause": each.risk.caused_by(spoken()),
        "class": said_word(each.risk.class_),
        "measured": _is_measured(each),
        "over": each.score is not None and each.score > each.risk.appetite,
    }


def _is_measured(each: Registered) -> bool:
    return each.risk.probability.is_measured or each.risk.impact.is_measured


def _by_name(version: Version) -> Mapping[str, Any]:
    return {each.name: each for each in version.watch.document.indicators}


def _people(*versions: Version | None) -> set[str]:
    known = [each for each in versions if each is not None]
    return {p for each in known for p in (each.brought_by, each.approved_by) if p}


def _name(names: Mapping[str, str], person: str) -> str:
    return names.get(person, person)


urlpatterns = [
    path("", overview, name="risk"),
    path("bring", bring, name="risk-bring"),
    path("measure", measure, name="risk-measure"),
    path("<int:version_id>/approve", approve, name="risk-approve"),
]
