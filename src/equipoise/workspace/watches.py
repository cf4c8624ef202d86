"""watch.yaml of a folder, and its tables: checked, and measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from equipoise.errors import BadInput, EquipoiseError, Faults, Span
from equipoise.files import write_text
from equipoise.portfolio import TAPE
from equipoise.progress import Progress, Silent
from equipoise.strategy.files.tables import whole
from equipoise.watch import (
    WATCH,
    Backtested,
    BorrowersWatched,
    FrameSource,
    Measured,
    ParquetSource,
    Replay,
    Source,
    Table,
    Watch,
    backtest,
    draft_watch,
    measure,
    parse_watch,
    read_watch,
    replay,
    watch_borrowers,
)
from equipoise.workspace.watched_tables import READ_BY_CONTRACT, facts_of, rows_by_contract

_POLARS: Mapping[str, type[pl.DataType]] = {
    "number": pl.Float64,
    "integer": pl.Int64,
    "string": pl.String,
    "boolean": pl.Boolean,
}


def watch_of(folder: Path) -> Watch:
    """The folder's watch.yaml. Raises BadInput or Faults, by its lines."""
    return read_watch(folder / WATCH)


def sources_of(watch: Watch, folder: Path, progress: Progress | None = None) -> dict[str, Source]:
    """Its tables, each where the document says. Raises Faults naming all that cannot be read."""
    steps = progress or Silent()
    sources: dict[str, Source] = {}
    faults: list[EquipoiseError] = []
    for table in watch.document.tables:
        with steps.step(f"Reading {table.name}"):
            try:
                sources[table.name] = source_of(watch, table, folder)
            except Faults as several:
                faults += several.faults
            except BadInput as fault:
                faults.append(fault)
    if faults:
        raise Faults(faults)
    return sources


def measure_watch(folder: Path, progress: Progress | None = None) -> tuple[Watch, Measured]:
    """Every indicator of the folder's watch over every period of its tables."""
    watch = watch_of(folder)
    return watch, measure(watch, sources_of(watch, folder, progress), progress)


def backtest_watch(folder: Path, progress: Progress | None = None) -> Backtested:
    """What each indicator of the folder's watch would have been worth."""
    watch = watch_of(folder)
    sources = sources_of(watch, folder, progress)
    return backtest(watch, sources, measure(watch, sources, progress), progress)


def replay_threshold(
    folder: Path, indicator: str, after: float, progress: Progress | None = None
) -> Replay:
    """The red threshold of an indicator and a proposed one, on the folder's history."""
    watch = watch_of(folder)
    sources = sources_of(watch, folder, progress)
    return replay(watch, sources, measure(watch, sources, progress), indicator, after)


def borrowers_of(folder: Path, progress: Progress | None = None) -> BorrowersWatched:
    """Who of the folder's borrowers is likely to be late soon."""
    watch = watch_of(folder)
    return watch_borrowers(watch, sources_of(watch, folder, progress), progress)


def rows_of_borrower(folder: Path, who: str, most: int) -> tuple[str, pl.DataFrame]:
    """The newest rows of one borrower in the table under `borrowers`, and the table's name. Raises
    BadInput where watch.yaml watches no borrowers, and what source_of raises."""
    watch = watch_of(folder)
    if watch.document.borrowers is None:
        raise BadInput(f"{WATCH} watches no borrowers", mend="add `borrowers` to it")
    table = watch.document.table(watch.document.borrowers.table)
    source = source_of(watch, table, folder)
    whole_table = (
        pl.scan_parquet(source.path)  # read no further than the filter needs
        if isinstance(source, ParquetSource)
        else source.rows([]).lazy()
    )
    mine = whole_table.filter(pl.col(table.entity or table.period).cast(pl.String) == who)
    newest = mine.sort(table.period, descending=True).head(most)
    return table.name, newest.select([*table.columns]).collect()


