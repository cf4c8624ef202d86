"""A grid of applications that meets every side of every condition, to see which rule comes first.

Where conditions compare names with constants, their answers only change at those constants: one
value at each constant and one between each two is every case there is. Conditions that reckon with
two names at once are not of that kind, and nothing is claimed of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise, product
from math import floor, isfinite

import polars as pl

from equipoise.expression import Expression
from equipoise.expression.nodes import (
    Among,
    And,
    Compare,
    Constant,
    Field,
    IsNull,
    IsTruth,
    Node,
    Not,
    Or,
    Value,
    walk,
)
from equipoise.strategy.checks.ranges import Range, Ranges

MOST_POINTS = 20_000
_TYPES = {"number": pl.Float64, "string": pl.String, "boolean": pl.Boolean, "date": pl.Date}
OTHER = "\u0000any other"


def separable(expression: Expression) -> bool:
    """Whether the condition compares names with constants only."""
    return all(_simple(node) for node in walk(expression.tree))


def _simple(node: Node) -> bool:
    if isinstance(node, Compare):
        kinds = {type(node.left), type(node.right)}
        return kinds <= {Field, Constant}
    if isinstance(node, (Among, IsNull)):
        return isinstance(node.of, Field)
    return isinstance(node, (And, Or, Not, IsTruth, Field, Constant))


def grid(
    names: Sequence[str], expressions: Iterable[Expression], ranges: Ranges
) -> pl.DataFrame | None:
    """Every case of the named values that the expressions can tell apart; None if too many."""
    constants: dict[str, set[Value]] = {name: set() for name in names}
    for expression in expressions:
        for node in walk(expression.tree):
            for name, value in _constants(node):
                if name in constants and value is not None:
                    constants[name].add(value)
    axes = [_axis(ranges[name], constants[name]) for name in names]
    size = 1
    for axis in axes:
        size *= len(axis)
        if size > MOST_POINTS:
            return None
    cases = list(product(*axes))
    return pl.DataFrame(
        [
            pl.Series(name, [case[at] for case in cases], dtype=_TYPES[ranges[name].kind])
            for at, name in enumerate(names)
        ]
    )


def _constants(node: Node) -> Iterable[tuple[str, Value]]:
    if isinstance(node, Compare):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, Field) and isinstance(other, Constant):
                yield one.name, other.value
    if isinstance(node, Among) and isinstance(node.of, Field):
        for each in node.values:
            yield node.of.name, each.value


def _axis(known: Range, constants: set[Value]) -> list[Value]:
    if known.kind in ("string", "boolean"):
        values: list[Value] = (
            list(known.values) if known.values else [*sorted(map(str, constants)), OTHER]
        )
    elif known.values:
        values = list(known.values)
    else:
        values = _numbers(known, constants)
    return [*values, None] if known.missing else values


def _numbers(known: Range, constants: set[Value]) -> list[Value]:
    days = known.kind == "date"
    given = {_as_number(value) for value in constants}
    ends = {end for end in (known.low, known.high) if isfinite(end)}
    marks = sorted({value for value in given | ends if known.low <= value <= known.high})
    if not marks:
        marks = [0.0]
    step = 1.0 if known.whole or days else max(1.0, abs(marks[0]))
    inside = [*marks]
    inside += [(a + b) / 2 for a, b in pairwise(marks)]
    inside += [
        marks[0] - step,
        marks[-1] + (1.0 if known.whole or days else max(1.0, abs(marks[-1]))),
    ]
    if known.whole or days:
        inside = [*marks, *(floor(v) for v in inside), *(m + d for m in marks for d in (-1, 1))]
    kept = sorted({float(v) for v in inside if known.low <= v <= known.high})
    if known.whole or days:
        kept = [v for v in kept if v == floor(v)]
    if days:
        return [date.fromordinal(int(v)) for v in kept if 1 <= v <= date.max.toordinal()]
    return list(kept)


def _as_number(value: Value) -> float:
    if isinstance(value, date):
        return float(value.toordinal())
    return float(value) if isinstance(value, (int, float)) else 0.0
