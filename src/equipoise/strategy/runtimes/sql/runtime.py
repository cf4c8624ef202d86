"""Deciding in a database: the strategy as text of SQL, and what runs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from equipoise.errors import BadInput, did_you_mean
from equipoise.expression import DIALECT_NAMES, DialectName
from equipoise.risk import Scorecard
from equipoise.risk.linear import LinearModel
from equipoise.strategy.answer import FLAT
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.runtimes.sql.facts import Source
from equipoise.strategy.runtimes.sql.query import query_of
from equipoise.strategy.runtimes.sql.scoring import SqlModel
from equipoise.strategy.runtimes.sql.whole import whole_query

if TYPE_CHECKING:
    import polars as pl

TABLE = "applications"
Run = Callable[[str, "pl.DataFrame"], "pl.DataFrame"]


class SqlRuntime:
    """Decides where a query runs.

    `run` is handed a query and a frame, which the query reads as the table `applications`, and
    gives the query's rows in the frame's order: a connection to a database, or an engine in this
    process. Raises BadInput for a dialect that is not known, for a strategy that asks step by step
    and for a model of trees.
    """

    def __init__(self, compiled: Compiled, dialect: str, run: Run | None = None) -> None:
        self.compiled, self._run = compiled, run
        self.dialect, self._model = _known(dialect), _writable(compiled)

    def text(self, table: str = TABLE, at: date | None = None) -> str:
        """A query over `table`, whose columns are the contract's, with one row per application.

        Its columns are those of `answer.FLAT`: `reason` is what decided, where that is not the
        model, `conditions` are names with commas. `at` is the day of the decision; without it the
        application's own date, else today.
        """
        return query_of(self.compiled, self._model, self.dialect, Source(table, at))

    def whole_text(self, source: Source) -> str:
        """A query with the columns of `answer.ANSWER`, lists and all; Spark's SQL alone.

        Raises BadInput for another dialect.
        """
        if self.dialect != "spark":
            raise BadInput(
                f"the whole answer has lists, which are not written for '{self.dialect}'",
                field="--dialect",
                mend="take `text`, or Spark's SQL",
            )
        return whole_query(self.compiled, self._model, source)

    def decide(self, frame: pl.DataFrame, *, at: date | None = None) -> pl.DataFrame:
        """See `Runtime`."""
        if self._run is None:
            raise BadInput(
                "the query has nowhere to run",
                field="run",
                mend="hand in what runs a query over a frame, or take its `text`",
            )
        return self._run(self.text(at=at), frame).select([*FLAT])


def _known(dialect: str) -> DialectName:
    for name in DIALECT_NAMES:
        if name == dialect:
            return name
    raise BadInput(
        f"'{dialect}' is not a dialect",
        field="--dialect",
        mend=did_you_mean(dialect, DIALECT_NAMES) or f"one of {', '.join(DIALECT_NAMES)}",
    )


def _writable(compiled: Compiled) -> SqlModel:
    """The strategy's model, where the strategy has SQL."""
    if compiled.asking is not None:
        raise BadInput(
            "a strategy that asks step by step has no SQL: what to ask next is searched over sets "
            "of checks, which no query can do to the bit",
            field="asking",
            mend="use `equipoise decide`, or take `asking` out",
        )
    if not isinstance(compiled.model, Scorecard | LinearModel):
        raise BadInput(
            "a strategy with a model of trees has no SQL: a database would not give the same bits",
            field="model",
            mend="seal it with a scorecard, or use `equipoise decide`",
        )
    return compiled.model
