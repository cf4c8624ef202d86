"""Where rows come from: a frame in memory, or a file of Parquet that is read period by period."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import polars as pl

from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.watch.document.watch import Every, Table

_TRUNCATED: Mapping[Every, str] = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q"}
PERIOD = "\0period"


class Source(Protocol):
    """A table's rows by period; `digest` says of which rows a reading was made."""

    @property
    def digest(self) -> str: ...

    def periods(self) -> Mapping[date, int]:
        """How many rows each period has, by its first day, in order; those that have any."""

    def rows(self, periods: Sequence[date]) -> pl.DataFrame:
        """The rows of these periods, which follow each other, with the first day of each row's
        period as the column `PERIOD`."""


@dataclass(frozen=True, slots=True)
class FrameSource:
    """A frame, with the period of each row."""

    digest: str
    _dated: pl.DataFrame
    _counts: Mapping[date, int]

    @classmethod
    def of(cls, frame: pl.DataFrame, table: Table, every: Every, digest: str = "") -> FrameSource:
        """Raises BadInput where a column of the table is missing, or its period is no date."""
        refuse_missing(frame.columns, table)
        dated = frame.with_columns(_first_day(frame.schema[table.period], table, every))
        without = dated[PERIOD].null_count()
        if without:
            row = dated[PERIOD].is_null().arg_true()[0] + 1
            raise BadInput(
                f"'{table.period}' is no date in {without:,} of {dated.height:,} rows",
                where=Span(table.data, row=int(row)),
                field=table.period,
                mend="write it as 2026-11-30, or as 2026-11",
            )
        return cls(digest or _digest_of(frame), dated, _counted(dated.lazy()))

    def periods(self) -> Mapping[date, int]:
        return self._counts

    def rows(self, periods: Sequence[date]) -> pl.DataFrame:
        if len(periods) == 0 or set(self._counts) <= set(periods):
            return self._dated
        return self._dated.filter(pl.col(PERIOD).is_between(periods[0], periods[-1]))


@dataclass(frozen=True, slots=True)
class ParquetSource:
    """A file too large to hold: periods are read when they are asked for, and of them only the
    columns `needed`."""

    digest: str
    path: Path
    table: Table
    every: Every
    needed: tuple[str, ...]

    @classmethod
    def of(
        cls, path: Path, table: Table, every: Every, needed: Sequence[str], digest: str = ""
    ) -> ParquetSource:
        """Raises BadInput where a column of the table is missing."""
        refuse_missing(pl.scan_parquet(path).collect_schema().names(), table)
        return cls(digest or file_digest(path), path, table, every, tuple(needed))

    def periods(self) -> Mapping[date, int]:
        return _counted(self._dated().select(PERIOD))

    def rows(self, periods: Sequence[date]) -> pl.DataFrame:
        first, last = periods[0], last_day(periods[-1], self.every)
        plain = pl.scan_parquet(self.path).collect_schema()[self.table.period] == pl.Date
        # on plain dates the file's own statistics spare what is of other periods
        column = self.table.period if plain else PERIOD
        wanted = self._dated().filter(pl.col(column).is_between(first, last))
        return wanted.select([PERIOD, *self.needed]).collect()

    def _dated(self) -> pl.LazyFrame:
        scan = pl.scan_parquet(self.path)
        of = scan.collect_schema()[self.table.period]
        return scan.with_columns(_first_day(of, self.table, self.every))


def _counted(dated: pl.LazyFrame) -> dict[date, int]:
    known = dated.filter(pl.col(PERIOD).is_not_null()).group_by(PERIOD).agg(pl.len()).collect()
    return dict(sorted(known.iter_rows()))


def refuse_missing(columns: Sequence[str], table: Table) -> None:
    """Raises BadInput naming the first column that the table should have, and has not."""
    for column in table.columns:
        if column not in columns:
            raise BadInput(
                f"table '{table.name}' has no column '{column}'",
                where=Span(table.data),
                field=column,
                mend=did_you_mean(column, columns),
            )


def all_periods(sources: Mapping[str, Source], every: Every) -> list[date]:
    """From the first period of any table to the last, without gaps: a month that nobody delivered
    is a month without rows."""
    known = sorted({period for source in sources.values() for period in source.periods()})
    if not known:
        return []
    periods, day = [], known[0]
    while day <= known[-1]:
        periods.append(day)
        day = last_day(day, every) + timedelta(days=1)
    return periods


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of(frame: pl.DataFrame) -> str:
    return hashlib.sha256(frame.hash_rows().to_numpy().tobytes()).hexdigest()


def _first_day(of: pl.DataType, table: Table, every: Every) -> pl.Expr:
    column = pl.col(table.period)
    if of == pl.String:
        column = pl.coalesce(
            column.str.to_date("%Y-%m-%d", strict=False),
            (column + "-01").str.to_date("%Y-%m-%d", strict=False),
        )
    return column.cast(pl.Date, strict=False).dt.truncate(_TRUNCATED[every]).alias(PERIOD)


def last_day(period: date, every: Every) -> date:
    if every == "day":
        return period
    if every == "week":
        return period + timedelta(days=6)
    months = 1 if every == "month" else 3
    year, month = divmod(period.month - 1 + months, 12)
    return date(period.year + year, month + 1, 1) - timedelta(days=1)
