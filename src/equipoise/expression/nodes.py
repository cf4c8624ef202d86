"""The typed tree: what an expression is once its text has been read and checked.

Nodes are immutable and compare by value. Sugar is gone by now: BETWEEN is two comparisons, a
simple CASE is a searched one, NOT IN is NOT over IN. Each node keeps its `depth` and `size`, so
that the bounds of the language are checked while a tree grows and no walk can run away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["number", "string", "boolean", "date"]
Value: TypeAlias = float | str | bool | date | None
Sign: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]
Operator: TypeAlias = Literal["+", "-", "*", "/"]


class Node:
    """A part of an expression: its kind of value and the parts it is made of."""

    __slots__ = ("depth", "size")
    kind: Kind
    depth: int
    size: int

    def __post_init__(self) -> None:
        parts = self.parts()
        object.__setattr__(self, "depth", 1 + max((part.depth for part in parts), default=0))
        object.__setattr__(self, "size", 1 + sum(part.size for part in parts))

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A literal; None is NULL, which has a type like any other value."""

    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A field of the record, by name."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Negate(Node):
    of: Node
    kind: Kind = field(default="number", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Absolute(Node):
    of: Node
    kind: Kind = field(default="number", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A sum, difference, product or quotient; a quotient by zero is NULL."""

    sign: Operator
    left: Node
    right: Node
    kind: Kind = field(default="number", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class DaysBetween(Node):
    """`later - earlier` of two dates, in days."""

    later: Node
    earlier: Node
    kind: Kind = field(default="number", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.later, self.earlier)


@dataclass(frozen=True, slots=True)
class Compare(Node):
    sign: Sign
    left: Node
    right: Node
    kind: Kind = field(default="boolean", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Among(Node):
    """`of IN (...)` over constants, none of them NULL."""

    of: Node
    values: tuple[Constant, ...]
    kind: Kind = field(default="boolean", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    of: Node
    kind: Kind = field(default="boolean", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class IsTruth(Node):
    """`of IS TRUE` or `of IS FALSE`: never NULL."""

    of: Node
    truth: bool
    kind: Kind = field(default="boolean", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Not(Node):
    of: Node
    kind: Kind = field(default="boolean", init=False)

    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True)
class And(Node):
    """Two conditions or more; never directly inside another And."""

    items: tuple[Node, ...]
    kind: Kind = field(default="boolean", init=False)

    def parts(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Two conditions or more; never directly inside another Or."""

    items: tuple[Node, ...]
    kind: Kind = field(default="boolean", init=False)

    def parts(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True)
class Case(Node):
    """The value of the first branch whose condition is TRUE, else `otherwise`."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node
    kind: Kind

    def parts(self) -> tuple[Node, ...]:
        return (*(part for branch in self.branches for part in branch), self.otherwise)


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """The first value that is not NULL."""

    items: tuple[Node, ...]
    kind: Kind

    def parts(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True)
class NullIf(Node):
    """`of`, but NULL where it equals `unwanted`."""

    of: Node
    unwanted: Node
    kind: Kind

    def parts(self) -> tuple[Node, ...]:
        return (self.of, self.unwanted)


@dataclass(frozen=True, slots=True)
class Extreme(Node):
    """LEAST or GREATEST of the values that are not NULL; NULL where none is."""

    which: Literal["LEAST", "GREATEST"]
    items: tuple[Node, ...]
    kind: Kind

    def parts(self) -> tuple[Node, ...]:
        return self.items


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(here.parts())


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The same tree over fields of other names; those that `names` lacks keep theirs."""
    if isinstance(node, Field):
        return Field(names.get(node.name, node.name), node.kind)

    def within(part: Any) -> Any:
        if isinstance(part, Node):
            return renamed(part, names)
        return tuple(map(within, part)) if isinstance(part, tuple) else part

    parts = {each.name: within(getattr(node, each.name)) for each in fields(node) if each.init}  # type: ignore[arg-type]
    return replace(node, **parts)  # type: ignore[type-var]
