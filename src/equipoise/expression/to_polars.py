"""The typed tree as one polars expression over a frame's columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce, singledispatch
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_, sub

import polars as pl

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
    Kind,
    Negate,
    Node,
    Not,
    NullIf,
    Or,
    walk,
)
from equipoise.expression.reach import LARGEST, SMALLEST
from equipoise.expression.zeros import is_never_zero, may_be_negative_zero

_TYPES: dict[Kind, pl.DataType] = {
    "number": pl.Float64(),
    "string": pl.String(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}
# The smallest double. Added and taken away again it leaves every value of the language as it is
# (see `reach`) and makes -0.0 plain; polars takes the addition of a zero out of an expression.
_LEAST = 5e-324
_Binary = Callable[[pl.Expr, pl.Expr], pl.Expr]
_COMPARE: dict[str, _Binary] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC: dict[str, _Binary] = {"+": add, "-": sub, "*": mul}


@singledispatch
def expression(node: Node) -> pl.Expr:
    """The polars expression of a tree; columns are cast to the types of the language."""
    raise AssertionError(f"no polars for {type(node).__name__}")


@expression.register
def _(node: Constant) -> pl.Expr:
    return pl.lit(node.value, dtype=_TYPES[node.kind])


@expression.register
def _(node: Field) -> pl.Expr:
    column = pl.col([node.name]).cast(_TYPES[node.kind])
    if node.kind != "number":
        return column
    size = column.abs()
    in_range = pl.when(size <= LARGEST).then(column)
    return pl.when(size < SMALLEST).then(pl.lit(0.0)).otherwise(in_range)


@expression.register
def _(node: Negate) -> pl.Expr:
    return (_LEAST - _compared(node.of)) - _LEAST


@expression.register
def _(node: Absolute) -> pl.Expr:
    return _compared(node.of).abs()


@expression.register
def _(node: Arithmetic) -> pl.Expr:
    if not _may_be_negative_zero(node):
        return _calculated(node, expression)
    return (_calculated(node, _compared) + _LEAST) - _LEAST


def _may_be_negative_zero(node: Arithmetic) -> bool:
    """Of any value taken from a single zero polars makes the negative, -0.0 of 0.0 too."""
    if node.sign != "-":
        return may_be_negative_zero(node)
    return not any(map(is_never_zero, node.parts()))


def _calculated(node: Arithmetic, operand: Callable[[Node], pl.Expr]) -> pl.Expr:
    """Arithmetic as it is, with a zero of either sign."""
    left, right = operand(node.left), operand(node.right)
    if node.sign != "/":
        return _ARITHMETIC[node.sign](left, right)
    return left / (pl.when(right != 0).then(right) + _zeros(node.left))


def _zeros(beside: Node) -> pl.Expr:
    """Nothing to add, but as a whole column wherever `beside` is one.

    By a single value polars divides through its reciprocal, which rounds twice, and any column
    may turn out to be a single value: a constant, a constant column of the frame, a CASE whose
    rows all take one branch. Added to such a divisor, this makes it a column like any other.
    """
    names = sorted({part.name for part in walk(beside) if isinstance(part, Field)})
    if not names:
        return pl.lit(0.0)
    # never true, which polars does not see; in bits, so that it costs next to nothing
    never = (pl.col([name]).is_null() & pl.col([name]).is_not_null() for name in names)
    return reduce(or_, never).cast(pl.Float64)


def _has_fields(node: Node) -> bool:
    return any(isinstance(part, Field) for part in walk(node))


@expression.register
def _(node: DaysBetween) -> pl.Expr:
    difference = expression(node.later) - expression(node.earlier)
    return difference.dt.total_days().cast(pl.Float64())


@expression.register
def _(node: Compare) -> pl.Expr:
    return _COMPARE[node.sign](_compared(node.left), _compared(node.right))


def _compared(node: Node) -> pl.Expr:
    """What stands where the sign of a zero is not seen: in a comparison, or made plain later."""
    if isinstance(node, Negate):
        return -_compared(node.of)
    return _calculated(node, _compared) if isinstance(node, Arithmetic) else expression(node)


@expression.register
def _(node: Among) -> pl.Expr:
    of = expression(node.of)
    if not _has_fields(node.of):
        # of a constant, polars' is_in would give a column of length one
        return reduce(or_, (of == expression(value) for value in node.values))
    values = pl.Series([value.value for value in node.values], dtype=_TYPES[node.of.kind])
    return of.is_in(values.implode())


@expression.register
def _(node: IsNull) -> pl.Expr:
    return expression(node.of).is_null()


@expression.register
def _(node: IsTruth) -> pl.Expr:
    return expression(node.of).eq_missing(pl.lit(node.truth))


@expression.register
def _(node: Not) -> pl.Expr:
    return ~expression(node.of)


@expression.register
def _(node: And) -> pl.Expr:
    return reduce(and_, (expression(item) for item in node.items))


@expression.register
def _(node: Or) -> pl.Expr:
    return reduce(or_, (expression(item) for item in node.items))


@expression.register
def _(node: Case) -> pl.Expr:
    (when, then), *rest = node.branches
    chain = pl.when(expression(when)).then(expression(then))
    for condition, value in rest:
        chain = chain.when(expression(condition)).then(expression(value))  # type: ignore[assignment]
    return chain.otherwise(expression(node.otherwise))


@expression.register
def _(node: Coalesce) -> pl.Expr:
    return pl.coalesce([expression(item) for item in node.items])


@expression.register
def _(node: NullIf) -> pl.Expr:
    of = expression(node.of)
    return pl.when((of != expression(node.unwanted)).fill_null(True)).then(of)


@expression.register
def _(node: Extreme) -> pl.Expr:
    items = [expression(item) for item in node.items]
    return pl.min_horizontal(items) if node.which == "LEAST" else pl.max_horizontal(items)
