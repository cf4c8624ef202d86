"""How a query spells names, texts and the program's expressions."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.contract.naming import LONGEST
from equipoise.expression import DIALECTS, DialectName, Expression, literal, quoted
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import Named


class Spelling:
    """Names and texts of one query in one dialect.

    Only the innermost select reads the lender's own columns. From there on every name has a blank,
    which no field's has, and a field or a feature its place in front: whatever the fields are
    called, and whether or not an engine tells upper from lower case, a name means one thing.
    """

    def __init__(self, compiled: Compiled, dialect: DialectName) -> None:
        self.dialect = dialect
        read = [*compiled.program.inputs, *compiled.document.features]
        self.columns = {each: placed(at, each) for at, each in enumerate(read)}
        self.string, self.double = DIALECTS[dialect].string, DIALECTS[dialect].double
        self.nothing = f"CAST(NULL AS {self.string})"

    def name(self, name: str) -> str:
        """A column as an identifier."""
        return quoted(name, self.dialect)

    def text(self, value: str) -> str:
        """A constant text."""
        return literal(value, self.dialect)

    def of(self, expression: Expression) -> str:
        """An expression over the columns of the layer inside."""
        return expression.sql(self.dialect, self.columns)

    def held(self, condition: Expression) -> str:
        """A condition that is false where it is not known."""
        return f"COALESCE({self.of(condition)}, FALSE)"

    def named(self, named: Named) -> dict[str, str]:
        """Expressions as columns by name."""
        return {self.columns.get(name, name): f"({self.of(each)})" for name, each in named.items()}

    def by_place(self, place: str, texts: Sequence[str]) -> str:
        """One of the texts by a place on the menu."""
        arms = " ".join(f"WHEN {k} THEN {each}" for k, each in enumerate(texts))
        return f"CASE {place} {arms} END"


def placed(at: int, name: str) -> str:
    """A name of its own for the field or feature at a place; PostgreSQL cuts long ones."""
    return f"{at} {name}"[: LONGEST - len("model ")]
