"""The public face: compile text once, then ask it for Python, polars or SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from equipoise.errors import Span, did_you_mean
from equipoise.expression import to_python, to_sql
from equipoise.expression.checks import Part
from equipoise.expression.dialects import DIALECTS
from equipoise.expression.faults import ExpressionError, Refusal
from equipoise.expression.never import contradiction
from equipoise.expression.nodes import Field, Kind, Node, Value, renamed, walk
from equipoise.expression.parser import Parser

if TYPE_CHECKING:
    import polars as pl

    from equipoise.expression.dialects import DialectName

MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression; two are equal where their trees are.

    `type` is the kind of its value: number, string, boolean or date. `names` are the fields it
    reads. `python` takes a record (a mapping from names to values) and gives a float, str, bool,
    date or None. None and an absent key both mean missing, that is NULL. A value of another type
    than declared raises ExpressionError naming the field.
    """

    tree: Node
    text: str = field(compare=False)
    names: frozenset[str] = field(compare=False)
    python: Callable[[Mapping[str, Any]], Value] = field(compare=False, repr=False)

    @property
    def type(self) -> Kind:
        return self.tree.kind

    @property
    def canonical(self) -> str:
        """The expression as text in one fixed form; it compiles to the same tree."""
        return to_sql.canonical(self.tree)

    def polars(self) -> pl.Expr:
        """The same value over the columns of a frame; columns are cast to the language's types."""
        from equipoise.expression import to_polars

        return to_polars.expression(self.tree)

    def sql(self, dialect: str, columns: Mapping[str, str] | None = None) -> str:
        """The same value as an SQL expression for `duckdb`, `postgres`, `sqlite` or `spark`.

        `columns` names the column of a field where that has another name.
        """
        if dialect not in DIALECTS:
            raise ExpressionError(
                f"'{dialect}' is not a dialect", mend=did_you_mean(dialect, DIALECTS)
            )
        tree = renamed(self.tree, columns) if columns else self.tree
        return to_sql.text(tree, cast("DialectName", dialect))


def compile(  # noqa: A001 - the verb of the field, as in re.compile
    text: str,
    types: Mapping[str, str],
    *,
    where: Span | None = None,
    called: Mapping[str, str] | None = None,
) -> Expression:
    """Read and check an expression.

    `types` maps each known field to number, integer, string, boolean or date. `where` is the
    place of the text in its file, so that a fault is reported there; otherwise lines and columns
    count within the text. `called` says under which name a record holds a field that the text
    calls otherwise. Raises ExpressionError for anything outside the language.
    """
    try:
        tree = _checked(text, types)
    except Refusal as refusal:
        raise refusal.located(text, where) from None
    except RecursionError:
        raise Refusal(0, "the expression is nested too deep", "name parts as features").located(
            text, where
        ) from None
    if called:
        tree = renamed(tree, called)
    names = frozenset(node.name for node in walk(tree) if isinstance(node, Field))
    return Expression(tree, text, names, to_python.function(tree))


def _checked(text: str, types: Mapping[str, str]) -> Node:
    if len(text) > MAX_TEXT:
        raise Refusal(
            MAX_TEXT, f"the expression is longer than {MAX_TEXT} characters", "make parts features"
        )
    part: Part = Parser(text, types).whole()
    tree = part.typed("as a whole expression")
    culprit = contradiction(tree)
    if culprit is not None:
        name = to_sql.canonical(culprit)
        raise Refusal(part.at, f"the conditions on {name} can never hold together", "mend one")
    return tree


def compile_many(
    expressions: Mapping[str, Expression],
) -> Callable[[Mapping[str, Any]], dict[str, Value]]:
    """One Python function for many expressions: from a record to all their values by name.

    Each field is read and checked once, so twenty rules cost little more than two.
    """
    return to_python.functions({name: item.tree for name, item in expressions.items()})
