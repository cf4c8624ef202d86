"""Files of applications, read in pieces that fit in memory: tables of any kind, and JSON lines."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from equipoise.contract.facts.value import half_a_character
from equipoise.contract.identifiers import identifier_column, identifier_text
from equipoise.contract.reading.csvrows import regular_rows
from equipoise.contract.reading.kinds import ACCEPTED
from equipoise.contract.reading.layout import TableLayout
from equipoise.contract.reading.tables import (
    OpenTable,
    broken_parquet,
    is_regular,
    open_table,
    read_text,
    without_repeats,
    without_unnamed,
)
from equipoise.contract.reading.unpacking import located
from equipoise.errors import BadInput, Span
from equipoise.files import replacing
from equipoise.strategy.files.parquet_pieces import parquet_frames

Format = Literal["parquet", "csv", "jsonl"]
PIECE_ROWS = 200_000
PIECE_BYTES = 64 << 20
MOST_LINE = 1 << 20
MOST_IRREGULAR = 256 << 20  # bytes of a text that can only be read whole
STDIN = "-"
ENDINGS: Mapping[str, Format] = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file: a frame, or records for JSON lines; `first_row` counts from 1."""

    first_row: int
    frame: pl.DataFrame | None = None
    records: tuple[Mapping[str, Any], ...] = ()
    lines: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """How many applications it holds."""
        return len(self.records) if self.frame is None else self.frame.height

    def later(self, rows: int) -> Piece:
        """The piece without its first rows."""
        if not rows:
            return self
        if self.frame is not None:
            return Piece(self.first_row + rows, self.frame[rows:])
        lines = self.lines[rows:]
        return Piece(lines[0], None, self.records[rows:], lines)


def format_of(path: Path | str, otherwise: Format | None = None) -> Format:
    """The format that a file's ending says. Raises BadInput for an ending that says none."""
    if str(path) == STDIN:
        return "jsonl"
    kind = ENDINGS.get(Path(path).suffix.lower(), otherwise)
    if kind is None:
        raise BadInput(
            f"the ending '{Path(path).suffix}' says no format",
            where=Span(str(path)),
            mend=f"it may be one of {', '.join(ENDINGS)}",
        )
    return kind


def pieces(path: Path | str, stated: TableLayout | None = None) -> Iterator[Piece]:
    """The file in pieces, in order. Raises BadInput naming file and row or line.

    JSON lines are known by their ending; what any other file is, its content says. `stated` is
    what the contract says of such files.
    """
    if is_json_lines(path):
        _there(path)
        yield from _json_lines(path)
        return
    with open_table(path, stated) as table:
        if table.frame is not None:
            yield Piece(1, without_unnamed(table.frame, table.layout))
        elif table.layout.kind == "parquet":
            yield from _parquet(table)
        else:
            yield from _csv(table)


def is_json_lines(path: Path | str) -> bool:
    """Whether a file of applications is read as JSON lines: by its ending, or standard input."""
    return str(path) == STDIN or ENDINGS.get(Path(path).suffix.lower()) == "jsonl"


def whole(path: Path | str, stated: TableLayout | None = None) -> pl.DataFrame:
    """The whole file as one table; see `pieces`. Raises BadInput naming file and row or line."""
    parts = [
        pl.DataFrame(piece.records, infer_schema_length=None)
        if piece.frame is None
        else piece.frame
        for piece in pieces(path, stated)
    ]
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame()


def written(table: pl.DataFrame, path: Path) -> None:
    """Write a table of plain columns as its file's name says; whole or not at all."""
    kind = format_of(path)
    with replacing(path) as temporary:
        if kind == "parquet":
            table.write_parquet(temporary, compression="zstd")
        elif kind == "csv":
            table.write_csv(temporary)
        else:
            table.write_ndjson(temporary)


def rows_in(path: Path | str) -> int | None:
    """How many rows a Parquet file says it has; None where nothing says so."""
    _there(path)
    if str(path) != STDIN and Path(path).suffix.lower() == ".parquet" and Path(path).is_file():
        with _whole_parquet(str(path)):
            return int(pq.ParquetFile(path).metadata.num_rows)
    return None


def _there(path: Path | str) -> None:
    if str(path) != STDIN and not located(Path(path))[0].is_file():
        raise BadInput(
            "the file does not exist", where=Span(str(path)), mend=f"name one: {ACCEPTED}"
        )


