"""The tables that queries of a measured book are asked of, as Parquet files: written for whoever
wants to ask by themselves, or kept for a measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.balance.result_document import ShadowPrice
from equipoise.contract.reading.unpacking import located
from equipoise.files import replacing
from equipoise.portfolio import (
    TableName,
    book_parts,
    faults_table,
    file_digest,
    rates_table,
    terms_table,
)
from equipoise.progress import Progress, Silent
from equipoise.workspace.books import BookRead, read_book

_ACCOUNT = b"equipoise"


def write_book_tables(
    folder: Path, progress: Progress | None = None, *, deliveries: int = 0
) -> dict[str, tuple[Path, int]]:
    """Write each table as Parquet below build/; its file and rows, by name. Raises BadInput, with
    file and line."""
    read = read_book(folder, progress, deliveries=deliveries)
    written: dict[str, tuple[Path, int]] = {}
    for name, parts in _tables(read):
        path = folder / "build" / f"{name}.parquet"
        written[name] = (path, _write(parts, path, {}))
    return written


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table that was kept, and the measuring that it is of, as its keeper called it."""

    path: Path
    of: str


@dataclass(frozen=True, slots=True)
class KeptTables:
    """The tables of a `lender`'s book as it was measured last, in a folder of their own, for as
    long as the files of the tape that they rest on are what they were: so what is taken out of a
    tape is nowhere else."""

    lender: Path
    folder: Path

    def keep(self, read: BookRead, progress: Progress | None = None, *, of: str) -> None:
        """Keep those of the book as it was read for the measuring `of`, in the place of others."""
        files = {
            each.file: {"sha256": each.sha256, "stamp": _stamp(self.lender / each.file)}
            for each in read.reading.deliveries
        }
        account = {_ACCOUNT: json.dumps({"of": of, "deliveries": files}).encode()}
        with (progress or Silent()).step("Keeping the rows"):
            kept = [self._place(name) for name, parts in _tables(read)
                    if _write(parts, self._place(name), account)]  # fmt: skip
        for path in self._all():
            if path not in kept:
                path.unlink(missing_ok=True)

    def table(self, name: TableName) -> KeptTable | None:
        """The table of that name; None where there is none."""
        self.drop_outdated()
        path = self._place(name)
        account = _account(path)
        return KeptTable(path, account.of) if account else None

    def drop_outdated(self) -> int:
        """Remove the tables that rest on a file that is another by now, or gone; how many. Others
        may keep and remove at the same time."""
        return sum(map(self._dropped, self._all()))

    def _dropped(self, path: Path) -> bool:
        """Whether a table was outdated, and is removed: not one that took its place meanwhile, for
        a file of many rows is asked its content for seconds."""
        account = _account(path)
        if account is None or self._is_of_the_tape(account) or _account(path) != account:
            return False
        path.unlink(missing_ok=True)
        return True

    def _place(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))

    def _is_of_the_tape(self, account: _Account) -> bool:
        return all(_same(self.lender / file, told) for file, told in account.deliveries.items())


@dataclass(frozen=True, slots=True)
class _Account:
    """What a kept table says of itself: its measuring, and the files that it rests on."""

    of: str
    deliveries: Mapping[str, Mapping[str, object]]


def _account(path: Path) -> _Account | None:
    """None where the table is gone: others remove what is outdated, too."""
    try:
        schema = pq.read_schema(path)
    except FileNotFoundError:
        return None
    return _Account(**json.loads(schema.metadata[_ACCOUNT]))


def _stamp(file: Path) -> list[int]:
    at = located(file)[0].stat()  # of an archive or a workbook, where the delivery stands in one
    return [at.st_size, at.st_mtime_ns]


def _same(file: Path, told: Mapping[str, object]) -> bool:
    """Whether a delivery is what was read; its content is asked only where its stamp is another."""
    try:
        return _stamp(file) == told["stamp"] or file_digest(file) == told["sha256"]
    except OSError:  # gone, or no file any longer
        return False


def _tables(read: BookRead) -> Iterator[tuple[TableName, Iterator[pl.DataFrame]]]:
    """Those that the tape and portfolio.yaml tell enough for, and the faults of the data."""
    book = read.reading.book
    yield "book", book_parts(book)
    whole: dict[TableName, pl.DataFrame | None] = {
        "terms": terms_table(book, read.document, read.rules),
        "rates": rates_table(book, read.document),
        "prices": _prices(read.shadow_prices),
        "faults": faults_table(read.reading.faults),
    }
    for name, table in whole.items():
        if table is not None and table.height:
            yield name, iter([table])


def _prices(prices: Sequence[ShadowPrice]) -> pl.DataFrame:
    """A row for each constraint of the appetite, as the balance that was at hand priced it."""
    return pl.DataFrame(
        {
            "constraint_name": [each.row for each in prices],
            "at_most": [each.at_most for each in prices],
            "used": [each.used for each in prices],
            "price": [each.price for each in prices],
            "unit": [each.unit for each in prices],
        }
    )


def _write(parts: Iterator[pl.DataFrame], path: Path, account: dict[bytes, bytes]) -> int:
    """Write a table part by part, never more than one in memory; its rows."""
    first = _arrow(next(parts))
    schema = first.schema.with_metadata(account)
    with replacing(path) as there, pq.ParquetWriter(there, schema) as writer:
        rows = 0
        for part in _all(first, parts):
            writer.write_table(part.replace_schema_metadata(account))
            rows += part.num_rows
    return rows


def _all(first: pa.Table, others: Iterator[pl.DataFrame]) -> Iterator[pa.Table]:
    yield first
    yield from map(_arrow, others)


def _arrow(part: pl.DataFrame) -> pa.Table:
    return part.to_arrow(compat_level=pl.CompatLevel.oldest())
