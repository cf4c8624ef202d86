"""Multipliers in money: what one unit more of each limit is worth, at any place of a balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.balance.limits import Held
from equipoise.balance.placed import SAME_RISK, names_of
from equipoise.balance.problem import Row
from equipoise.balance.result import Balance
from equipoise.value.measures import NO_CURRENCY, RATES, TABLE, Measures, label_of, unit_of


@dataclass(frozen=True, slots=True)
class Priced:
    """A policy with the prices it was found at: `level` is what its risk was held to, and `goal`
    what was maximised, in whose units the prices are."""

    prices: Mapping[str, float]
    chosen: Measures
    level: float
    goal: str


def recommended(balance: Balance, chosen: Measures) -> Priced:
    """The move at today's risk, with its measures."""
    return Priced(balance.same_risk.multipliers, chosen, balance.budget, balance.axes.goal)


def prices_by_place(balance: Balance) -> dict[str, list[dict[str, Any]]]:
    """The shadow prices at the recommended move and at every point of the frontier."""
    of_choice = balance.model.of_choice
    chosen = of_choice(balance.people, balance.same_risk.choice)
    prices = {SAME_RISK: shadow_prices(balance, recommended(balance, chosen))}
    points = balance.frontier.points
    for name, point in zip(names_of(points), points, strict=True):
        measures = of_choice(balance.people, point.choice)
        at = Priced(point.multipliers, measures, point.x, balance.axes.y)
        prices[name] = shadow_prices(balance, at)
    return prices


def shadow_prices(balance: Balance, at: Priced) -> list[dict[str, Any]]:
    """What one unit more of each limit is worth there, with how that reads."""
    money, how = _money_per_goal(balance, at)
    x = balance.axes.x
    top, bottom = RATES.get(x, (x, None))
    axis = Held(Row(x, np.zeros(1), at.level), top, bottom, at.level, None, share=False)
    rows = []
    for each in (axis, *balance.held):
        worth = at.prices.get(each.row.name, 0.0) * each.weight(at.chosen) * money
        name = label_of(each.row.name) if each.row.name in TABLE else each.row.name
        rows.append(
            {
                "row": name,
                "at_most": each.level,
                "used": each.used(at.chosen),
                "price": worth,
                "unit": "share" if each.per else unit_of(each.measure, balance.currency),
                "reading": _reading(name, each, worth, f"{_units(balance)} ({how})"),
            }
        )
    return rows


def _units(balance: Balance) -> str:
    return balance.currency if balance.currency not in NO_CURRENCY else "currency units"


def _money_per_goal(balance: Balance, at: Priced) -> tuple[float, str]:
    """What one unit of the goal is worth in money, and how that is known.

    Where the profit row binds, its own multiplier says it; where it does not, profit is not what
    is scarce, and the goal is valued at what it brings under today's policy.
    """
    for each in balance.held:
        if each.measure == "profit" and each.per is None and each.mask is None:
            price = at.prices.get(each.row.name, 0.0)
            if price > 0:
                return 1 / price, "at the profit limit's own price"
    totals = balance.today.totals()
    goal = totals[at.goal]
    unit = label_of(at.goal).lower()
    return (totals["profit"] / goal if goal else 0.0), f"at today's profit per unit of {unit}"


def _reading(name: str, held: Held, worth: float, unit: str) -> str:
    if worth <= 0:
        return f"{name}: does not bind; moving it a little changes nothing"
    if held.per is not None:
        return f"{name}: one basis point of room is worth {worth / 10_000:,.2f} {unit}"
    return f"{name}: one more unit of room is worth {worth:,.4g} {unit}"
