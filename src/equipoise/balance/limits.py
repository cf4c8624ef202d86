"""From appetite to rows: limits on sums and rates, floors, shares, and parity between groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from equipoise.balance.appetite import AppetiteDocument, Constraint, Limit, Parity, TodayTimes
from equipoise.balance.problem import Row
from equipoise.documents import Loaded
from equipoise.errors import BadInput, Span
from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.value.measures import RATES, Measures


@dataclass(frozen=True, slots=True)
class Masks:
    """Boolean columns over applicants that `where` and `group` expressions give."""

    frame: pl.DataFrame
    types: Mapping[str, str]

    def of(self, text: str | None, where: Span) -> BoolArray | None:
        """The mask of an expression; None where there is none. NULL counts as outside."""
        if text is None:
            return None
        expression = compile_expression(text, self.types, where=where)
        if expression.type != "boolean":
            raise BadInput(f"'{text}' is a {expression.type}, not a condition", where=where)
        column = self.frame.select(expression.polars().fill_null(value=False).alias("x"))["x"]
        return np.broadcast_to(column.to_numpy(), (self.frame.height,))


@dataclass(frozen=True, slots=True)
class Held:
    """A constraint at work: its row, and its limit as a person wrote it or today's policy gave it.

    `weight` turns one unit of the limit into units of the row; for a rate it is `per` summed.
    """

    row: Row
    measure: str
    per: str | None
    level: float
    mask: BoolArray | None
    share: bool
    floor: bool = False

    def as_written(self, at_most: float) -> float | None:
        """The limit a person would write for the row to be `at_most`; None for a rate."""
        if self.per is not None:
            return None
        return -at_most if self.floor else at_most

    def used(self, chosen: Measures) -> float:
        """What a policy uses, in the unit of `level`."""
        return _sum(getattr(chosen, self.measure), self.mask) / self._whole(chosen)

    def weight(self, chosen: Measures) -> float:
        """Units of the row in one unit of the limit."""
        return self._whole(chosen)

    def _whole(self, chosen: Measures) -> float:
        if self.per is None:
            return 1.0
        return _sum(getattr(chosen, self.per), None if self.share else self.mask) or 1.0


def appetite_rows(
    appetite: Loaded[AppetiteDocument], masks: Masks, table: Measures, today: Measures
) -> list[Held]:
    """The rows of appetite.yaml; parity only where it is enforced.

    `table` is (applicants, treatments), `today` (applicants,). A rate's limit r becomes the row
    sum(measure - r * per) <= 0. Raises BadInput with the line at fault.
    """
    rows: list[Held] = []
    for index, constraint in enumerate(appetite.value.constraints):
        where = appetite.span("constraints", index)
        mask = masks.of(constraint.where, where)
        rows.append(_row(constraint, mask, table, today))
    for index, parity in enumerate(appetite.value.parity):
        if parity.enforce:
            group = masks.of(parity.group, appetite.span("parity", index))
            rows.extend(_parity_rows(parity, _both_present(group, parity), table))
    return rows


def axis_row(measure: str, level: float, table: Measures) -> Row:
    """At most `level` of a measure or a rate, over everybody."""
    if measure in RATES:
        top, bottom = RATES[measure]
        usage = getattr(table, top) - level * getattr(table, bottom)
        return Row(measure, usage, 0.0)
    return Row(measure, getattr(table, measure), level)


def parity_audit(
    appetite: Loaded[AppetiteDocument], masks: Masks, chosen: Mapping[str, Measures]
) -> list[dict[str, Any]]:
    """How far two groups are apart under each policy; it changes no decision."""
    gaps_by_parity = []
    for index, parity in enumerate(appetite.value.parity):
        group = masks.of(parity.group, appetite.span("parity", index))
        inside = _both_present(group, parity)
        gaps = {}
        for policy, measures in chosen.items():
            column = getattr(measures, parity.measure)
            gaps[policy] = float(column[inside].mean() - column[~inside].mean())
        gaps_by_parity.append(
            {
                "name": parity.name,
                "group": parity.group,
                "measure": parity.measure,
                "within": parity.within,
                "enforced": parity.enforce,
                "difference": gaps,
            }
        )
    return gaps_by_parity


def _row(constraint: Constraint, mask: BoolArray | None, table: Measures, today: Measures) -> Held:
    floor = constraint.at_least is not None
    sign = -1.0 if floor else 1.0
    name, measure, per = constraint.name, constraint.measure, constraint.per
    share = per == measure
    empty = Held(Row(name, np.zeros(1), 0.0), measure, per, 0.0, mask, share, floor)
    level = _level(constraint.at_least if floor else constraint.at_most, empty.used(today))
    held = replace(empty, level=level)
    if per is not None:
        return replace(held, row=rate_row(held, table))
    top = getattr(table, measure)
    return replace(held, row=Row(name, -top if floor else top, sign * level, mask))


def rate_row(held: Held, table: Measures) -> Row:
    """The row sum(measure - level * per) <= 0 of a rate at its level, turned about for a floor."""
    sign = -1.0 if held.floor else 1.0
    name, mask, top = held.row.name, held.mask, getattr(table, held.measure)
    if held.share and mask is not None:
        return Row(name, sign * (np.where(mask[:, None], top, 0.0) - held.level * top), 0.0)
    return Row(name, sign * (top - held.level * getattr(table, str(held.per))), 0.0, mask)


def _level(limit: Limit | None, today: float) -> float:
    if limit == "today":
        return today
    if isinstance(limit, TodayTimes):
        return limit.today * today
    if limit is None:
        raise ValueError("a constraint without a limit")
    return float(limit)


def _sum(column: FloatArray, mask: BoolArray | None) -> float:
    return float(column.sum() if mask is None else column[mask].sum())


def _both_present(group: BoolArray | None, parity: Parity) -> BoolArray:
    if group is None or group.all() or not group.any():
        raise BadInput(
            f"parity '{parity.name}': '{parity.group}' does not split the applicants in two",
            field="parity",
            mend="compare with a value that occurs",
        )
    return group


def _parity_rows(parity: Parity, group: BoolArray, table: Measures) -> list[Held]:
    weight = np.where(group, 1 / group.sum(), -1 / (~group).sum())
    usage = weight[:, None] * getattr(table, parity.measure)
    rows = (
        Row(f"{parity.name} (above)", usage, parity.within),
        Row(f"{parity.name} (below)", -usage, parity.within),
    )
    return [Held(row, parity.measure, None, parity.within, None, share=False) for row in rows]
