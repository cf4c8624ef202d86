"""A graph of operations laid out as nested sub-selects: each layer adds columns to those below.

An expression that is used more than once becomes a column, so nothing is worked out twice and the
text grows with the graph. A layer carries only the columns that layers above it read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from equipoise.expression import DIALECTS, DialectName, number
from equipoise.value.compiled.arithmetic import PER_LN2
from equipoise.value.compiled.sqlite_arrays import packed, packed_entry, power_of_two
from equipoise.value.compiled.symbolic import Node

CHEAP = 3  # operations that are rather written twice than given a column
SPARED = 10  # operations that Spark rather does again: it copies each column in every layer
LEAST_POWER, MOST_POWER = -160, 160
POWERS = "powers"
FLAGS = "flags"
_LEAVES = ("column", "condition")


@dataclass(slots=True)
class Layout:
    """Where each node of a graph is worked out: in place, or as a column of some layer."""

    dialect: DialectName
    prefix: str
    columns: dict[Node, str] = field(default_factory=dict)
    layer: dict[Node, int] = field(default_factory=dict)
    size: dict[Node, int] = field(default_factory=dict)
    text: dict[Node, str] = field(default_factory=dict)
    reads: dict[Node, frozenset[str]] = field(default_factory=dict)

    def place(self, nodes: Sequence[Node], goals: Mapping[Node, str]) -> None:
        """Decide for every node, operands first; `goals` are columns whatever their size."""
        uses = _uses(nodes, goals)
        for node in nodes:
            if not uses.get(node) and node not in goals:
                continue
            self._write(node)
            shared = self._is_shared(node, uses.get(node, 0))
            if node.kind in _LEAVES or not (shared or node in goals):
                continue
            self.columns[node] = f"{self.prefix}{len(self.columns)}"
            self.layer[node] += 1
        self._wait()

    def _is_shared(self, node: Node, uses: int) -> bool:
        if self.dialect == "spark":
            return (uses - 1) * self.size[node] > SPARED
        return uses > 1 and self.size[node] > CHEAP

    def _wait(self) -> None:
        """Move each column to the last layer that it can stand in: none before has to carry it."""
        made = {name: node for node, name in self.columns.items()}
        depth = max((self.layer[node] for node in made.values()), default=0)
        latest = dict.fromkeys(made.values(), depth)
        for node in reversed(self.columns):  # what reads a column comes after it
            self.layer[node] = latest[node]
            for name in self.reads[node]:
                if name in made:
                    latest[made[name]] = min(latest[made[name]], latest[node] - 1)

    def _write(self, node: Node) -> None:
        if node.kind in _LEAVES:
            self.layer[node], self.size[node] = 0, 0
            self.text[node], self.reads[node] = node.name, frozenset((node.name,))
            return
        inner = [each for each in node.operands if isinstance(each, Node)]
        inlined = [each for each in inner if each not in self.columns]
        self.layer[node] = max((self.layer[each] for each in inner), default=0)
        self.size[node] = 1 + sum(self.size[each] for each in inlined)
        self.text[node] = self._operation(node)
        read: set[str] = set()
        for each in inner:
            read |= {self.columns[each]} if each in self.columns else self.reads[each]
        if node.kind == "entry":
            read.add(f"{self.prefix}{node.name}")
        if node.kind == "power_of_two":
            read.add(f"{self.prefix}{POWERS}")
        self.reads[node] = frozenset(read)

    def value(self, operand: Node | float) -> str:
        """An operand's SQL: a number, a column, or its expression in place."""
        if not isinstance(operand, Node):
            return number(operand, self.dialect)
        return self.columns.get(operand) or self.text[operand]

    def _operation(self, node: Node) -> str:
        kind, given = node.kind, [self.value(each) for each in node.operands]
        if kind == "/":
            return self._known(f"({given[0]} / {given[1]})")
        if kind in ("+", "-", "*", "<", ">", ">="):
            return f"({given[0]} {kind} {given[1]})"
        if kind in ("power_of_two", "entry"):
            table = node.name or POWERS
            return self._entry(table, given[0], 1 - LEAST_POWER if table == POWERS else 1)
        plain = {
            "negate": "(- {0})",
            "pick": "CASE WHEN {0} THEN {1} ELSE {2} END",
            "floor": self._floor("{0}"),
            "guess_exponent": self._floor(f"LN({{0}}) * {number(PER_LN2, self.dialect)}"),
        }
        return plain[kind].format(*given)

    def _floor(self, x: str) -> str:
        # Spark's FLOOR gives an integer
        is_spark = self.dialect == "spark"
        return self._known(f"CAST(FLOOR({x}) AS DOUBLE)") if is_spark else f"FLOOR({x})"

    def _known(self, sql: str) -> str:
        """What is no NULL, as its operands are none: Spark supposes one and looks in every step."""
        return f"COALESCE({sql}, {number(0.0, self.dialect)})" if self.dialect == "spark" else sql

    def _entry(self, table: str, whole: str, shift: int) -> str:
        # the casts round, but what they are given is whole
        array = f"{self.prefix}{table}"
        if self.dialect == "sqlite":
            at = f"CAST({whole} AS INTEGER)"
            return power_of_two(at) if table == POWERS else packed_entry(array, at)
        if self.dialect == "spark":
            # a sum of doubles: Spark looks whether one of integers overflows
            return f"element_at({array}, CAST({whole} + {number(shift, self.dialect)} AS INT))"
        kind = "BIGINT" if self.dialect == "duckdb" else "INTEGER"
        return f"{array}[CAST({whole} AS {kind}) + {shift}]"

    def selects(self, base: str, carried: Sequence[str], last: Sequence[str]) -> str:
        """The text: `base` at the bottom, then a layer after the other; `carried` go through all.

        `last` are the columns that must come out at the top.
        """
        depth = max((self.layer[node] for node in self.columns), default=0)
        wanted = [set(last)]  # what the layers above read, from the top down
        for at in range(depth, 0, -1):
            made = {self.columns[node] for node in self._of(at)}
            read = {name for node in self._of(at) for name in self.reads[node]}
            wanted.append((wanted[-1] - made) | read)
        wanted.reverse()
        query = base
        for at in range(1, depth + 1):
            new = {self.columns[node]: self.text[node] for node in self._of(at)}
            passed = sorted(wanted[at] - new.keys())
            parts = [*carried, *passed, *(f"{text} AS {name}" for name, text in new.items())]
            query = f"SELECT {', '.join(parts)}\nFROM ({query}) AS l{at}{self.fence}"
        return query

    def flag(self, name: str) -> str:
        """A condition of the base that only the outer layers read; Spark has them in one column."""
        return f"{self.prefix}{FLAGS}.{name}" if self.dialect == "spark" else f"{self.prefix}{name}"

    def flags(self, conditions: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """The conditions as columns of the base, and what these columns are called."""
        if self.dialect == "spark":
            listed = ", ".join(f"'{name}', {sql}" for name, sql in conditions.items())
            name = f"{self.prefix}{FLAGS}"
            return [f"named_struct({listed}) AS {name}"], [name]
        names = [f"{self.prefix}{name}" for name in conditions]
        parts = zip(conditions.values(), names, strict=True)
        return [f"{sql} AS {name}" for sql, name in parts], names

    @property
    def fence(self) -> str:
        """What stands behind each layer."""
        return DIALECTS[self.dialect].fence

    def _of(self, layer: int) -> list[Node]:
        return [node for node in self.columns if self.layer[node] == layer]


def array(values: Sequence[float], dialect: DialectName) -> str:
    """An array of exactly these doubles."""
    if dialect == "spark":
        return f"array({', '.join(f'{value!r}D' for value in values)})"
    if dialect == "sqlite":
        return packed(values)
    texts = [repr(value) for value in values]
    if dialect == "postgres":
        return f"CAST('{{{','.join(texts)}}}' AS DOUBLE PRECISION[])"
    listed = ",".join(f"'{text}'" for text in texts)
    return f"CAST([{listed}] AS DOUBLE[])"


def powers(dialect: DialectName) -> str:
    """The array that `power_of_two` reads; SQLite needs none."""
    if dialect == "sqlite":
        return "NULL"
    return array([2.0**k for k in range(LEAST_POWER, MOST_POWER + 1)], dialect)


def _uses(nodes: Sequence[Node], goals: Mapping[Node, str]) -> dict[Node, int]:
    uses: dict[Node, int] = dict.fromkeys(goals, 1)
    for node in reversed(nodes):
        if node in uses:
            for each in node.operands:
                if isinstance(each, Node):
                    uses[each] = uses.get(each, 0) + 1
    return uses
