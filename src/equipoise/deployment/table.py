"""A balance distilled into a decision table that a committee can read, and what that gives up.

A policy tree with few leaves is grown at the limits' prices; which treatment each leaf gives is
then a small integer problem under the same limits, solved exactly. Its prices grow the next tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.balance.limits import Masks
from equipoise.balance.problem import Row
from equipoise.balance.tolerance import beyond
from equipoise.deployment.assignment import Cells, assign
from equipoise.deployment.deployed import Deployed
from equipoise.deployment.frontier import Point, Taken
from equipoise.deployment.policytree import Leaf, grow
from equipoise.errors import BadInput
from equipoise.expression import quoted
from equipoise.numeric.arrays import FloatArray, IndexArray
from equipoise.strategy.document import DECLINE, TableRow, TableSection
from equipoise.value.measures import Measures

_FEWEST = 50
_SHARE = 0.002
_MOST_GIVEN = 3
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Distilled:
    """The table, what it does on the population, and the share of the goal it gives up.

    `choice` (rows,) is what each applicant gets of the menu. `violation` is the largest relative
    breach of a limit; `given_up` is against the balance.
    """

    section: TableSection
    choice: IndexArray
    measures: Measures
    given_up: float
    violation: float

    @property
    def rank(self) -> tuple[float, float]:
        """Least is best: the breach beyond the promised tolerance, then what is given up."""
        return beyond(self.violation), self.given_up


def distil(
    point: Point,
    taken: Taken,
    people: Deployed,
    masks: Masks,
    names: Sequence[str],
    *,
    most_rules: int,
    menu: Sequence[str],
) -> Distilled:
    """The best table found of at most `most_rules` rows over `names` (numeric, never missing).

    Of the tables grown, the one that breaks a limit the least, then gives up the least, is kept.
    Raises BadInput for fewer than two rows.
    """
    if most_rules < 2:
        raise BadInput("a table needs two rows at least", field="--max-rules", mend="allow more")
    rows = [limit.row(table, masks) for table in people.held for limit in point.limits]
    point = replace(point, scale=point.scale * len(people.held))
    goal = getattr(people.table, point.goal)
    facts = people.part.select(pl.col(name).cast(pl.Float64) for name in names).to_numpy()
    fewest = max(_FEWEST, int(_SHARE * len(facts)))
    known = [taken.solution.multipliers.get(limit.name, 0.0) for limit in point.limits]
    prices = np.array([*known, *np.zeros(len(rows) - len(known))])
    reached = float(getattr(taken.measures, point.goal).sum())
    best: Distilled | None = None
    for _ in range(_ROUNDS):
        net = _net(goal, rows, prices)
        leaves = grow(facts, names, np.where(people.allowed, net, 0.0), most_rules, fewest)
        cells = _cells(leaves, net, people, goal, rows)
        given, cheaper = assign(cells, np.array([row.at_most for row in rows]), point.scale)
        named, choice = _chosen((leaves, cells, given), len(facts), menu)
        distilled = _measured(named, choice, point, people, rows)
        distilled = replace(distilled, given_up=_given_up(distilled, point.goal, reached))
        if best is None or distilled.rank < best.rank:
            best = distilled
        prices = (prices + cheaper) / 2
    if best is None:
        raise RuntimeError("no round was run")
    return best


def _net(goal: FloatArray, rows: Sequence[Row], prices: FloatArray) -> FloatArray:
    net = goal.copy()
    for row, price in zip(rows, prices, strict=True):
        net -= price * row.usage
    return net


def _cells(
    leaves: Sequence[Leaf],
    net: FloatArray,
    people: Deployed,
    goal: FloatArray,
    rows: Sequence[Row],
) -> Cells:
    """What each leaf would bring and use with each treatment as its first."""
    size = goal.shape[1]
    value = np.zeros((len(leaves), size))
    usage = np.zeros((len(rows), len(leaves), size))
    gives: list[list[tuple[tuple[int, ...], IndexArray]]] = []
    for at, leaf in enumerate(leaves):
        gives.append([])
        for k in range(size):
            order, chosen = _given(k, leaf.rows, net, people.allowed)
            value[at, k] = goal[leaf.rows, chosen].sum()
            for place, row in enumerate(rows):
                usage[place, at, k] = row.usage[leaf.rows, chosen].sum()
            gives[at].append((order, chosen))
    return Cells(value, usage, gives)


def _given(
    first: int, rows: NDArray[np.intp], net: FloatArray, allowed: NDArray[np.bool_]
) -> tuple[tuple[int, ...], IndexArray]:
    """Treatments in order of preference, and what each applicant of the leaf gets of them."""
    chosen: IndexArray = np.zeros(rows.size, dtype=np.intp)
    waiting = np.ones(rows.size, dtype=bool)
    order: list[int] = []
    k = first
    while len(order) < _MOST_GIVEN:
        order.append(k)
        if k == 0:
            return tuple(order), chosen
        gets = waiting & allowed[rows, k]
        chosen[gets] = k
        waiting &= ~gets
        if not waiting.any():
            return tuple(order), chosen
        left = rows[waiting]
        k = int(np.argmax(np.where(allowed[left], net[left], 0.0).sum(axis=0)))
    return (*order, 0), chosen


Named = list[tuple[Leaf, tuple[str, ...]]]


def _chosen(
    distilled: tuple[Sequence[Leaf], Cells, NDArray[np.intp]], size: int, menu: Sequence[str]
) -> tuple[Named, IndexArray]:
    """Each leaf with what it gives, and who gets what under them."""
    leaves, cells, given = distilled
    choice: IndexArray = np.zeros(size, dtype=np.intp)
    named: Named = []
    for at, leaf in enumerate(leaves):
        order, chosen = cells.gives[at][given[at]]
        choice[leaf.rows] = chosen
        named.append((leaf, tuple(menu[k] if k else DECLINE for k in order)))
    return named, choice


def _measured(
    named: Named, choice: IndexArray, point: Point, people: Deployed, rows: Sequence[Row]
) -> Distilled:
    at_rows = np.arange(len(choice))
    breach = [
        max(0.0, float(row.usage[at_rows, choice].sum()) - row.at_most) / scale
        for row, scale in zip(rows, point.scale, strict=True)
    ]
    return Distilled(
        _section(named), choice, people.of_choice(choice), 0.0, max(breach, default=0.0)
    )


def _given_up(distilled: Distilled, goal: str, reached: float) -> float:
    return 1 - float(getattr(distilled.measures, goal).sum()) / reached if reached else 0.0


def _section(named: Named) -> TableSection:
    """Rows in order of size; what most applicants get stands last, without a condition."""
    sizes: dict[tuple[str, ...], int] = {}
    for leaf, gives in named:
        sizes[gives] = sizes.get(gives, 0) + leaf.rows.size
    last = max(sizes, key=lambda gives: sizes[gives])
    ordered = sorted(
        ((leaf, gives) for leaf, gives in named if gives != last), key=lambda x: -x[0].rows.size
    )
    rows = [TableRow(when=_condition(leaf.bounds), give=_give(gives)) for leaf, gives in ordered]
    return TableSection(rows=(*rows, TableRow(give=_give(last))))


def _give(names: tuple[str, ...]) -> str | tuple[str, ...]:
    return names[0] if len(names) == 1 else names


def _condition(bounds: dict[str, tuple[float, float]]) -> str:
    parts = []
    for name, (low, high) in bounds.items():
        said = name if name.isidentifier() else quoted(name)
        if np.isfinite(low):
            parts.append(f"{said} >= {low:g}")
        if np.isfinite(high):
            parts.append(f"{said} < {high:g}")
    return " AND ".join(parts)


def measured(distilled: Distilled) -> dict[str, int | float]:
    """How many rules it has, what it gives up, and its totals, for the table's own record."""
    return {
        "rules": len(distilled.section.rows),
        "given_up": distilled.given_up,
        "violation": distilled.violation,
        **distilled.measures.totals(),
    }
