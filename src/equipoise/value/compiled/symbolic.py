"""Runs the formula on symbols instead of numbers, so that its very code can be written as SQL.

The functions of `arithmetic` and `formula` are run from their own code objects with symbolic
primitives in place of the compiled ones. What they do is recorded as a graph in which equal
expressions are one node; what depends on constants alone is worked out in doubles on the spot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import floor as floor_of
from math import frexp, ldexp
from typing import Any

from equipoise.value.compiled.steps import steps_over


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One operation: `kind` and its operands, which are nodes or numbers."""

    graph: Graph
    kind: str
    operands: tuple[Any, ...]
    name: str = ""

    def __add__(self, other: Any) -> Any:
        return self.graph.node("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return self.graph.node("+", other, self)

    def __sub__(self, other: Any) -> Any:
        return self if _is(other, "0.0") else self.graph.node("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.graph.node("-", other, self)

    def __mul__(self, other: Any) -> Any:
        return self if _is(other, "1.0") else self.graph.node("*", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self if _is(other, "1.0") else self.graph.node("*", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self if _is(other, "1.0") else self.graph.node("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.graph.node("/", other, self)

    def __neg__(self) -> Any:
        return self.graph.node("negate", self)

    def __lt__(self, other: Any) -> Any:
        return self.graph.node("<", self, other)

    def __gt__(self, other: Any) -> Any:
        return self.graph.node(">", self, other)

    def __ge__(self, other: Any) -> Any:
        return self.graph.node(">=", self, other)


@dataclass(slots=True)
class Graph:
    """Every node made, each expression once, in an order in which they can be worked out."""

    nodes: dict[tuple[Any, ...], Node] = field(default_factory=dict)

    def node(self, kind: str, *operands: Any, name: str = "") -> Node:
        """The node of this operation; the one made before where there is one."""
        key = (kind, name, *(o if isinstance(o, Node) else float(o).hex() for o in operands))
        known = self.nodes.get(key)
        if known is None:
            given = tuple(o if isinstance(o, Node) else float(o) for o in operands)
            known = self.nodes[key] = Node(self, kind, given, name)
        return known

    def column(self, name: str) -> Node:
        """A column of the table that the formula is applied to."""
        return self.node("column", name=name)

    def condition(self, name: str) -> Node:
        """A boolean column."""
        return self.node("condition", name=name)


@dataclass(frozen=True, slots=True)
class Table:
    """A sealed table that an engine holds as an array called `name`."""

    name: str
    size: int


def pick(condition: Any, yes: Any, no: Any) -> Any:
    """`arithmetic.pick` on symbols."""
    if not isinstance(condition, Node):
        return yes if condition else no
    if yes is no:
        return yes
    return condition.graph.node("pick", condition, yes, no)


def floor(x: Any) -> Any:
    """`arithmetic.floor` on symbols."""
    return x.graph.node("floor", x) if isinstance(x, Node) else float(floor_of(x))


def power_of_two(k: Any) -> Any:
    """`arithmetic.power_of_two` on symbols."""
    return k.graph.node("power_of_two", k) if isinstance(k, Node) else ldexp(1.0, int(k))


def exponent(x: Any) -> Any:
    """`arithmetic.exponent` on symbols: an engine's own logarithm guesses, comparisons correct."""
    if not isinstance(x, Node):
        return float(frexp(x)[1] - 1)
    guess = x.graph.node("guess_exponent", x)
    above = pick(x >= power_of_two(guess + 1.0), guess + 1.0, guess)
    return pick(x < power_of_two(guess), guess - 1.0, above)


def lookup(table: Table, position: Any) -> Any:
    """`arithmetic.lookup` on symbols."""
    last = float(table.size - 1)
    inside = pick(position > 0.0, position, 0.0)
    inside = pick(inside < last, inside, last)
    below = floor(inside)
    below = pick(below < last - 1.0, below, last - 1.0)
    low = below.graph.node("entry", below, name=table.name)
    high = below.graph.node("entry", below + 1.0, name=table.name)
    return low + (inside - below) * (high - low)


PRIMITIVES: tuple[Callable[..., Any], ...] = (pick, floor, power_of_two, exponent, lookup)
_SPACE = steps_over(PRIMITIVES)


def run(name: str, known: Mapping[str, Any]) -> Any:
    """The formula's step of that name on symbols, its arguments taken from `known` by name."""
    step = _SPACE[name]
    code = step.__code__
    return step(*(known[each] for each in code.co_varnames[: code.co_argcount]))


def _is(value: Any, what: str) -> bool:
    """Whether an operand is this constant and changes no bit; -0.0 is not 0.0."""
    return not isinstance(value, Node) and str(float(value)) == what
