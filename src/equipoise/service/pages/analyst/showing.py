"""What the page of a run shows: its frontier, a place of it, and what went on from there."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

from equipoise.balance.result_document import BalanceResult
from equipoise.service.contexts.balances import reading
from equipoise.service.contexts.balances.reading import RunSummary
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.pages.analyst import point as points
from equipoise.service.pages.analyst.places import (
    SAME_EXPERIENCE,
    SAME_RISK,
    chosen,
    frontier_figure,
    nearest,
)
from equipoise.service.platform.accounts import reading as accounts
from equipoise.texts.numbers import count
from equipoise.texts.saying import retold


def place_shown(shown: RunSummary, balance: BalanceResult, asked: str, by: str) -> dict[str, Any]:
    """The frontier with a place of it, as asked for in the address, and who is affected `by`."""
    at = chosen(balance, asked)
    number = at.number or float(nearest(balance, at.at.x))
    last = len(balance.frontier)
    months = reading.observed()
    return {
        "run": shown,
        "balance": balance,
        "applicants": count(balance.applicants),
        "at": at,
        "name": at.name(last),
        "number": f"{number:g}",
        "last": last,
        "before": max(ceil(number) - 1, 1),
        "after": min(floor(number) + 1, last),
        "at_first": number <= 1,
        "at_last": number >= last,
        "mixture": points.mixture(at),
        "others": [SAME_RISK, *([SAME_EXPERIENCE] if balance.recommended.same_experience else [])],
        "figure": frontier_figure(balance, at, months),
        "months": months,
        "figures": points.figures(balance, at),
        "warnings": [retold(each) for each in balance.warnings],
        "certified": points.certified(balance, at),
        "prices": points.priced(shown.id, balance, at),
        "affected": points.affected(shown.id, balance, at, by),
        "sent": _sent(shown.id),
    }


def _sent(run_id: int) -> list[dict[str, Any]]:
    """What went to the registry from here, and where it stands there."""
    sent = reading.sent(run_id)
    versions = registry.summaries([each.version for each in sent if each.version])
    names = accounts.usernames({each.asked_by for each in sent})
    return [
        {
            "sent": each,
            "by": names.get(each.asked_by, each.asked_by),
            "version": versions.get(each.version or 0),
        }
        for each in sent
    ]
