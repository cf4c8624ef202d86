"""The page that holds two runs of the balance side by side."""

from __future__ import annotations

import difflib
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.contexts.balances import reading
from equipoise.service.contexts.balances.reading import RunSummary
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.permissions import Action


@require_safe
@may(Action.READ_BALANCE)
def compare(request: HttpRequest) -> HttpResponse:
    """Two runs: their appetites, frontiers, recommended moves, prices, and who is swapped."""
    runs = [_run(request.GET.get(name, "")) for name in ("a", "b")]
    results = [reading.result(each.id) for each in runs]
    context: dict[str, Any] = {"runs": runs, "differences": _differences(*runs)}
    one, two = results
    if one is not None and two is not None:
        # what reads a balance is large, and loaded once two are looked at
        from equipoise.service.pages.analyst.side_by_side import beside

        context |= beside(runs, (one, two), request.GET.get("by", "")[:80])
    return render(request, "analyst/compare.html", context)


def _differences(one: RunSummary, two: RunSummary) -> list[tuple[str, str]]:
    """Lines that one appetite has and the other has not, each with the sign of the second."""
    lines = difflib.unified_diff(
        one.appetite.splitlines(), two.appetite.splitlines(), n=0, lineterm=""
    )
    shown = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return [(line[:1], line[1:]) for line in shown]


def _run(text: str) -> RunSummary:
    if not (text.isascii() and text.isdigit()):
        raise Http404
    try:
        return reading.run(int(text[:12]))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None


urlpatterns = [path("compare", compare, name="balance-compare")]
