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
_KNOWN = "\0period"


class Source(Protocol):
    """A table's rows by period; `digest` says of which rows a reading was made."""

    @property
    def digest(self) -> str: ...

    def periods(self) -> Sequence[date]:
        """The first days of the periods that have rows, in order."""

    def rows(self, period: date) -> pl.DataFrame:
        """The rows of that period; none where there are none."""


@dataclass(frozen=True, slots=True)
class FrameSource:
    """A frame, cut into its periods once."""

    digest: str
    _parts: Mapping[date, pl.DataFrame]
    _empty: pl.DataFrame

    @classmethod
    def of(cls, frame: pl.DataFrame, table: Table, every: Every, digest: str = "") -> FrameSource:
        """Raises BadInput where a column of the table is missing, or its period is no date."""
        refuse_missing(frame.columns, table)
        dated = frame.with_columns(_first_day(frame.schema[table.period], table, every))
        without = dated[_KNOWN].null_count()
        if without:
            row = dated[_KNOWN].is_null().arg_true()[0] + 1
            raise BadInput(
                f"'{table.period}' is no date in {without:,} of {dated.height:,} rows",
                where=Span(table.data, row=int(row)),
                field=table.period,
                mend="write it as 2026-11-30, or as 2026-11",
            )
        parts = dated.partition_by(_KNOWN, as_dict=True, include_key=False)
        by_day = {key[0]: part for key, part in parts.items()}
        return cls(digest or _digest_of(frame), by_day, frame.clear())

    def periods(self) -> Sequence[date]:
        return sorted(self._parts)

    def rows(self, period: date) -> pl.DataFrame:
        return self._parts.get(period, self._empty)


@dataclass(frozen=True, slots=True)
class ParquetSource:
    """A file too large to hold: each period is read when it is asked for, and of it only `needed`
    columns."""

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

    def periods(self) -> Sequence[date]:
        scan = pl.scan_parquet(self.path)
        day = _first_day(scan.collect_schema()[self.table.period], self.table, self.every)
        return sorted(scan.select(day.unique()).collect()[_KNOWN].drop_nulls().to_list())

    def rows(self, period: date) -> pl.DataFrame:
        scan = pl.scan_parquet(self.path)
        of = scan.collect_schema()[self.table.period]
        day = _first_day(of, self.table, self.every)
        wanted = pl.col(self.table.period).is_between(period, _last_day(period, self.every))
        # on plain dates the file's own statistics spare what is of other periods
        chosen = wanted if of == pl.Date else day == period
        return scan.filter(chosen).select(self.needed or [self.table.period]).collect()


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
        day = _last_day(day, every) + timedelta(days=1)
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
    return column.cast(pl.Date, strict=False).dt.truncate(_TRUNCATED[every]).alias(_KNOWN)


def _last_day(period: date, every: Every) -> date:
    if every == "day":
        return period
    if every == "week":
        return period + timedelta(days=6)
    months = 1 if every == "month" else 3
    year, month = divmod(period.month - 1 + months, 12)
    return date(period.year + year, month + 1, 1) - timedelta(days=1)
