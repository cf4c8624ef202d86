"""Type checks: typed operands in, a node of the tree out, or a refusal that says what to mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, cast

from equipoise.expression import reach
from equipoise.expression.faults import Refusal
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
    IsNull,
    IsTruth,
    Kind,
    Negate,
    Node,
    Not,
    NullIf,
    Operator,
    Or,
    Sign,
)
from equipoise.expression.reach import Reach

MAX_DEPTH = 100
MAX_SIZE = 5_000

_A = {"number": "a number", "string": "text", "boolean": "true or false", "date": "a date"}


@dataclass(frozen=True, slots=True)
class Part:
    """A node with where it stands, what was written, and its bounds; `node` None is a bare NULL."""

    node: Node | None
    at: int
    written: str
    reach: Reach = reach.FIELD
    is_whole: bool = False  # the integers: a field or constant without a fraction

    @property
    def is_constant(self) -> bool:
        return isinstance(self.node, Constant)

    def typed(self, use: str = "here") -> Node:
        """The node, or a refusal where it is a bare NULL."""
        if self.node is None:
            raise Refusal(
                self.at,
                f"NULL cannot be used {use}: the answer would always be NULL",
                "write IS NULL or IS NOT NULL",
            )
        return self.node

    def of_kind(self, kind: Kind, use: str) -> Node:
        """The node, or a refusal where its kind is another."""
        node = self.typed(use)
        if node.kind != kind:
            raise Refusal(
                self.at,
                f"{self.written} is {_A[node.kind]}, {use} needs {_A[kind]}",
                _mend_for(kind, self),
            )
        return node


def _mend_for(kind: Kind, part: Part) -> str:
    if kind == "boolean":
        return f"compare it with something, for example {part.written} = ..."
    return "types come from the contract"


def part(node: Node, at: int, written: str, bounds: Reach = reach.FIELD) -> Part:
    """A composed part, refused where the tree grows too deep, too large or out of range."""
    if node.depth > MAX_DEPTH:
        raise Refusal(at, f"the expression is nested deeper than {MAX_DEPTH} levels", _SPLIT)
    if node.size > MAX_SIZE:
        raise Refusal(at, f"the expression has more than {MAX_SIZE} parts", _SPLIT)
    if node.kind == "number" and not bounds.is_finite:
        raise Refusal(
            at,
            "the result could leave the range of double precision",
            "multiply or divide fewer values, or name a part as a feature",
        )
    return Part(node, at, written, bounds)


_SPLIT = "name parts of it as features"


def negate(of: Part) -> Part:
    node = of.of_kind("number", "a minus sign")
    if isinstance(node, Constant):
        value = cast(float, node.value)
        opposite = Constant(-value if value else 0.0, "number")
        return Part(opposite, of.at, f"-{of.written}", of.reach, of.is_whole)
    return part(Negate(node), of.at, f"-{of.written}", of.reach)


def absolute(of: Part, at: int) -> Part:
    return part(Absolute(of.of_kind("number", "ABS")), at, "ABS(...)", of.reach)


def arithmetic(sign: Operator, left: Part, right: Part) -> Part:
    if sign == "-" and all(p.node is not None and p.node.kind == "date" for p in (left, right)):
        days = DaysBetween(left.typed(), right.typed())
        return part(days, left.at, f"{left.written} - {right.written}", reach.DAYS)
    nodes = [operand.of_kind("number", f"'{sign}'") for operand in (left, right)]
    if sign == "/" and isinstance(nodes[1], Constant) and nodes[1].value == 0:
        raise Refusal(right.at, "division by zero is always NULL", "write NULL, or mend the number")
    combined = {"+": left.reach.plus, "-": left.reach.plus}.get(
        sign, left.reach.times if sign == "*" else left.reach.over
    )(right.reach)
    written = f"{left.written} {sign} {right.written}"
    return part(Arithmetic(sign, *nodes), left.at, written, combined)


def compare(sign: Sign, left: Part, right: Part) -> Part:
    """A comparison of two values of one kind."""
    for side, other in ((left, right), (right, left)):
        if side.node is None:
            negated = "NOT " if sign == "<>" else ""
            raise Refusal(
                side.at,
                f"{other.written} {sign} NULL is never true",
                f"write {other.written} IS {negated}NULL",
            )
    first, second = left.typed(), right.typed()
    _same_kind(left, right, f"'{sign}'")
    if first.kind == "boolean" and sign not in ("=", "<>"):
        raise Refusal(left.at, "true and false have no order", "compare them with = or <>")
    if left.is_constant and right.is_constant:
        raise Refusal(
            left.at,
            f"{left.written} {sign} {right.written} compares two constants",
            "compare a field with one of them",
        )
    if first == second:
        raise Refusal(left.at, f"{left.written} is compared with itself", "compare two values")
    for whole, number in ((left, right), (right, left)):
        _check_whole(sign, whole, number)
    written = f"{left.written} {sign} {right.written}"
    return part(Compare(sign, first, second), left.at, written)


def _check_whole(sign: Sign, field: Part, constant: Part) -> None:
    node = constant.node
    if sign == "=" and field.is_whole and isinstance(node, Constant):
        value = node.value
        if isinstance(value, float) and not value.is_integer():
            raise Refusal(
                constant.at,
                f"{field.written} is an integer and never equals {constant.written}",
                "compare it with a whole number, or with < and >",
            )


def _same_kind(left: Part, right: Part, use: str) -> Kind:
    first, second = left.typed(use), right.typed(use)
    if first.kind == second.kind:
        return first.kind
    mend = "compare values of one type"
    text = next((p for p in (left, right) if p.is_constant and p.typed().kind == "string"), None)
    if text is not None and "date" in (first.kind, second.kind):
        mend = f"write DATE {text.written}"
    elif text is not None and "number" in (first.kind, second.kind):
        mend = "numbers are written without quotes"
    raise Refusal(
        right.at,
        f"{left.written} is {_A[first.kind]} and {right.written} is {_A[second.kind]}: "
        f"{use} cannot take both",
        mend,
    )


def among(of: Part, items: Sequence[Part]) -> Part:
    """`of IN (items)`: a set where all items are constants, otherwise equality with any."""
    node = of.typed("with IN")
    for item in items:
        if item.node is None:
            raise Refusal(item.at, "NULL in an IN list never matches", "add OR ... IS NULL")
        _same_kind(of, item, "IN")
        _check_whole("=", of, item)
    constants = [item.node for item in items if isinstance(item.node, Constant)]
    if len(constants) == len(items) and not of.is_constant:
        unique = tuple(dict.fromkeys(constants))
        return part(Among(node, unique), of.at, f"{of.written} IN (...)")
    equalities = [compare("=", of, item) for item in items]
    return equalities[0] if len(equalities) == 1 else disjunction(equalities)


def negation(of: Part, at: int) -> Part:
    return part(Not(of.of_kind("boolean", "NOT")), at, f"NOT {of.written}")


def is_null(of: Part) -> Part:
    if of.node is None or of.is_constant:
        raise Refusal(of.at, f"{of.written} is a constant", "ask IS NULL of a field")
    return part(IsNull(of.node), of.at, f"{of.written} IS NULL")


def is_truth(of: Part, truth: bool) -> Part:
    node = of.of_kind("boolean", "IS TRUE")
    return part(IsTruth(node, truth), of.at, f"{of.written} IS {str(truth).upper()}")


def conjunction(items: Sequence[Part]) -> Part:
    return _joined(items, And, "AND")


def disjunction(items: Sequence[Part]) -> Part:
    return _joined(items, Or, "OR")


def _joined(items: Sequence[Part], join: type[And] | type[Or], word: str) -> Part:
    flat: list[Node] = []
    for item in items:
        node = item.of_kind("boolean", word)
        flat.extend(node.items if isinstance(node, join) else (node,))
    written = f"{items[0].written} {word} ..."
    return part(join(tuple(flat)), items[0].at, written)


def _one_kind(values: Sequence[Part], use: str, at: int) -> tuple[Kind, Reach]:
    """The common kind and bounds of values of which some may be NULL, but not all."""
    known = [value for value in values if value.node is not None]
    if not known:
        raise Refusal(at, f"every value of {use} is NULL", "give one of them a value")
    bounds = known[0].reach
    for value in known[1:]:
        _same_kind(known[0], value, use)
        bounds = bounds.either(value.reach)
    return known[0].typed().kind, bounds


def case(branches: Sequence[tuple[Part, Part]], otherwise: Part | None, at: int) -> Part:
    results = [result for _, result in branches]
    kind, bounds = _one_kind([*results, *([otherwise] if otherwise else [])], "CASE", at)

    def value(of: Part | None) -> Node:
        return Constant(None, kind) if of is None or of.node is None else of.node

    tree = Case(
        tuple((when.of_kind("boolean", "WHEN"), value(then)) for when, then in branches),
        value(otherwise),
        kind,
    )
    return part(tree, at, "CASE ... END", bounds)


def coalesce(items: Sequence[Part], at: int) -> Part:
    nodes = tuple(item.typed("in COALESCE") for item in items)
    for item, following in pairwise(items):
        if item.is_constant:
            raise Refusal(
                following.at,
                f"COALESCE never gets past the constant {item.written}",
                "put the constant last",
            )
    kind, bounds = _one_kind(items, "COALESCE", at)
    return part(Coalesce(nodes, kind), at, "COALESCE(...)", bounds)


def null_if(of: Part, unwanted: Part, at: int) -> Part:
    kind, _ = _one_kind([of, unwanted], "NULLIF", at)
    node = NullIf(of.typed("in NULLIF"), unwanted.typed("in NULLIF"), kind)
    return part(node, at, "NULLIF(...)", of.reach)


def extreme(which: Literal["LEAST", "GREATEST"], items: Sequence[Part], at: int) -> Part:
    nodes = tuple(item.typed(f"in {which}") for item in items)
    kind, bounds = _one_kind(items, which, at)
    if kind == "boolean":
        raise Refusal(at, "true and false have no order", "join conditions with AND or OR")
    return part(Extreme(which, nodes, kind), at, f"{which}(...)", bounds)


def number(text: str, at: int) -> Part:
    """A number literal within the domain of the language."""
    value = float(text)
    is_zero = not text.lower().partition("e")[0].strip("0.")
    if not is_zero and not reach.SMALLEST <= value <= reach.LARGEST:
        raise Refusal(
            at,
            f"{text} is outside the language's range",
            f"numbers run from {reach.SMALLEST:g} to {reach.LARGEST:g} in magnitude, or are 0",
        )
    return Part(Constant(value, "number"), at, text, reach.of_constant(value))


_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str, at: int) -> Part:
    """The literal DATE 'year-month-day'."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return Part(Constant(date.fromisoformat(text), "date"), at, f"DATE '{text}'")
    except ValueError:
        raise Refusal(
            at, f"'{text}' is not a date", "write year-month-day: DATE '2018-10-01'"
        ) from None
