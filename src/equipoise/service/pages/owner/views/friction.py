"""The friction ledger: what each check costs, and what a change of a check, a question or a rule
would bring, found anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.process import reading, services
from equipoise.service.contexts.process.reading import Ledger, PartChange
from equipoise.service.pages.charts import Axis, Bar, Bars, Cell
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.numbers import ABSENT, count, fixed, money, signed, span
from equipoise.texts.saying import marked, say

CHANGES: Mapping[str, str] = {
    "take_away": marked("take it away"),
    "ask_some": marked("ask it of some only"),
    "ask_first": marked("ask it first"),
    "lift": marked("lift it"),
}
SORTS: Mapping[str, str] = {
    "check": marked("check"),
    "question": marked("question"),
    "rule": marked("rule"),
}


@require_safe
@may(Action.READ_PROCESS)
def index(request: HttpRequest) -> HttpResponse:
    """The ledger, and the changes in the order of what they bring."""
    kept = reading.ledger()
    ledger = kept.ledger if kept else None
    shown: dict[str, Any] = {"kept": kept, "ledger": ledger}
    if ledger is not None:
        shown |= {
            "applicants": count(ledger.applicants),
            "rows": _rows(ledger),
            "figure": _figure(ledger),
            "changes": _changes(ledger),
            "now": (money(ledger.profit, ledger.currency), count(ledger.good)),
            "done": len(ledger.changes),
        }
    return render(request, "owner/friction.html", shown)


@require_POST
@may(Action.READ_PROCESS)
def reckon(request: HttpRequest) -> HttpResponse:
    """Have it reckoned anew."""
    services.ask_reckoning()
    messages.success(request, say("It is being reckoned. Each change takes as long as a balance."))
    return redirect("friction")


def _rows(ledger: Ledger) -> list[dict[str, str]]:
    currency = ledger.currency
    return [
        {
            "check": each.check,
            "met": count(each.applicants),
            "minutes": count(each.minutes),
            "bad": count(each.bad_avoided),
            "avoided": money(each.bad_avoided_money, currency),
            "good": count(each.good_lost),
            "lost": money(each.good_lost_money, currency),
            "cost": money(each.cost, currency),
            "net": money(each.net, currency),
            "between": span(money(each.net_low, currency), money(each.net_high, currency)),
        }
        for each in ledger.rows
    ]


def _figure(ledger: Ledger) -> Bars:
    return Bars(
        title=say("What each check buys, less what it costs"),
        described=say("Losses avoided less good customers' value lost and the check's own cost."),
        axis=Axis(say("Net"), "money", ledger.currency),
        names=("",),
        rows=tuple(
            Bar(each.check, (Cell(each.net, each.net_low, each.net_high),)) for each in ledger.rows
        ),
    )


def _changes(ledger: Ledger) -> list[dict[str, str]]:
    """Those that bring both first, then by money; what was not found comes last."""
    return [_change(ledger, each) for each in sorted(ledger.changes, key=_rank)]


def _rank(each: PartChange) -> tuple[int, float, float]:
    if each.profit is None or each.good is None:
        return (2, 0.0, 0.0)
    both = each.profit >= 0 and each.good >= 0
    return (0 if both else 1, -each.profit, -each.good)


def _change(ledger: Ledger, each: PartChange) -> dict[str, str]:
    measured = each.profit is not None and each.good is not None
    return {
        "part": each.part,
        "sort": SORTS[each.sort],
        "says": each.says,
        "kind": CHANGES[each.kind],
        "profit": signed(money(each.profit, ledger.currency)) if measured else ABSENT,
        "good": signed(fixed(each.good or 0.0, 0)) if measured else ABSENT,
        "loss": signed(money(each.loss, ledger.currency)) if measured else ABSENT,
        "gap": money(each.gap, ledger.currency) if measured else ABSENT,
        "fault": each.fault,
    }


urlpatterns = [
    path("friction/", index, name="friction"),
    path("friction/reckon", reckon, name="friction-reckon"),
]
