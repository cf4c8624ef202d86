"""Answers as files: CSV, Parquet and JSON lines, whole or in parts that are joined later."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.files import replacing
from equipoise.strategy.files.spreadsheet_text import as_spreadsheet_text
from equipoise.strategy.files.tables import STDIN, Format

Write = Callable[[pl.DataFrame], None]
_COPIED = 1 << 20


@contextmanager
def answer_file(output: Path | str, kind: Format) -> Iterator[Write]:
    """Writes pieces to `output`, "-" for standard output; a file appears only when it is whole."""
    if str(output) == STDIN:
        yield lambda answers: _json_lines(answers, sys.stdout.buffer)
        return
    with replacing(Path(output)) as temporary:
        if kind == "parquet":
            with _Parquet(temporary) as parquet:
                yield parquet.write
            return
        with temporary.open("wb") as file:
            if kind == "jsonl":
                yield lambda answers: _json_lines(answers, file)
            else:
                yield _Csv(file).write


def answer_part(path: Path, answers: pl.DataFrame, kind: Format, *, first: bool) -> None:
    """Write one piece as a part of the file it will stand in, whole or not at all; `first` says
    that nothing stands before it. For Parquet parts are Arrow's own files: what is read back from
    Parquet is not to the bit the table that was written."""
    with replacing(path) as temporary:
        if kind == "parquet":
            table = _as_table(answers)
            with pa.OSFile(str(temporary), "wb") as sink, pa.ipc.new_file(sink, table.schema) as to:
                to.write_table(table)
            return
        with temporary.open("wb") as file:
            if kind == "jsonl":
                _json_lines(answers, file)
            else:
                _Csv(file, begun=not first).write(answers)


def join_parts(parts: Sequence[Path], output: Path, kind: Format) -> None:
    """The file that `answer_file` would have written of the same pieces, byte by byte."""
    with replacing(output) as temporary:
        if kind == "parquet":
            with _Parquet(temporary) as parquet:
                for part in parts:
                    with pa.memory_map(str(part)) as mapped:
                        parquet.write_table(pa.ipc.open_file(mapped).read_all())
            return
        with temporary.open("wb") as file:
            for part in parts:
                with part.open("rb") as read:
                    shutil.copyfileobj(read, file, _COPIED)


def answers_digest(answers: pl.DataFrame) -> str:
    """SHA-256 of the answers as JSON lines: the same whatever the kind of file they stand in."""
    text = io.BytesIO()
    answers.write_ndjson(text)
    return hashlib.sha256(text.getbuffer()).hexdigest()


class _Parquet:
    """Writes pieces as row groups of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> _Parquet:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, answers: pl.DataFrame) -> None:
        self.write_table(_as_table(answers))

    def write_table(self, table: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table.cast(self._writer.schema))


class _Csv:
    """Writes pieces under one header; lists go in as JSON, and no text as a formula."""

    def __init__(self, file: IO[bytes], *, begun: bool = False) -> None:
        self._file, self._begun = file, begun

    def write(self, answers: pl.DataFrame) -> None:
        flat = answers.with_columns(
            pl.Series(
                name, [json.dumps(each, ensure_ascii=False) for each in answers[name].to_list()]
            )
            for name in ("reasons", "offers", "conditions")
        )
        as_spreadsheet_text(flat).write_csv(self._file, include_header=not self._begun)
        self._begun = True


def _as_table(answers: pl.DataFrame) -> pa.Table:
    return answers.to_arrow(compat_level=pl.CompatLevel.oldest())


def _json_lines(answers: pl.DataFrame, file: IO[bytes]) -> None:
    answers.write_ndjson(file)
    file.flush()
