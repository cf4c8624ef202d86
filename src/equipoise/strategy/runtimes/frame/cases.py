"""Applications of one frame on their way through the program, column by column."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from equipoise.contract.days import today
from equipoise.contract.facts.table import Source, Table
from equipoise.expression import Expression
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.fact_checks import DAY, not_a_number
from equipoise.strategy.frame_intake import FrameResults, filled, lacking_in
from equipoise.strategy.intake import CHECKS
from equipoise.strategy.program import PD, Named
from equipoise.strategy.runtimes.frame.answers import NONE, Answers

DOUBT = "its doubt"


class Cases:
    """The rows of a frame: their facts, and what each stage makes of them.

    `table` are facts and all that was made of them; `results` those of checks; `lacking` the facts
    that no row has yet; `answers` what is found for each row. `next` (rows,) are places in `steps`
    of what a row is asked for; `exceptions` (rows,) places in `carried` of the codes by which rules
    refer it; -1 for none. `otherwise` is the day it is, where neither `at` nor a row says one.
    """

    def __init__(  # noqa: PLR0917 - where a frame is from goes with it
        self,
        compiled: Compiled,
        frame: pl.DataFrame,
        at: date | None,
        file: str,
        first_row: int,
        otherwise: date | None = None,
    ) -> None:
        self.rows = frame.height
        self.lacking = lacking_in(compiled, frame.columns)
        frame = filled(frame, self.lacking)
        self.results = FrameResults.read(compiled.intake, frame, file, first_row)
        table = compiled.tables.read(frame.drop(CHECKS, strict=False), Source(file, first_row))
        day = _days(table.days, at, otherwise or today(compiled.content.contract))
        doubt = _doubt_of_numbers(table)
        self.table = table.facts.with_columns(doubt.alias(DOUBT), day.alias(DAY))
        self.ids, self.extras = table.ids, table.extras
        self.features = pl.DataFrame()
        self.answers = Answers.empty(self.rows)
        self.steps: list[str] = []
        self.next: IntArray = np.full(self.rows, NONE)
        self.exceptions: IntArray = np.full(self.rows, NONE)
        self.carried: list[tuple[str, ...]] = []

    def add(self, named: Named) -> None:
        """Evaluate expressions over all rows, as columns of their names."""
        if named:
            self.table = self.table.with_columns(
                [each.polars().alias(name) for name, each in named.items()]
            )

    def mask(self, condition: Expression) -> BoolArray:
        """(rows,) where a condition holds."""
        return column(self.table, condition).fill_null(value=False).to_numpy()


def column(frame: pl.DataFrame, expression: Expression) -> pl.Series:
    """What an expression gives for each row of a frame."""
    series = frame.select(expression.polars().alias("x"))["x"]
    return series.new_from_index(0, frame.height) if series.len() != frame.height else series


def arguments(
    part: pl.DataFrame,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """What the valuer needs of each row: pd, lgd, amount, months, income, apr."""

    def numbers(name: str) -> FloatArray:
        return np.ascontiguousarray(part[name].to_numpy(), dtype=float)

    months = np.floor(numbers("its term_months") + 0.5)
    return (
        numbers(PD), numbers("its lgd"), numbers("its amount"), months,
        numbers("its monthly_income"), numbers("its apr"),
    )  # fmt: skip


def products(table: pl.DataFrame) -> pl.Series | None:
    """The product of each row, where the strategy names one."""
    return table["its product"] if "its product" in table.columns else None


def _days(own: pl.Series | None, at: date | None, otherwise: date) -> pl.Expr | pl.Series:
    """The day of each decision: the one given, else the application's own, else today."""
    if at is not None or own is None:
        return pl.lit(at or otherwise, dtype=pl.Date)
    return own.fill_null(otherwise)


def _doubt_of_numbers(table: Table) -> pl.Expr:
    """The first field whose number is none to decide by, as a doubt."""
    doubt: pl.Expr = pl.lit(None, dtype=pl.String)
    for name, where in reversed(list(table.not_a_number.items())):
        doubt = pl.when(where).then(pl.lit(not_a_number(name))).otherwise(doubt)
    return doubt
