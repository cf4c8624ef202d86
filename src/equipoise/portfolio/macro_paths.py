"""Paths of the economy, quarter by quarter: the Federal Reserve's files as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from equipoise.contract import read_frame
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.portfolio.quarters import HOW_TO_WRITE, quarter_of, quarter_text

_CALLED = {
    "scenario name": "scenario",
    "情景": "scenario",
    "情景名称": "scenario",
    "date": "period",
    "quarter": "period",
    "日期": "period",
    "时期": "period",
    "季度": "period",
    "变量": "variable",
    "指标": "variable",
    "数值": "value",
}


def part_of(column: str) -> str:
    """The part that a column's name says it is: `scenario`, `period`, `variable` or `value`; else
    the name itself, in small letters."""
    name = column.strip().lower()
    return _CALLED.get(name, name)


@dataclass(frozen=True, slots=True)
class MacroPath:
    """One scenario: `quarters` count quarters since the year 0 and follow one another; `values`
    (T, V) have a column for each of `names`, NaN where the file has no figure. `file` is where it
    was read, and `rows` which row tells each quarter, where one does."""

    scenario: str
    quarters: IntArray
    names: tuple[str, ...]
    values: FloatArray
    file: str = ""
    rows: tuple[int, ...] = ()

    def place(self, at: int | None = None) -> Span | None:
        """Where it was read, and the row of a quarter."""
        if not self.file:
            return None
        row = self.rows[at] if at is not None and self.rows else None
        return Span(self.file, row=row)

    def series(self, name: str) -> FloatArray:
        """The path of one variable (T,). Raises BadInput with the nearest name."""
        if name not in self.names:
            raise BadInput(
                f"the scenario '{self.scenario}' has no variable '{name}'",
                where=self.place(),
                field=name,
                mend=did_you_mean(name, self.names),
            )
        return self.values[:, self.names.index(name)]

    def after(self, history: MacroPath) -> MacroPath:
        """The path with the history before it, of the variables that both have.

        Raises BadInput where a quarter lies between them.
        """
        shared = tuple(name for name in self.names if name in history.names)
        before = history.quarters < self.quarters[0]
        quarters = np.r_[history.quarters[before], self.quarters]
        refuse_gap(quarters, self.scenario, "")
        values = np.vstack(
            [
                np.column_stack([history.series(name)[before] for name in shared]),
                np.column_stack([self.series(name) for name in shared]),
            ]
        )
        return MacroPath(self.scenario, quarters, shared, values)


def read_macro_path(path: Path) -> MacroPath:
    """Read a scenario or a history: a row for each quarter, and a column `Date` that names it.

    Raises BadInput for a file without dates, a quarter missing or told twice, and a cell that is
    no number, with its row.
    """
    frame = read_rows(path)
    columns = {part_of(name): name for name in reversed(frame.columns)}
    if "period" not in columns:
        raise BadInput(
            "the scenario has no column 'Date'",
            where=Span(str(path), 1),
            field="Date",
            mend="call the column that names the quarters Date, Quarter or 季度",
        )
    told = columns.get("scenario")
    scenario = _named(frame[told], path) if told else path.stem
    quarters = _quarters(frame[columns["period"]], path)
    refuse_gap(quarters, scenario, str(path))
    names = [name for name in frame.columns if name not in (columns["period"], told)]
    if not names:
        raise BadInput(
            "the file has no variable beside its dates",
            where=Span(str(path), 1),
            mend="give a column for each variable",
        )
    values = np.column_stack([numbers(frame[name], path) for name in names])
    rows = tuple(range(1, quarters.size + 1))
    return MacroPath(
        scenario, quarters, tuple(name.strip() for name in names), values, str(path), rows
    )


def read_rows(path: Path) -> pl.DataFrame:
    """A file's table, without rows at its end in which nothing stands, as sheets leave them. Raises
    BadInput for what is no table, and one without rows."""
    frame = read_frame(path)
    stands = frame.select(
        pl.any_horizontal(pl.all().cast(pl.String).str.strip_chars().fill_null("") != "")
    ).to_series()
    if not stands.any():
        raise BadInput(
            "the file has a header and no rows", where=Span(str(path)), mend="give it data rows"
        )
    return frame.head(int(stands.arg_true()[-1]) + 1)


def _named(column: pl.Series, path: Path) -> str:
    """The one scenario that a file is of; rows that name none are of it too. Raises BadInput with
    the row of another."""
    names = column.cast(pl.String).fill_null("").str.strip_chars()
    other = ((names != names[0]) & (names != "")).arg_max() or 0
    if other:
        raise BadInput(
            f"the file is of '{names[0]}', and here of '{names[other]}'",
            where=Span(str(path), row=other + 1),
            field=column.name,
            mend="give each scenario a file, or a row for each figure: scenario, variable, period, "
            "value",
        )
    return names[0] or path.stem


def _quarters(column: pl.Series, path: Path) -> IntArray:
    made = []
    for row, text in enumerate(column.cast(pl.String).fill_null("").to_list(), start=1):
        quarter = quarter_of(text)
        if quarter is None:
            raise BadInput(
                f"'{text[:30]}' is no quarter" if text.strip() else "the row names no quarter",
                where=Span(str(path), row=row),
                field=column.name,
                mend=HOW_TO_WRITE,
            )
        made.append(quarter)
    return np.array(made, dtype=np.int64)


def refuse_gap(quarters: IntArray, scenario: str, file: str, rows: Sequence[int] = ()) -> None:
    """Raises BadInput where quarters do not follow one another, with the row in the file: that of
    `rows`, or the quarter's own place."""
    steps = np.diff(quarters)
    wrong = np.flatnonzero(steps != 1)
    if not wrong.size:
        return
    at = int(wrong[0])
    if steps[at] > 1:
        what = f"{quarter_text(int(quarters[at]) + 1)} is missing"
    else:
        what = f"{quarter_text(int(quarters[at + 1]))} comes twice, or out of its order"
    raise BadInput(
        f"in the scenario '{scenario}', {what}",
        where=Span(file, row=rows[at + 1] if rows else at + 2) if file else None,
        field="Date",
        mend="give every quarter once, in order",
    )


def numbers(column: pl.Series, path: Path) -> FloatArray:
    """A column as numbers, NaN where it is empty. Raises BadInput with the row of what is none."""
    if column.dtype == pl.String:
        column = column.str.strip_chars().replace("", None)
    values = column.cast(pl.Float64, strict=False)
    wrong = values.is_null() & column.is_not_null()
    wrong |= values.is_not_null() & ~values.is_finite()
    if wrong.any():
        row = int(wrong.arg_true()[0])
        raise BadInput(
            f"'{str(column[row])[:30]}' is no number, under '{column.name.strip()}'",
            where=Span(str(path), row=row + 1),
            field=column.name,
            mend="give a number with a point and no sign of a unit, leave the cell empty, or take "
            "the column out where it is no variable",
        )
    return values.fill_null(float("nan")).to_numpy().astype(np.float64)


def lagged(series: FloatArray, lags: Sequence[int]) -> FloatArray:
    """A series (T,) so many quarters earlier, a column a lag (T, L); NaN before it begins."""
    columns = []
    for lag in lags:
        moved = np.full(series.size, np.nan)
        moved[lag:] = series[: series.size - lag] if lag else series
        columns.append(moved)
    return np.column_stack(columns)
