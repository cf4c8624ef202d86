"""Paths of the economy from the files that others publish: a row a quarter, a row a figure, or a
series of dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.portfolio.macro_paths import (
    MacroPath,
    numbers,
    part_of,
    read_macro_path,
    read_rows,
    refuse_gap,
)
from equipoise.portfolio.quarters import HOW_TO_WRITE, quarter_of

LONG = ("scenario", "variable", "period", "value")
_SERIES_DATES = ("observation_date", "date")  # FRED's, of today and of former years
_QUARTER_MONTHS = 3


def read_macro_paths(path: Path) -> tuple[MacroPath, ...]:
    """Every scenario of a file.

    A file with `Date` has a row for each quarter, as the Federal Reserve publishes; one with
    scenario, variable, period and value has a row for each figure (the layout that the European
    Banking Authority's tables are brought to; untried on a file of theirs); one with
    `observation_date`, or with days under `Date` and one column beside them, is a series as FRED
    gives it, of which quarters are the mean of their months or days. These columns may be called
    in Chinese. Raises BadInput with file and row.
    """
    frame = read_rows(path)
    if {part_of(name) for name in frame.columns}.issuperset(LONG):
        return _long(path)
    dates = _series_dates(frame)
    return (read_macro_path(path) if dates is None else _series(path, dates),)


def _series_dates(frame: pl.DataFrame) -> str | None:
    """The column of a series' days, where the file is one: by FRED's name for it, or where there is
    one other column and every cell is a day."""
    named = {name.strip().lower(): name for name in frame.columns}
    if _SERIES_DATES[0] in named:
        return named[_SERIES_DATES[0]]
    dates = named.get(_SERIES_DATES[1])
    if dates is None or frame.width != 2:
        return None
    texts = frame[dates].cast(pl.String)
    return dates if texts.str.contains(r"^\s*\d{4}-\d{2}-\d{2}").all() else None


def _long(path: Path) -> tuple[MacroPath, ...]:
    whole = read_rows(path)
    columns = {part_of(name): name for name in reversed(whole.columns)}
    frame = whole.select(pl.col(columns[part]).alias(part) for part in LONG)
    values = numbers(frame["value"], path)
    cells: dict[str, dict[tuple[str, int], float]] = {}
    first: dict[tuple[str, int], int] = {}
    texts = frame.select("scenario", "variable", "period").cast(pl.String).fill_null("")
    for row, (scenario, variable, period) in enumerate(texts.iter_rows(), start=1):
        quarter = quarter_of(period)
        place = Span(str(path), row=row)
        if not scenario.strip() or not variable.strip():
            raise BadInput("a figure has no scenario or no variable", where=place)
        if quarter is None:
            raise BadInput(
                f"'{period[:30]}' is no quarter",
                where=place,
                field="period",
                mend=f"{HOW_TO_WRITE}; a yearly figure is a row for each of its quarters",
            )
        of_scenario = cells.setdefault(scenario.strip(), {})
        if (variable.strip(), quarter) in of_scenario:
            raise BadInput(
                f"'{variable.strip()}' is told twice for {period.strip()}",
                where=place,
                field="variable",
                mend="leave one of them out",
            )
        of_scenario[variable.strip(), quarter] = float(values[row - 1])
        first.setdefault((scenario.strip(), quarter), row)
    if not cells:
        raise BadInput("the file holds no figure", where=Span(str(path)))
    return tuple(_wide(name, told, first, path) for name, told in cells.items())


def _wide(
    scenario: str,
    cells: dict[tuple[str, int], float],
    first: dict[tuple[str, int], int],
    path: Path,
) -> MacroPath:
    quarters = np.array(sorted({quarter for _, quarter in cells}), dtype=np.int64)
    rows = tuple(first[scenario, int(each)] for each in quarters)
    refuse_gap(quarters, scenario, str(path), rows)
    names = tuple(dict.fromkeys(variable for variable, _ in cells))
    values = [[cells.get((name, int(q)), np.nan) for name in names] for q in quarters]
    table = np.array(values, dtype=np.float64)
    return MacroPath(scenario, quarters, names, table, str(path), rows)


def _series(path: Path, dates: str) -> MacroPath:
    """One series of dates; a quarter of which a month is missing is left out at either end."""
    frame = read_rows(path)
    named = [name for name in frame.columns if name != dates]
    if len(named) != 1:
        raise BadInput(
            f"a series has one column beside '{dates.strip()}'; this has {len(named)}",
            where=Span(str(path), 1),
        )
    days = _days(frame[dates], path)
    values = numbers(frame[named[0]], path)
    quarter = np.array([day.year * 4 + (day.month - 1) // 3 for day in days], dtype=np.int64)
    month = np.array([day.month for day in days])
    quarters = np.unique(quarter)
    # a quarterly series tells a quarter by its first month alone, and all its quarters are whole
    is_quarterly = all(np.unique(month[quarter == each]).size == 1 for each in quarters)
    whole = [
        each
        for each in quarters
        if is_quarterly or np.unique(month[quarter == each]).size == _QUARTER_MONTHS
    ]
    kept = np.array(whole, dtype=np.int64)
    refuse_gap(kept, path.stem, str(path))
    means = np.array([values[quarter == each].mean() for each in kept])
    return MacroPath(path.stem, kept, (named[0].strip(),), means[:, None])


def _days(column: pl.Series, path: Path) -> list[date]:
    days = column if column.dtype == pl.Date else column.cast(pl.String).str.to_date(strict=False)
    if days.null_count():
        row = int(days.is_null().arg_true()[0])
        raise BadInput(
            f"'{str(column[row])[:30]}' is no date",
            where=Span(str(path), row=row + 1),
            field=column.name,
            mend="write 2025-01-31",
        )
    return list(days)