@contextmanager
def _whole_parquet(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise broken_parquet(name) from error


@contextmanager
def _whole_text(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise BadInput(
            "the file cannot be read to its end: it is cut short or damaged",
            where=Span(name),
            mend="copy it again, whole",
        ) from error


def _parquet(table: OpenTable) -> Iterator[Piece]:
    first = 1
    with _whole_parquet(table.name):
        for frame in parquet_frames(table.path, table.name, PIECE_ROWS):
            yield Piece(first, frame)
            first += frame.height


def _csv(table: OpenTable) -> Iterator[Piece]:
    layout = table.layout
    if not is_regular(table):
        # what is wrong, and in which line, the reader of whole files says
        _refuse_large(table)
        rows, _ = without_repeats(read_text(table), layout)
        yield Piece(1, without_unnamed(rows, layout))
        return
    options = pacsv.ConvertOptions(
        column_types=dict.fromkeys(layout.headers, pa.string()),
        strings_can_be_null=True,
        null_values=[""],
        quoted_strings_can_be_null=True,
    )
    reading = pacsv.ReadOptions(
        block_size=PIECE_BYTES,
        column_names=list(layout.headers),
        skip_rows=layout.header_lines,
        use_threads=False,
    )
    parsing = pacsv.ParseOptions(delimiter=layout.separator, newlines_in_values=True)
    first = 1
    with _whole_text(table.name):
        for batch in pacsv.open_csv(table.path, reading, parsing, options):
            frame = pl.from_arrow(pa.Table.from_batches([batch]))
            assert isinstance(frame, pl.DataFrame)  # noqa: S101 - of a table
            frame = without_unnamed(without_repeats(frame, layout)[0], layout)
            yield Piece(first, frame)
            first += frame.height


def _refuse_large(table: OpenTable) -> None:
    """Raises BadInput for a text that is read whole and is too large for that."""
    if table.path.stat().st_size <= MOST_IRREGULAR:
        return
    layout = table.layout
    deque(
        regular_rows(table.text, layout.separator, len(layout.headers), layout.header_lines), 0
    )  # where a row is wrong this names its line
    raise BadInput(
        f"the file has stray quotes, and more than {MOST_IRREGULAR:,} bytes",
        where=Span(table.name),
        mend="write it again by a program that doubles quotes within quotes, or in parts",
    )


def _json_lines(path: Path | str) -> Iterator[Piece]:
    with _open(path) as file:
        records: list[Mapping[str, Any]] = []
        lines: list[int] = []
        size = 0
        for number, line in enumerate(_lines(file, str(path)), start=1):
            if line.strip():
                records.append(parsed(line, str(path), number))
                lines.append(number)
                size += len(line)
            if len(records) >= PIECE_ROWS // 20 or size >= PIECE_BYTES // 4:
                yield Piece(lines[0], None, tuple(records), tuple(lines))
                records, lines, size = [], [], 0
        if records:
            yield Piece(lines[0], None, tuple(records), tuple(lines))


def parsed(line: bytes, name: str, number: int) -> Mapping[str, Any]:
    """One application from its JSON. Raises BadInput naming the line."""
    where = Span(name, number)
    try:
        application = json.loads(line, object_pairs_hook=_object)
    except DoubledName as error:
        raise BadInput(error.message, where=where, field=error.field, mend=error.mend) from None
    except UnicodeDecodeError:
        raise BadInput("the line is not UTF-8", where=where, mend="save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"the line is not JSON: {error}",
            where=where,
            mend="give one application to a line; a file cut short ends like this",
        ) from None
    if not isinstance(application, dict):
        raise BadInput(
            "the line is JSON, but no application",
            where=where,
            mend='give an object: {"field": value, ...}',
        )
    if b"\\u" in line:
        _refuse_half_characters(application, where)
    return application


class DoubledName(BadInput):
    """A name stands twice in one object, and nobody can tell which is meant."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        name = next(name for name in names if names.count(name) > 1)
        raise DoubledName(f"'{name:.60}' is given twice", field=name, mend="give it once")
    return members


def _refuse_half_characters(application: Mapping[str, Any], where: Span) -> None:
    """JSON can write half a character, which no file and no database can hold."""
    for name, value in application.items():
        for text in (name, json.dumps(value, ensure_ascii=False)):
            try:
                text.encode()
            except UnicodeEncodeError:
                shown = name.encode("utf-8", "replace").decode()
                error = half_a_character(shown)
                raise BadInput(error.message, where=where, field=shown, mend=error.mend) from None


def _lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    number = 0
    while line := file.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise BadInput(
                f"the line is longer than {MOST_LINE:,} bytes",
                where=Span(name, number),
                mend="give one application to a line",
            )
        yield line


@contextmanager
def _open(path: Path | str) -> Iterator[IO[bytes]]:
    if str(path) == STDIN:
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as file:
        yield file


def _is_one_object(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def one_record(
    source: str, key: str | None, names: Sequence[str], stated: TableLayout | None = None
) -> Mapping[str, Any] | pl.DataFrame:
    """One application: a JSON object from a file or "-", or the row of a table whose id is `key`.

    `names` are those that the contract's id may stand under. Raises BadInput where there is none,
    or more than one to choose. `stated` as in `pieces`.
    """
    if is_json_lines(source):
        return _one_of_lines(source, key, names)
    for piece in pieces(source, stated):
        frame = piece.frame
        if frame is None:
            continue
        if key is None:
            if frame.height == 1:
                return frame
            raise BadInput("the table has many rows", where=Span(source), mend="add --id ID")
        column = next((each for each in names if each in frame.columns), None)
        if column is not None:
            rows = frame.filter(identifier_column(frame[column], source) == identifier_text(key))
            if rows.height:
                return rows.head(1)
    raise BadInput(f"no application has the id '{key}'", where=Span(source), field="--id")


def _one_of_lines(source: str, key: str | None, names: Sequence[str]) -> Mapping[str, Any]:
    with _open(source) as file:
        text = file.read(MOST_LINE * 64)
    if _is_one_object(text):
        return parsed(text, source, 1)
    wanted = identifier_text(key)
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        record = parsed(line, source, number)
        if key is None or any(identifier_text(record.get(name)) == wanted for name in names):
            return record
    raise BadInput("the file holds no such application", where=Span(source), field="--id")
