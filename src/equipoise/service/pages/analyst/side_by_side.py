"""What the page of two runs shows: their frontiers, moves and prices, and who is swapped."""

from __future__ import annotations

from typing import Any

from equipoise.balance.result_document import BalanceResult
from equipoise.errors import BadInput
from equipoise.service.contexts.balances import reading
from equipoise.service.contexts.balances.reading import RunSummary
from equipoise.service.pages.analyst import point as points
from equipoise.service.pages.analyst.places import SAME_RISK, axis_of, chosen, frontier_series
from equipoise.service.pages.charts import Lines, Mark
from equipoise.texts.saying import retold, say


def beside(
    runs: list[RunSummary],
    balances: tuple[BalanceResult, BalanceResult],
    by: str,
    names: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Both frontiers, recommended moves and prices, and whom the second treats otherwise.

    `names` are what the two are called on the picture; by their numbers unless given.
    """
    named = names or tuple(say("Run {n}", n=each.id) for each in runs)
    at = [chosen(each, SAME_RISK) for each in balances]
    figures = [
        {each.label: each for each in points.figures(result, place)}
        for result, place in zip(balances, at, strict=True)
    ]
    shared = [label for label in figures[0] if label in figures[1]]
    prices = [
        {each.row: each for each in points.priced(run.id, result, place)}
        for run, result, place in zip(runs, balances, at, strict=True)
    ]
    return {
        "figure": _figure(named, balances),
        "figures": [(label, figures[0][label], figures[1][label]) for label in shared],
        "prices": [(row, prices[0].get(row), prices[1].get(row))
                   for row in dict.fromkeys([*prices[0], *prices[1]])],
        **_swapped(runs, balances[1], by),
    }  # fmt: skip


def _swapped(runs: list[RunSummary], balance: BalanceResult, by: str) -> dict[str, Any]:
    """Who is treated otherwise by the second run's recommended move; or why that is not known."""
    try:
        before, after = (reading.side(each.id, SAME_RISK) for each in runs)
        return {"affected": points.between(balance, before, after, by)}
    except OSError:
        return {"unknown": say("only the newest runs are kept whole")}
    except BadInput as error:
        return {"unknown": error.message}


def _figure(names: tuple[str, ...], balances: tuple[BalanceResult, BalanceResult]) -> Lines | None:
    """Both frontiers on one pair of axes; None where they run along others."""
    one, two = balances
    if one.axes != two.axes:
        return None
    marks = [Mark(say("Today"), one.champion.x, one.champion.y)]
    for name, result in zip(names, balances, strict=True):
        move = result.recommended.same_risk
        marks.append(Mark(say("{run}, recommended", run=name), move.x, move.y))
    return Lines(
        title=say("Both frontiers"),
        described=say(
            "The best {y} at every level of {x} under each appetite.",
            x=retold(one.axes.x.label), y=retold(one.axes.y.label),
        ),
        x=axis_of(one, "x"), y=axis_of(one, "y"),
        series=tuple(
            frontier_series(result, name) for name, result in zip(names, balances, strict=True)
        ),
        marks=tuple(marks),
    )  # fmt: skip
