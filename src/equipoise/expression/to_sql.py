"""The typed tree as SQL text, with no more parentheses than SQL's precedence needs.

Text comes from the checked tree alone: names are quoted, constants written by the dialect.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import singledispatchmethod

from equipoise.expression.dialects import CANONICAL, DIALECTS, Dialect, DialectName
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
)
from equipoise.expression.zeros import may_be_negative_zero

# How tightly a piece of text holds together, loosest first.
_OR, _AND, _NOT, _PREDICATE, _SUM, _PRODUCT, _UNARY, _ATOM = range(8)


@dataclass(frozen=True, slots=True)
class _Text:
    """SQL and how tightly it holds together."""

    sql: str
    tightness: int = _ATOM

    def within(self, tightness: int) -> str:
        return self.sql if self.tightness >= tightness else f"({self.sql})"


def text(tree: Node, dialect: DialectName) -> str:
    """The tree as an SQL expression of that dialect."""
    return _Writer(DIALECTS[dialect]).text(tree).sql


def canonical(tree: Node) -> str:
    """The tree as text of the language itself; compiling it gives the same tree."""
    return _Writer(CANONICAL).text(tree).sql


class _Writer:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def text(self, node: Node) -> _Text:
        made: _Text = self._text(node)
        return made

    def within(self, node: Node, tightness: int) -> str:
        return self.text(node).within(tightness)

    def by_bytes(self, node: Node, tightness: int) -> str:
        """An operand of a comparison; text without the collation its column may have."""
        if node.kind != "string" or isinstance(node, Constant) or not self._dialect.by_bytes:
            return self.within(node, tightness)
        return f"{self.within(node, _ATOM)} {self._dialect.by_bytes}"

    @singledispatchmethod
    def _text(self, node: Node) -> _Text:
        raise AssertionError(f"no SQL for {type(node).__name__}")

    @_text.register
    def _(self, node: Constant) -> _Text:
        value = node.value
        if value is None:
            return _Text("NULL")
        if isinstance(value, bool):
            return _Text("TRUE" if value else "FALSE")
        if isinstance(value, str):
            return _Text(self._dialect.text(value))
        if isinstance(value, date):
            return _Text(self._dialect.day(value))
        sql = self._dialect.number(value)
        return _Text(sql, _UNARY if sql.startswith("-") else _ATOM)

    @_text.register
    def _(self, node: Field) -> _Text:
        return _Text(self._dialect.field(node.name, node.kind))

    @_text.register
    def _(self, node: Negate) -> _Text:
        if self._dialect.guards:
            return _Text(f"{self._dialect.number(0.0)} - {self.within(node.of, _PRODUCT)}", _SUM)
        return _Text(f"-{self.within(node.of, _ATOM)}", _UNARY)

    @_text.register
    def _(self, node: Absolute) -> _Text:
        return _Text(f"ABS({self.text(node.of).sql})")

    @_text.register
    def _(self, node: Arithmetic) -> _Text:
        made = self.calculated(node, self.text)
        if self._dialect.guards and may_be_negative_zero(node):
            return _Text(f"{made.within(_PRODUCT)} + {self._dialect.number(0.0)}", _SUM)
        return made

    def calculated(self, node: Arithmetic, operand: Callable[[Node], _Text]) -> _Text:
        """Arithmetic as it is, with a zero of either sign."""
        own = _SUM if node.sign in "+-" else _PRODUCT
        right = operand(node.right).within(own + 1)
        if node.sign == "/" and self._dialect.guards and not isinstance(node.right, Constant):
            right = f"NULLIF({operand(node.right).sql}, {self._dialect.number(0.0)})"
        return _Text(f"{operand(node.left).within(own)} {node.sign} {right}", own)

    @_text.register
    def _(self, node: DaysBetween) -> _Text:
        later, earlier = self.within(node.later, _PRODUCT), self.within(node.earlier, _PRODUCT)
        sql = self._dialect.days.format(later=later, earlier=earlier)
        return _Text(sql, _ATOM if self._dialect.guards else _SUM)

    @_text.register
    def _(self, node: Compare) -> _Text:
        left, right = self._side(node.left), self._side(node.right)
        return _Text(f"{left} {node.sign} {right}", _PREDICATE)

    def _side(self, node: Node) -> str:
        if node.kind == "number":
            return self.compared(node).within(_SUM)
        return self.by_bytes(node, _SUM)

    def compared(self, node: Node) -> _Text:
        """A number in a comparison, which does not see the sign of a zero."""
        return (
            self.calculated(node, self.compared)
            if isinstance(node, Arithmetic)
            else self.text(node)
        )

    def _among(self, node: Among, negated: str = "") -> _Text:
        values = ", ".join(self.text(value).sql for value in node.values)
        return _Text(f"{self.by_bytes(node.of, _SUM)} {negated}IN ({values})", _PREDICATE)

    def _is(self, node: IsNull | IsTruth, negated: str = "") -> _Text:
        what = "NULL" if isinstance(node, IsNull) else str(node.truth).upper()
        return _Text(f"{self.within(node.of, _SUM)} IS {negated}{what}", _PREDICATE)

    @_text.register
    def _(self, node: Among) -> _Text:
        return self._among(node)

    @_text.register
    def _(self, node: IsNull) -> _Text:
        return self._is(node)

    @_text.register
    def _(self, node: IsTruth) -> _Text:
        return self._is(node)

    @_text.register
    def _(self, node: Not) -> _Text:
        if isinstance(node.of, (IsNull, IsTruth)):
            return self._is(node.of, "NOT ")
        if isinstance(node.of, Among):
            return self._among(node.of, "NOT ")
        return _Text(f"NOT {self.within(node.of, _ATOM)}", _NOT)

    @_text.register
    def _(self, node: And) -> _Text:
        return _Text(" AND ".join(self.within(item, _NOT) for item in node.items), _AND)

    @_text.register
    def _(self, node: Or) -> _Text:
        return _Text(" OR ".join(self.within(item, _AND) for item in node.items), _OR)

    @_text.register
    def _(self, node: Case) -> _Text:
        branches = " ".join(
            f"WHEN {self.text(when).sql} THEN {self.text(then).sql}" for when, then in node.branches
        )
        return _Text(f"CASE {branches} ELSE {self.text(node.otherwise).sql} END")

    @_text.register
    def _(self, node: Coalesce) -> _Text:
        return _Text(f"COALESCE({self._list(node.items)})")

    @_text.register
    def _(self, node: NullIf) -> _Text:
        of, unwanted = self.by_bytes(node.of, _OR), self.by_bytes(node.unwanted, _OR)
        return _Text(f"NULLIF({of}, {unwanted})")

    @_text.register
    def _(self, node: Extreme) -> _Text:
        items = [self.by_bytes(item, _OR) for item in node.items]
        if self._dialect.ignores_nulls:
            return _Text(f"{node.which}({', '.join(items)})")
        best = "MIN" if node.which == "LEAST" else "MAX"
        rows = " UNION ALL SELECT ".join([f"{items[0]} AS v", *items[1:]])
        return _Text(f"(SELECT {best}(v) FROM (SELECT {rows}))")

    def _list(self, items: tuple[Node, ...]) -> str:
        return ", ".join(self.text(item).sql for item in items)
