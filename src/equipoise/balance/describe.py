"""A found balance as plain data: what build/balance.json holds and the report draws."""

from __future__ import annotations

from typing import Any

from equipoise.balance.edges import menu_edges
from equipoise.balance.friction import check_friction
from equipoise.balance.inputs import applicant_inputs
from equipoise.balance.limits import Masks, parity_audit
from equipoise.balance.problem import Solution
from equipoise.balance.result import Balance
from equipoise.balance.result_document import FORMAT, BalanceResult
from equipoise.balance.shadow_prices import recommended, shadow_prices
from equipoise.balance.swap_sets import swap_sets, treatment_mix
from equipoise.documents import Quantity
from equipoise.value.labels import input_label
from equipoise.value.measures import (
    MEASURES,
    RATES,
    Measures,
    label_of,
    unit_of,
)

LGD_FACTOR = "lgd_scale"
_PER_HUNDRED = ("approvals", "booked", "good_customers_served")


def describe(balance: Balance) -> BalanceResult:
    """Everything a person or a program may want to read, NaN-free."""
    moved = balance.same_risk.choice
    today = balance.people.today
    chosen = balance.model.of_choice(balance.people, moved)
    masks = Masks(balance.frame, {**balance.types, "pd": "number", "lgd": "number"})
    parts = {
        "format": FORMAT,
        "workspace": balance.name,
        "currency": balance.currency,
        "applicants": balance.people.size,
        "seconds": balance.seconds,
        "axes": {"x": _axis(balance, balance.axes.x, "lower"),
                 "y": _axis(balance, balance.axes.y, "higher")},
        "certificate": _certificate(balance),
        "champion": {**_place(balance, balance.today), **_assumed_today(balance)},
        "recommended": _recommended(balance, chosen),
        "frontier": _points(balance),
        "shadow_prices": shadow_prices(balance, recommended(balance, chosen)),
        "treatments": treatment_mix(balance.model.menu, today, moved),
        "menu_edges": menu_edges(balance.model.menu, today, moved),
        "swap_sets": swap_sets(balance.frame, balance.types, today, moved),
        "friction": check_friction(balance.model, balance.people, today),
        "tornado": _tornado(balance),
        "gain": _gain(balance),
        "curse": _curse(balance),
        "parity": parity_audit(balance.appetite, masks,
                               {"today": balance.today, "recommended": chosen}),
        "provenance": _provenance(balance),
        "measure_units": {
            name: unit_of(name, balance.currency) for name in (*MEASURES, *RATES)
        },
        "measure_labels": {name: label_of(name) for name in (*MEASURES, *RATES)},
        "warnings": balance.warnings,
    }  # fmt: skip
    return BalanceResult.model_validate(parts)


def _scale(balance: Balance, measure: str) -> float:
    return 100 / balance.people.size if measure in _PER_HUNDRED else 1.0


def _axis(balance: Balance, measure: str, better: str) -> dict[str, Any]:
    unit = unit_of(measure, balance.currency)
    if measure in _PER_HUNDRED:
        unit = "per 100 applicants"
    return {"measure": measure, "label": label_of(measure), "unit": unit, "better": better}


def _place(balance: Balance, measures: Measures) -> dict[str, Any]:
    totals = measures.totals()
    x, y = balance.axes.x, balance.axes.y
    return {
        "x": totals[x] * _scale(balance, x),
        "y": totals[y] * _scale(balance, y),
        "measures": totals,
    }


def _assumed_today(balance: Balance) -> dict[str, Any]:
    """Which parts of today's policy stand in no column of the data."""
    parts = applicant_inputs(balance.treatments, balance.types)
    return {"assumed": [each.name for each in parts if each.assumed]}


def _certificate(balance: Balance) -> dict[str, Any]:
    """The recommended move's own certificate; the frontier's largest gap beside it."""
    best, points = balance.same_risk, balance.frontier.points
    return {
        "gap": best.gap,
        "violation": best.violation,
        "value": best.value,
        "bound": best.upper_bound,
        "frontier_gap": max(point.gap for point in points),
        "frontier_violation": max(point.violation for point in points),
        "sandwich": balance.frontier.width() * _scale(balance, balance.axes.y),
    }


