"""Applications held against their contract by the workers, and kept there as blocks of features."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from typing import TYPE_CHECKING, Any

import polars as pl

from equipoise.cluster.blocks import BLOCK_ROWS, Blocks, as_ipc, from_ipc, mark_of, one_each
from equipoise.cluster.features import BlockTable
from equipoise.cluster.reading import AT, FILE
from equipoise.cluster.telling import telling, told_plainly
from equipoise.cluster.watching import job_watched
from equipoise.contract import Checked, Contract, check, today
from equipoise.contract.facts import cast_column
from equipoise.contract.joined import joined
from equipoise.errors import BadInput
from equipoise.progress import Progress
from equipoise.risk import RiskDocument, feature_set
from equipoise.risk.features import FeatureSet

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_SCHEMA = """part int, seq int, file string, at long, rows_in long, kept long,
    mark long, features binary, account binary"""
_PARTS = ("frame", "rows", "rejects", "counts", "ids")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Checked applications of which the driver holds `fields` alone, and the table of features."""

    checked: Checked
    table: BlockTable


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a worker reads by."""

    contract: Contract
    document: RiskDocument
    fields: tuple[str, ...]
    today: Date

    def features(self) -> FeatureSet:
        return feature_set(self.document, self.contract)


def gather(
    applications: DataFrame,
    document: RiskDocument,
    contract: Contract,
    fields: Sequence[str],
    progress: Progress | None = None,
) -> Gathered:
    """Check every application on its worker and keep its features there.

    `fields` of the contract come to the driver, for every application that keeps the contract; so
    do the identifiers, to find repeated ones, and the rejects. Rows count in the order in which
    the DataFrame gives them, or in that of files where `read_applications` read them. Raises
    BadInput as `check` does, and where no row is left.
    """
    _require_columns(contract, applications)
    session = applications.sparkSession
    reading = _Reading(contract, document, tuple(fields), today(contract))
    from pyspark import StorageLevel

    with (
        told_plainly("reading the applications"),
        one_each(session, BLOCK_ROWS),
        job_watched(session, progress, "Checking the data against its contract"),
    ):
        frame = applications.mapInArrow(_worker(reading), _SCHEMA).persist(StorageLevel.DISK_ONLY)
        frame.count()
        accounts = sorted(
            frame.select("part", "seq", "file", "at", "kept", "mark", "account").toLocalIterator(),
            key=lambda row: (row["file"], row["at"], row["part"], row["seq"]),
        )
    sizes = {(row["part"], row["seq"]): int(row["kept"]) for row in accounts}
    marks = {(row["part"], row["seq"]): int(row["mark"]) for row in accounts}
    blocks = Blocks(session, frame, sizes, marks)
    try:
        checked, rows = _joined(contract, [row["account"] for row in accounts])
    except BaseException:
        blocks.close()
        raise
    return Gathered(checked, BlockTable(blocks, reading.features(), rows))


def _require_columns(contract: Contract, applications: DataFrame) -> None:
    check(contract, pl.DataFrame(schema=dict.fromkeys(applications.columns, pl.String)))


def _joined(contract: Contract, accounts: Sequence[bytes]) -> tuple[Checked, pl.Series | None]:
    """The account of all blocks, and which of their rows are left of them where not all are."""
    if not accounts:
        raise BadInput("there is no application to fit on", mend="give a table that has rows")
    parts = [_unpacked(each) for each in accounts]
    ids = [part["ids"]["ids"] for part in parts] if contract.id is not None else []
    blocks = [
        Checked(
            frame=part["frame"],
            rows=part["rows"]["row"],
            rejects=part["rejects"],
            counts=part["counts"],
            rows_in=part["ids"].height,
        )
        for part in parts
    ]
    whole = joined(contract, blocks, ids)
    if not whole.rows_kept:
        raise BadInput(
            f"all {whole.rows_in:,} rows break a rule of the contract",
            field=str(whole.rejects["field"][0]),
            mend=f"the first rule broken is '{whole.rejects['rule'][0]}'",
        )
    kept = sum(each.rows_kept for each in blocks)
    return whole, None if kept == whole.rows_kept else _left(blocks, whole)


def _left(blocks: Sequence[Checked], whole: Checked) -> pl.Series:
    starts, numbers = 0, []
    for each in blocks:
        numbers.append(each.rows + starts)
        starts += each.rows_in
    inside = pl.concat(numbers).is_in(whole.rows.implode())
    return inside.arg_true()


def _worker(reading: _Reading) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow
        from pyspark import TaskContext

        task = TaskContext.get()
        part = 0 if task is None else task.partitionId()
        features = reading.features()
        pieces = (each for batch in batches for each in _pieces(pl.DataFrame(batch)))
        for seq, (file, at, raw) in enumerate(pieces):
            kept, mark, content, account = _block(reading, features, raw)
            yield pyarrow.RecordBatch.from_pydict(
                {
                    "part": pyarrow.array([part], pyarrow.int32()),
                    "seq": pyarrow.array([seq], pyarrow.int32()),
                    "file": pyarrow.array([file], pyarrow.string()),
                    "at": pyarrow.array([at], pyarrow.int64()),
                    "rows_in": pyarrow.array([raw.height], pyarrow.int64()),
                    "kept": pyarrow.array([kept], pyarrow.int64()),
                    "mark": pyarrow.array([mark], pyarrow.int64()),
                    "features": pyarrow.array([content], pyarrow.binary()),
                    "account": pyarrow.array([account], pyarrow.binary()),
                }
            )

    return telling(run)


def _pieces(raw: pl.DataFrame) -> Iterator[tuple[str, int, pl.DataFrame]]:
    """Runs of rows that follow one another in one file, or, without files, all that there are."""
    if not raw.height:
        return
    if AT not in raw.columns:
        yield "", 0, raw
        return
    follows = (pl.col(FILE) == pl.col(FILE).shift()) & (pl.col(AT) == pl.col(AT).shift() + 1)
    runs = raw.select((~follows.fill_null(value=False)).cum_sum().alias("run"))["run"]
    for piece in raw.with_columns(runs).partition_by("run", maintain_order=True):
        yield piece[FILE][0], piece[AT][0], piece.drop(FILE, AT, "run")


def _block(
    reading: _Reading, features: FeatureSet, raw: pl.DataFrame
) -> tuple[int, int, bytes, bytes]:
    checked = check(reading.contract, raw, today=reading.today)
    parts = {
        "frame": checked.frame.select(reading.fields),
        "rows": checked.rows.rename("row").to_frame(),
        "rejects": checked.rejects,
        "counts": checked.counts,
        "ids": _ids(reading.contract, raw).rename("ids").to_frame(),
    }
    seen = features.frame(checked.frame)
    mark = mark_of(pl.concat([seen, checked.rows.rename("__row").to_frame()], how="horizontal"))
    return checked.rows_kept, mark, as_ipc(seen), _packed(parts)


def _ids(contract: Contract, raw: pl.DataFrame) -> pl.Series:
    """Identifiers of all rows; where the contract names none, what takes no room."""
    if contract.id is None:
        return pl.repeat(None, raw.height, dtype=pl.Boolean, eager=True)
    field = contract.field(contract.id)
    return cast_column(raw[field.column], field, contract.time_zone).value


def _packed(parts: dict[str, pl.DataFrame]) -> bytes:
    return as_ipc(pl.DataFrame({name: [as_ipc(parts[name])] for name in _PARTS}))


def _unpacked(content: bytes) -> dict[str, Any]:
    return {name: from_ipc(part) for name, part in from_ipc(content).row(0, named=True).items()}
