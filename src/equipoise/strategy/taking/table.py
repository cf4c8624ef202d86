"""A balance distilled into a decision table that a committee can read, and what that gives up.

A regression tree with few leaves is grown on the value, net of prices, of every treatment; each
leaf becomes a row and gives the treatment that is best for its applicants together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.balance.limits import Masks
from equipoise.balance.measures import Measures
from equipoise.errors import BadInput
from equipoise.strategy.document import DECLINE, BalanceSection, TableRow, TableSection
from equipoise.strategy.doubts import quoted
from equipoise.strategy.taking.deployed import Deployed
from equipoise.strategy.taking.frontier import Point, net_values

FloatArray = NDArray[np.float64]
_FEWEST = 50
_SHARE = 0.002
_DIGITS = 3
_MOST_GIVEN = 3
_ROUNDS = 8
_STEP = 1.15


@dataclass(frozen=True, slots=True)
class Distilled:
    """The table, what it does on the population, and the share of the goal it gives up.

    `violation` is the largest relative breach of a limit; `given_up` is against the balance.
    """

    section: TableSection
    measures: Measures
    given_up: float
    violation: float


@dataclass(frozen=True, slots=True)
class _Leaf:
    condition: str
    rows: NDArray[np.intp]


def distil(
    point: Point,
    balance: BalanceSection,
    people: Deployed,
    masks: Masks,
    names: Sequence[str],
    *,
    most_rules: int,
    menu: Sequence[str],
) -> Distilled:
    """The best table of at most `most_rules` rows over `names` (numeric, without missing values).

    Where the table breaks a limit, that limit's prices are raised and it is grown again; of the
    tables found, the one that breaks the least, then gives up the least, is kept.
    """
    if most_rules < 2:
        raise BadInput("a table needs two rows at least", field="--max-rules", mend="allow more")
    limits = [limit.row(people.table, masks) for limit in point.limits]
    goal = getattr(people.table, point.goal)
    reached = _value(goal, np.argmax(_open(people, net_values(balance, people, masks)), axis=1))
    best: Distilled | None = None
    section = balance
    for _ in range(_ROUNDS):
        net = _open(people, net_values(section, people, masks))
        leaves = _leaves(people.part, net, names, most_rules)
        table, choice = _table(leaves, net, menu)
        breach = [
            max(0.0, float(row.usage[np.arange(len(choice)), choice].sum() - row.at_most)) / scale
            for row, scale in zip(limits, point.scale, strict=True)
        ]
        given_up = 1 - _value(goal, choice) / reached if reached else 0.0
        found = Distilled(table, people.of_choice(choice), given_up, max(breach, default=0.0))
        if best is None or (found.violation, found.given_up) < (best.violation, best.given_up):
            best = found
        if found.violation <= 0:
            break
        broken = {limit.name for limit, over in zip(point.limits, breach, strict=True) if over > 0}
        section = _dearer(section, broken)
    if best is None:
        raise RuntimeError("no round was run")
    return best


def _dearer(section: BalanceSection, broken: set[str]) -> BalanceSection:
    prices = tuple(
        row.model_copy(update={"multiplier": row.multiplier * _STEP})
        if row.name.removesuffix(", the others") in broken
        else row
        for row in section.prices
    )
    return section.model_copy(update={"prices": prices})


def _open(people: Deployed, net: FloatArray) -> FloatArray:
    return np.where(people.allowed, net, -np.inf)


def _value(goal: FloatArray, choice: NDArray[np.intp]) -> float:
    return float(goal[np.arange(len(choice)), choice].sum())


def _leaves(part: pl.DataFrame, net: FloatArray, names: Sequence[str], most: int) -> list[_Leaf]:
    from sklearn.tree import DecisionTreeRegressor

    x = part.select(pl.col(name).cast(pl.Float64) for name in names).to_numpy()
    tree = DecisionTreeRegressor(
        max_leaf_nodes=most,
        min_samples_leaf=max(_FEWEST, int(_SHARE * len(x))),
        random_state=0,
    )
    tree.fit(x, np.where(np.isfinite(net), net, 0.0))
    found: list[_Leaf] = []
    _walk(tree.tree_, 0, np.arange(len(x)), {}, (x, list(names), found))
    return found


def _walk(
    tree: Any,
    node: int,
    rows: NDArray[np.intp],
    bounds: dict[str, tuple[float, float]],
    rest: tuple[FloatArray, list[str], list[_Leaf]],
) -> None:
    x, names, found = rest
    if tree.children_left[node] < 0:
        found.append(_Leaf(_condition(bounds), rows))
        return
    at = int(tree.feature[node])
    name, edge = names[at], _rounded(float(tree.threshold[node]))
    low, high = bounds.get(name, (-np.inf, np.inf))
    under = x[rows, at] < edge
    left = {**bounds, name: (low, min(high, edge))}
    right = {**bounds, name: (max(low, edge), high)}
    _walk(tree, int(tree.children_left[node]), rows[under], left, rest)
    _walk(tree, int(tree.children_right[node]), rows[~under], right, rest)


def _rounded(edge: float) -> float:
    return float(f"{edge:.{_DIGITS}g}")


def _condition(bounds: dict[str, tuple[float, float]]) -> str:
    parts = []
    for name, (low, high) in bounds.items():
        said = name if name.isidentifier() else quoted(name)
        if np.isfinite(low):
            parts.append(f"{said} >= {low:g}")
        if np.isfinite(high):
            parts.append(f"{said} < {high:g}")
    return " AND ".join(parts)


def _table(
    leaves: list[_Leaf], net: FloatArray, menu: Sequence[str]
) -> tuple[TableSection, NDArray[np.intp]]:
    """Rows, the largest leaf last and without a condition; and who gets what under them."""
    choice = np.zeros(len(net), dtype=np.intp)
    ordered = sorted((leaf for leaf in leaves if leaf.rows.size), key=lambda leaf: leaf.rows.size)
    rows: list[TableRow] = []
    for leaf in ordered:
        gives, chosen = _best(net[leaf.rows], menu)
        choice[leaf.rows] = chosen
        rows.append(TableRow(when=leaf.condition or None, give=gives))
    rows = _merged(rows)
    rows[-1] = rows[-1].model_copy(update={"when": None})
    return TableSection(rows=tuple(rows)), choice


def _merged(rows: list[TableRow]) -> list[TableRow]:
    """Rows just before the last that give the same as it need not be told apart."""
    while len(rows) > 1 and rows[-2].give == rows[-1].give:
        del rows[-2]
    return rows


def _best(net: FloatArray, menu: Sequence[str]) -> tuple[str | tuple[str, ...], NDArray[np.intp]]:
    """Treatments in order of preference for a leaf, and what each of its applicants gets."""
    chosen = np.zeros(len(net), dtype=np.intp)
    waiting = np.ones(len(net), dtype=bool)
    names: list[str] = []
    for _ in range(_MOST_GIVEN):
        here = net[waiting]
        sums = np.where(np.isfinite(here), here, 0.0).sum(axis=0)
        k = int(np.argmax(sums))
        names.append(menu[k] if k else DECLINE)
        if k == 0:
            break
        gets = waiting & np.isfinite(net[:, k])
        chosen[gets] = k
        waiting &= ~gets
        if not waiting.any():
            break
    if waiting.any() and names[-1] != DECLINE:
        names.append(DECLINE)
    return (names[0] if len(names) == 1 else tuple(names)), chosen


def measured(found: Distilled) -> dict[str, Any]:
    """As plain data, for the table's own record."""
    return {
        "rules": len(found.section.rows),
        "given_up": found.given_up,
        "violation": found.violation,
        **{name: float(getattr(found.measures, name).sum()) for name in Measures.__slots__},
    }
