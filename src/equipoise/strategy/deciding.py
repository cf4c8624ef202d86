"""A file of applications in, a file of decisions out; larger than memory, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import IO, Any

import polars as pl
import pyarrow.parquet as pq

from equipoise.errors import BadInput, Span
from equipoise.files import replacing
from equipoise.progress import Progress, Silent
from equipoise.strategy.engine import Strategy
from equipoise.strategy.tables import STDIN, Format, Piece, format_of, pieces, rows_in

Write = Callable[[pl.DataFrame], None]
_AHEAD = 3


@dataclass(slots=True)
class Tally:
    """What came out of a run, for the table a person reads."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    traces: int = 0
    seconds: float = 0.0

    def add(self, answers: pl.DataFrame) -> None:
        """Count a piece."""
        self.rows += answers.height
        for outcome, count in answers["outcome"].value_counts().iter_rows():
            self.outcomes[outcome] += count


def decide_file(
    strategy: Strategy,
    source: Path | str,
    output: Path | str,
    *,
    kind: Format | None = None,
    at: date | None = None,
    traces: Path | None = None,
    trace_share: float = 1.0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Decide every application of `source` and write the answers to `output`, in order.

    `output` may be "-" for standard output; a file appears only when it is whole, so a run that
    was killed is simply run again. `traces` gets the whole decisions, as JSON lines, of a share
    of the applicants chosen by a hash of their id. Raises BadInput naming file and row.
    """
    begun, tally = perf_counter(), Tally()
    wanted = kind or format_of(output, format_of(source))
    total = rows_in(source)
    with (progress or Silent()).step("Deciding") as step, ExitStack() as stack:
        write = stack.enter_context(_writer(output, wanted))
        tracing = stack.enter_context(_tracer(strategy, traces, trace_share, at))
        for piece, answers in _decided(strategy, source, at, threads or os.cpu_count() or 1):
            write(answers)
            tally.add(answers)
            tally.traces += tracing(piece)
            if total:
                step.advance(tally.rows, total)
        if not tally.rows:
            raise BadInput(
                "the file holds no application",
                where=Span(str(source)),
                mend="give a file with one row to an application",
            )
    tally.seconds = perf_counter() - begun
    return tally


def _decided(
    strategy: Strategy, source: Path | str, at: date | None, threads: int
) -> Iterator[tuple[Piece, pl.DataFrame]]:
    """Pieces and their answers in order, some pieces ahead on other threads."""

    def answer(piece: Piece) -> pl.DataFrame:
        if piece.frame is not None:
            return strategy.decide_frame(
                piece.frame, at=at, file=str(source), first_row=piece.first_row
            )
        return strategy.decide_records(
            piece.records, at=at, wheres=[Span(str(source), line) for line in piece.lines]
        )

    waiting: deque[tuple[Piece, Future[pl.DataFrame]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for piece in pieces(source):
                waiting.append((piece, pool.submit(answer, piece)))
                if len(waiting) >= _AHEAD:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


@contextmanager
def _writer(output: Path | str, kind: Format) -> Iterator[Write]:
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
        table = answers.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table.cast(self._writer.schema))


class _Csv:
    """Writes pieces under one header; lists go in as JSON."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._begun = file, False

    def write(self, answers: pl.DataFrame) -> None:
        flat = answers.with_columns(
            pl.Series(
                name, [json.dumps(each, ensure_ascii=False) for each in answers[name].to_list()]
            )
            for name in ("reasons", "offers")
        )
        flat.write_csv(self._file, include_header=not self._begun)
        self._begun = True


def _json_lines(answers: pl.DataFrame, file: IO[bytes]) -> None:
    answers.write_ndjson(file)
    file.flush()


@contextmanager
def _tracer(
    strategy: Strategy, path: Path | None, share: float, at: date | None
) -> Iterator[Callable[[Piece], int]]:
    if path is None:
        yield lambda _: 0
        return
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:

        def write(piece: Piece) -> int:
            count = 0
            for record in _chosen(strategy, piece, share):
                found = strategy.decide(record, at=at).as_dict()
                file.write(json.dumps(found, ensure_ascii=False, default=str) + "\n")
                count += 1
            return count

        yield write


def _chosen(strategy: Strategy, piece: Piece, share: float) -> Iterator[Any]:
    """The applications of a piece that are traced: a share by a hash of id or row."""
    name = strategy.content.contract.id
    if piece.frame is None:
        for at, record in enumerate(piece.records):
            key = record.get(name) if name else None
            if _falls(str(key if key is not None else piece.first_row + at), share):
                yield record
        return
    ids = piece.frame[name] if name and name in piece.frame.columns else None
    keys = ids.cast(pl.String) if ids is not None else None
    rows = [
        at
        for at in range(piece.frame.height)
        if _falls(str(keys[at]) if keys is not None else str(piece.first_row + at), share)
    ]
    yield from strategy.records(piece.frame[rows])


def _falls(key: str, share: float) -> bool:
    head = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(head, "big") < share * 2.0**64
