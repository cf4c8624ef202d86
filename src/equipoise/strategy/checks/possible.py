"""Which truth values a condition can have on the contract's ranges: interval arithmetic.

Each name is taken as free in its range, so what is found impossible is impossible; what is found
possible may still never come together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import singledispatch
from math import inf, isfinite

from equipoise.expression.nodes import (
    Absolute,
    Among,
    And,
    Arithmetic,
    Case,
    Coalesce,
    Compare,
    Constant,
    DaysBetween,
    Extreme,
    Field,
    IsNull,
    IsTruth,
    Negate,
    Node,
    Not,
    NullIf,
    Or,
    Value,
)
from equipoise.strategy.checks.ranges import Range, Ranges

Truths = frozenset[bool | None]
ANY: Truths = frozenset({True, False, None})


@singledispatch
def truths(node: Node, ranges: Ranges) -> Truths:
    """The truth values that a condition can have: of True, False and None."""
    return _of_value(node, ranges) if isinstance(node, (IsNull, Among, Field)) else ANY


@truths.register
def _(node: Constant, _ranges: Ranges) -> Truths:
    return frozenset({node.value if isinstance(node.value, bool) else None})


@truths.register
def _(node: Compare, ranges: Ranges) -> Truths:
    return _compared(node, ranges)


@truths.register
def _(node: And, ranges: Ranges) -> Truths:
    return _joined([truths(item, ranges) for item in node.items], stops=False)


@truths.register
def _(node: Or, ranges: Ranges) -> Truths:
    return _joined([truths(item, ranges) for item in node.items], stops=True)


@truths.register
def _(node: Not, ranges: Ranges) -> Truths:
    return frozenset(None if each is None else not each for each in truths(node.of, ranges))


@truths.register
def _(node: IsTruth, ranges: Ranges) -> Truths:
    return frozenset(each is node.truth for each in truths(node.of, ranges))


def _of_value(node: IsNull | Among | Field, ranges: Ranges) -> Truths:
    if isinstance(node, Field):
        missing = ranges.get(node.name, Range("boolean")).missing
        return frozenset({False, True, *([None] if missing else [])})
    inner = value_range(node.of, ranges)
    if isinstance(node, IsNull):
        nothing = inner.values == () or inner.low > inner.high
        null: set[bool | None] = {True} if inner.missing else set()
        return frozenset(null if nothing else {False, *null})
    listed = [each.value for each in node.values]
    hits = [value for value in listed if _within(value, inner)]
    truths_of: set[bool | None] = {True} if hits else set()
    if inner.values is None or not set(inner.values) <= set(listed):
        truths_of.add(False)
    return frozenset(truths_of | ({None} if inner.missing else set()))


@singledispatch
def value_range(node: Node, ranges: Ranges) -> Range:
    """The values an expression can have."""
    return _chosen(node, ranges)


@value_range.register
def _(node: Constant, _ranges: Ranges) -> Range:
    return _constant(node.value)


@value_range.register
def _(node: Field, ranges: Ranges) -> Range:
    return ranges.get(node.name, Range(node.kind))


@value_range.register
def _(node: Negate, ranges: Ranges) -> Range:
    inner = value_range(node.of, ranges)
    return Range("number", -inner.high, -inner.low, missing=inner.missing)


@value_range.register
def _(node: Absolute, ranges: Ranges) -> Range:
    inner = value_range(node.of, ranges)
    ends = abs(inner.low), abs(inner.high)
    least = 0.0 if inner.low <= 0 <= inner.high else min(ends)
    return Range("number", least, max(ends), missing=inner.missing)


@value_range.register
def _(node: DaysBetween, ranges: Ranges) -> Range:
    later, earlier = value_range(node.later, ranges), value_range(node.earlier, ranges)
    missing = later.missing or earlier.missing
    return Range("number", later.low - earlier.high, later.high - earlier.low, missing=missing)


def _chosen(node: Node, ranges: Ranges) -> Range:
    """Of what takes one value among several."""
    if isinstance(node, Coalesce):
        parts = [value_range(item, ranges) for item in node.items]
        return replace(_union(parts), missing=all(part.missing for part in parts))
    if isinstance(node, Case):
        results = [value for _, value in node.branches] + [node.otherwise]
        return _union([value_range(item, ranges) for item in results])
    if isinstance(node, Extreme):
        parts = [value_range(item, ranges) for item in node.items]
        return replace(_union(parts), missing=all(part.missing for part in parts))
    if isinstance(node, NullIf):
        return replace(value_range(node.of, ranges), missing=True)
    return Range(node.kind)


@value_range.register
def _arithmetic(node: Arithmetic, ranges: Ranges) -> Range:
    left, right = value_range(node.left, ranges), value_range(node.right, ranges)
    missing = left.missing or right.missing
    if node.sign == "+":
        return Range("number", left.low + right.low, left.high + right.high, missing=missing)
    if node.sign == "-":
        return Range("number", left.low - right.high, left.high - right.low, missing=missing)
    if node.sign == "*":
        return _corners(left, right, missing)
    if right.low <= 0 <= right.high:
        # a divisor that may come near zero makes any size, of either sign only where it has both
        if right.low >= 0 and left.low >= 0:
            low = left.low / right.high if isfinite(right.high) else 0.0
            return Range("number", low, inf, missing=missing or right.low <= 0)
        return Range("number", missing=True)
    inverse = Range("number", 1 / right.high, 1 / right.low)
    return _corners(left, inverse, missing)


def _corners(left: Range, right: Range, missing: bool) -> Range:
    ends = [
        0.0 if 0.0 in (a, b) else a * b
        for a in (left.low, left.high)
        for b in (right.low, right.high)
    ]
    return Range("number", min(ends), max(ends), missing=missing)


def _compared(node: Compare, ranges: Ranges) -> Truths:
    left, right = value_range(node.left, ranges), value_range(node.right, ranges)
    maybe: frozenset[bool | None] = (
        frozenset({None}) if left.missing or right.missing else frozenset()
    )
    if "string" in (left.kind, right.kind) or "boolean" in (left.kind, right.kind):
        return _compared_values(node, left, right) | maybe
    if left.low > left.high or right.low > right.high:
        return frozenset({None})
    below, above = left.low < right.high, left.high > right.low
    equal = left.low <= right.high and right.low <= left.high
    point = left.low == left.high == right.low == right.high
    can = {
        "<": (below, left.high >= right.low),
        "<=": (below or equal, above),
        ">": (above, left.low <= right.high),
        ">=": (above or equal, below),
        "=": (equal, not point),
        "<>": (not point, equal),
    }[node.sign]
    return (
        frozenset({value for value, held in zip((True, False), can, strict=True) if held}) | maybe
    )


def _compared_values(node: Compare, left: Range, right: Range) -> Truths:
    if left.values is None or right.values is None or node.sign not in ("=", "<>"):
        return frozenset({True, False})
    same = bool(set(left.values) & set(right.values))
    differ = len(set(left.values) | set(right.values)) > 1
    equal = {value for value, held in ((True, same), (False, differ)) if held}
    return frozenset(equal if node.sign == "=" else {not each for each in equal})


def _joined(parts: list[Truths], stops: bool) -> Truths:
    """AND (`stops` False) and OR (`stops` True) of independent parts."""
    joined: set[bool | None] = set()
    if any(stops in part for part in parts):
        joined.add(stops)
    if all((not stops) in part for part in parts):
        joined.add(not stops)
    if any(None in part for part in parts) and all(part != {stops} for part in parts):
        joined.add(None)
    return frozenset(joined)


def _union(parts: list[Range]) -> Range:
    some = [part for part in parts if part.values != ()] or parts
    values: tuple[Value, ...] | None = None
    if all(part.values is not None for part in some):
        values = tuple(dict.fromkeys(value for part in some for value in part.values or ()))
    return Range(
        some[0].kind,
        min(part.low for part in some),
        max(part.high for part in some),
        values,
        any(part.missing for part in parts),
    )


def _constant(value: Value) -> Range:
    if value is None:
        return Range("number", inf, -inf, values=(), missing=True)
    if isinstance(value, bool):
        return Range("boolean", values=(value,), missing=False)
    if isinstance(value, str):
        return Range("string", values=(value,), missing=False)
    number = float(value.toordinal()) if isinstance(value, date) else float(value)
    return Range("number", number, number, missing=False)


def _within(value: Value, inside: Range) -> bool:
    if inside.values is not None:
        return value in inside.values
    if isinstance(value, (int, float)):
        return inside.low <= value <= inside.high
    return True
