"""Reading a tape: its deliveries in order, into one book; every fault told with its row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from equipoise.contract.reading.blocks import read_blocks
from equipoise.contract.reading.unpacking import located
from equipoise.documents import Loaded
from equipoise.errors import BadInput, Span
from equipoise.portfolio.tape.book import Book, Restated, book_of
from equipoise.portfolio.tape.cells import Place, typed_rows
from equipoise.portfolio.tape.document import Delivery, Tape, require_confirmed
from equipoise.portfolio.tape.faults import FaultList, TapeFault
from equipoise.progress import Progress, Silent

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class DeliveryRead:
    """One delivery as it was read: its file, what names its content, its rows, and the
    loan-months kept of them: months may stand in columns."""

    file: str
    sha256: str
    rows: int
    kept: int

    def as_dict(self) -> dict[str, object]:
        """As plain data: a reading names the deliveries it rests on."""
        return {"file": self.file, "sha256": self.sha256, "rows": self.rows, "kept": self.kept}


@dataclass(frozen=True, slots=True)
class TapeReading:
    """A book, and the account of how it was read."""

    book: Book
    deliveries: tuple[DeliveryRead, ...]
    faults: tuple[TapeFault, ...]
    restated: Restated


def read_tape(
    tape: Loaded[Tape], folder: Path, progress: Progress | None = None, *, deliveries: int = 0
) -> TapeReading:
    """Read the tape's deliveries, the first `deliveries` of them (0: all), into one book.

    Of a loan-month told by several the latest counts; so the book of an earlier day is read again
    by fewer. Raises GateRefused while something is unconfirmed, and BadInput for a file that is
    not there, is not what was delivered, or has no row that can be read.
    """
    require_confirmed(tape)
    files = list(tape.value.deliveries)[: deliveries or None]
    faults = FaultList()
    parts: list[pl.DataFrame] = []
    read: list[DeliveryRead] = []
    with (progress or Silent()).step("Reading the tape") as step:
        for at, file in enumerate(files):
            delivery = tape.value.deliveries[file]
            digest = _same_as_delivered(folder / file, delivery, tape.span("deliveries", file))
            place = Place(file, months=delivery.months)
            rows = kept = 0
            for block, typed in _blocks(tape.value, folder / file, place, faults):
                parts.append(typed.with_columns(pl.lit(at, dtype=pl.UInt16).alias("delivery")))
                rows, kept = rows + block, kept + typed.height
                step.advance(rows, delivery.rows or rows)
            read.append(DeliveryRead(file, digest, rows, kept))
    whole = pl.concat(parts)
    parts.clear()
    with (progress or Silent()).step("Putting loans and months in order"):
        book, restated = book_of(whole, files, tape.value.currency, faults)
    return TapeReading(book, tuple(read), faults.all(), restated)


def _blocks(
    tape: Tape, path: Path, place: Place, faults: FaultList
) -> Iterator[tuple[int, pl.DataFrame]]:
    columns = [name for each in tape.columns for name in (each.columns or (each.column,))]
    for block in read_blocks(path, columns, tape.layout):
        yield block.height, typed_rows(tape, block, place, faults)
        place = replace(place, first_row=place.first_row + block.height)


def _same_as_delivered(path: Path, delivery: Delivery, where: Span) -> str:
    """The file's digest. Raises BadInput where it is another than the delivery's."""
    if not located(path)[0].is_file():
        raise BadInput(f"there is no file '{path.name}'", where=where, field="file")
    digest = file_digest(path)
    if delivery.sha256 and digest != delivery.sha256:
        raise BadInput(
            f"'{path.name}' is not the file that was delivered: its content has changed",
            where=where,
            field="sha256",
            mend="deliver the newer file under a name of its own, with "
            "`equipoise portfolio draft FOLDER --tape FILE`; both are kept",
        )
    return digest


def file_digest(path: Path) -> str:
    """SHA-256 of a file; of one that stands in an archive or a workbook, the whole's."""
    digest = hashlib.sha256()
    with located(path)[0].open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