def draft_watch_in(folder: Path, progress: Progress | None = None) -> Path:
    """Write a first watch.yaml of the folder's tape and applications. Raises BadInput where there
    is one already."""
    path = folder / WATCH
    if path.exists():
        raise BadInput(
            f"there is a {WATCH} already", where=Span(str(path)), mend="take it away to draft anew"
        )
    facts = facts_of(folder, progress)
    text = draft_watch(folder.resolve().name, facts)
    parse_watch(text, path)  # what is drafted is sound
    write_text(path, text)
    return path


def source_of(watch: Watch, table: Table, folder: Path) -> Source:
    """One table, where the document says. Raises BadInput or Faults naming what cannot be read."""
    path = folder / table.data
    if table.data in READ_BY_CONTRACT:
        rows = rows_by_contract(path.parent, table.data)
        if table.data == TAPE and table.period in rows.columns:  # a loan of no vintage is in none
            rows = rows.filter(pl.col(table.period).is_not_null())
        return FrameSource.of(rows, table, watch.document.every)
    if not path.is_file():
        lacking = "is a folder" if path.is_dir() else "does not exist"
        raise BadInput(
            f"the file of table '{table.name}' {lacking}",
            where=Span(str(path)),
            field="data",
            mend=f"put it there, or mend `data` in {WATCH}",
        )
    every = watch.document.every
    if path.suffix.lower() == ".parquet":
        faults = list(_wrong_types(pl.scan_parquet(path).collect_schema(), table, path))
        if faults:
            raise Faults(faults)
        return ParquetSource.of(path, table, every, _needed(watch, table))
    return FrameSource.of(_typed(whole(path), table, path), table, every)


def _needed(watch: Watch, table: Table) -> list[str]:
    names = {name for each in watch.of_table(table.name) for name in each.names}
    of = watch.document.backtest
    if of is not None and of.table == table.name and watch.event is not None:
        names |= watch.event.names | {table.entity or table.period}
    borrowers = watch.document.borrowers
    if borrowers is not None and borrowers.table == table.name:
        names |= {*borrowers.signs.values(), table.entity or table.period}
    return sorted(names | {table.period})


def _wrong_types(schema: pl.Schema, table: Table, path: Path) -> Iterator[EquipoiseError]:
    for name, kind in table.columns.items():
        held = schema.get(name)
        if held is not None and not _fits(held, kind) and name != table.period:
            yield BadInput(
                f"'{name}' of table '{table.name}' is {held} in the file, and no {kind}",
                where=Span(str(path)),
                field=name,
                mend=f"mend its type under `columns` in {WATCH}, or the file",
            )


def _fits(held: pl.DataType, kind: str) -> bool:
    if kind in ("number", "integer"):
        return held.is_numeric()
    if kind == "date":
        return held in (pl.Date, pl.Datetime)
    return held == _POLARS[kind] or (kind == "string" and held in (pl.Categorical, pl.Enum))


def _typed(frame: pl.DataFrame, table: Table, path: Path) -> pl.DataFrame:
    """Text as the declared types. Raises Faults naming the first row of each column that is none
    of its type; a loan of which we cannot read the balance is a fault of the data, never a zero."""
    faults: list[EquipoiseError] = []
    for name, kind in table.columns.items():
        if name not in frame.columns or name == table.period or _fits(frame.schema[name], kind):
            continue
        held = frame[name]
        cast = _cast(held, kind)
        lost = cast.is_null() & held.is_not_null() & (held.cast(pl.String) != "")
        if lost.any():
            row = int(lost.arg_true()[0])
            faults.append(
                BadInput(
                    f"'{held[row]}' is no {kind}, in {int(lost.sum()):,} rows of '{name}'",
                    where=Span(str(path), row=row + 1),
                    field=name,
                    mend=f"mend the rows, or the type under `columns` in {WATCH}",
                )
            )
        frame = frame.with_columns(cast.alias(name))
    if faults:
        raise Faults(faults)
    return frame


def _cast(held: pl.Series, kind: str) -> pl.Series:
    if kind == "date":
        return held.cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
    if kind == "boolean" and held.dtype == pl.String:
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        return held.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)
    return held.cast(_POLARS[kind], strict=False)
