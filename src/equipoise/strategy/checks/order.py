"""Rules and rows in their order: which can never hold, which always do, which come too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from equipoise.expression import Expression
from equipoise.strategy.checks.grid import grid, separable
from equipoise.strategy.checks.possible import truths
from equipoise.strategy.checks.ranges import Ranges


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition in an order of conditions; `at` is its place, `name` what people call it."""

    at: int
    name: str
    condition: Expression


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one of them."""

    at: int
    message: str
    mend: str


def never_or_always(items: Sequence[Placed], ranges: Ranges, what: str) -> Iterator[Finding]:
    """Conditions that cannot hold, or cannot but hold, on the contract's ranges."""
    for item in items:
        can = truths(item.condition.tree, ranges)
        if True not in can:
            yield Finding(
                item.at,
                f"{what} '{item.name}' can never hold: nothing in the contract's ranges meets "
                f"{item.condition.text}",
                "mend its condition, or take it out",
            )
        elif can == {True}:
            yield Finding(
                item.at,
                f"{what} '{item.name}' always holds: everything in the contract's ranges meets "
                f"{item.condition.text}",
                "mend its condition; whoever it is for cannot be told from the others",
            )


def shadowed(items: Sequence[Placed], ranges: Ranges, what: str) -> Iterator[Finding]:
    """Conditions that hold only where an earlier one does, so that they never come first."""
    simple = [item for item in items if separable(item.condition)]
    for place, item in enumerate(simple):
        names = sorted(item.condition.names)
        earlier = [e for e in simple[:place] if e.condition.names <= item.condition.names]
        if not earlier or not names:
            continue
        cases = grid(names, [item.condition, *(e.condition for e in earlier)], ranges)
        if cases is None:
            continue
        held = cases.filter(item.condition.polars().fill_null(value=False))
        if not held.height:
            continue
        before = held.select(
            e.condition.polars().fill_null(value=False).alias(e.name) for e in earlier
        )
        if before.select(pl.any_horizontal(pl.all()).all()).item():
            first = [e.name for e in earlier if before[e.name].any()]
            listed = ", ".join(f"'{name}'" for name in first[:3])
            yield Finding(
                item.at,
                f"{what} '{item.name}' is shadowed: wherever it holds, {listed} comes first",
                "put it before, or take it out",
            )


def uncovered(conditions: Sequence[Expression], ranges: Ranges) -> dict[str, object] | None:
    """A case that no condition covers; None where there is none, or none can be told."""
    simple = [each for each in conditions if separable(each)]
    names = sorted({name for each in simple for name in each.names})
    if not names:
        return None
    cases = grid(names, simple, ranges)
    if cases is None or len(simple) < len(conditions):
        return None
    covered = pl.any_horizontal(each.polars().fill_null(value=False) for each in simple)
    left = cases.filter(~covered)
    return dict(left.row(0, named=True)) if left.height else None