def _curse(balance: Balance) -> dict[str, Any]:
    """Why the move is held to less risk than today's: the level, what divides it, the budget."""
    curse = balance.curse
    return {
        "ratio": curse.ratio,
        "upper": curse.upper,
        "tightening": curse.tightening - 1,
        "outcomes": curse.outcomes,
        "inputs": curse.inputs,
        "today": balance.today.totals()[balance.axes.x] * _scale(balance, balance.axes.x),
        "budget": balance.budget * _scale(balance, balance.axes.x),
        "note": curse.note,
    }


def _recommended(balance: Balance, chosen: Measures) -> dict[str, Any]:
    best = balance.same_risk
    moves: dict[str, Any] = {
        "chosen": "same_risk",
        "same_risk": {**_place(balance, chosen), **_proof(best), "gap": best.gap},
    }
    other = balance.same_experience
    if other is not None:
        measures = balance.model.of_choice(balance.people, other.choice)
        x = balance.axes.x
        base = measures.totals()[RATES[x][0] if x in RATES else x]
        # the last problem's value is near zero by construction: its gap is told relative to risk
        gap = (other.upper_bound - other.value) / base if base else 0.0
        moves["same_experience"] = {**_place(balance, measures), **_proof(other), "gap": gap}
    return moves


def _proof(solution: Solution) -> dict[str, Any]:
    return {
        "multipliers": dict(solution.multipliers),
        "violation": solution.violation,
        "finished": solution.finished,
    }


def _points(balance: Balance) -> list[dict[str, Any]]:
    y = _scale(balance, balance.axes.y)
    x = _scale(balance, balance.axes.x)
    return [
        {
            "x": point.x * x,
            "y": point.y * y,
            "lower": point.lower * y,
            "upper": point.upper * y,
            "multipliers": dict(point.multipliers),
            "gap": point.gap,
            "violation": point.violation,
            "finished": point.finished,
            "measures": balance.model.of_choice(balance.people, point.choice).totals(),
        }
        for point in balance.frontier.points
    ]


def _tornado(balance: Balance) -> list[dict[str, Any]]:
    scale, lgd = _gain_scale(balance), balance.inputs.get("lgd")
    rows = []
    for bar in balance.tornado.bars:
        # LGD moves as a factor on everybody's; its range reads as the lender wrote it
        whole = lgd.value if bar.quantity == LGD_FACTOR and lgd is not None else 1.0
        unit = lgd.unit if bar.quantity == LGD_FACTOR and lgd is not None else bar.source.unit
        rows.append(
            {
                "quantity": bar.quantity,
                "label": input_label(bar.quantity),
                "low": bar.low * whole,
                "high": bar.high * whole,
                "unit": unit,
                "gain_at_low": bar.gain_at_low * scale,
                "gain_at_high": bar.gain_at_high * scale,
                "provenance": bar.source.provenance,
                "source": bar.source.source,
            }
        )
    return rows


def _gain_scale(balance: Balance) -> float:
    return 100.0 if balance.axes.y in _PER_HUNDRED else float(balance.people.size)


def _gain(balance: Balance) -> dict[str, Any]:
    scale, bars = _gain_scale(balance), balance.tornado
    return {
        "central": bars.central * scale,
        "unfavourable": bars.unfavourable * scale,
        "unit": _axis(balance, balance.axes.y, "")["unit"],
        "survives": bars.survives,
        "risk_change": bars.risk_change,
    }


def _provenance(balance: Balance) -> list[dict[str, Any]]:
    """Every input once: LGD's factor is LGD's own range, so it is left to `lgd`."""
    quantities = {
        **balance.inputs,
        **balance.model.experience.quantities(),
        **balance.model.quantities,
    }
    if "lgd" in quantities:
        del quantities[LGD_FACTOR]
    parts = applicant_inputs(balance.treatments, balance.types)
    return [
        *(_source(name, each) for name, each in quantities.items()),
        *(each.as_source() for each in parts),
    ]


def _source(name: str, each: Quantity) -> dict[str, Any]:
    return {
        "input": name,
        "label": input_label(name),
        "value": each.value,
        "unit": each.unit,
        "low": each.low,
        "high": each.high,
        "provenance": each.provenance,
        "source": each.source,
    }
