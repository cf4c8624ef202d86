"""Nested sub-selects, each with the columns of the one inside and some more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from equipoise.expression import DIALECTS, DialectName, quoted


class Layers:
    """A query from the inside out."""

    def __init__(self, query: str, dialect: DialectName) -> None:
        self.query, self.dialect = query, dialect
        self._made = 0

    def add(self, columns: Mapping[str, str]) -> None:
        """A layer with these columns besides."""
        if columns:
            listed = ", ".join(
                f"{sql} AS {quoted(name, self.dialect)}" for name, sql in columns.items()
            )
            self.select(["*", listed])

    def select(self, listed: Sequence[str]) -> None:
        """A layer with these columns alone."""
        # the fence keeps an engine from writing one layer into the next, where it would grow
        fence = DIALECTS[self.dialect].fence
        self.query = f"SELECT {', '.join(listed)}\nFROM {self.source()}{fence}"

    def source(self) -> str:
        """What stands behind FROM in a layer that is written elsewhere."""
        self._made += 1
        return f"({self.query}) AS l{self._made}"
