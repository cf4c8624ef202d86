"""A file of applications in, a file of decisions out; larger than memory, whole or not at all."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.files import replacing
from equipoise.outputs import output_fits
from equipoise.progress import Progress, Silent
from equipoise.strategy.engine import Strategy
from equipoise.strategy.files.answer_files import answer_file
from equipoise.strategy.files.identifiers import by_row_without_id, identified_by, refuse_without
from equipoise.strategy.files.tables import (
    ENDINGS,
    STDIN,
    Format,
    Piece,
    format_of,
    pieces,
    rows_in,
)
from equipoise.strategy.files.traces import chosen, trace_line
from equipoise.strategy.kept_beside import names_beside

_AHEAD = 3
TRACE_ENDINGS = (".jsonl", ".ndjson", ".json")


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
    identifier: str = "",
    traces: Path | None = None,
    trace_share: float = 1.0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Decide every application of `source` and write the answers to `output`, in order.

    `output` may be "-" for standard output; a file appears only when it is whole, so a run that
    was killed is simply run again. Its ending says its kind unless `kind` does. `identifier` names
    a column that is taken for the contract's id; an answer without an identifier names its row.
    `traces` gets the whole decisions, as JSON lines, of a share of the applicants chosen by a hash
    of their id. Raises BadInput naming file and row; and, before anything is decided, where an
    output cannot be written or is an input.
    """
    begun, tally = perf_counter(), Tally()
    if str(output) != STDIN:
        endings = () if kind else ENDINGS
        output_fits(output, "--output", endings=endings, beside=[source, traces])
    if traces is not None:
        output_fits(traces, "--traces", endings=TRACE_ENDINGS, beside=[source, output])
    wanted = kind or format_of(output)
    total = rows_in(source)
    with (progress or Silent()).step("Deciding") as step, ExitStack() as stack:
        write = stack.enter_context(answer_file(output, wanted))
        tracing = stack.enter_context(_tracer(strategy, traces, trace_share, at))
        decided = decided_pieces(strategy, source, at=at, threads=threads, identifier=identifier)
        for piece, answers in decided:
            write(answers)
            tally.add(answers)
            tally.traces += tracing(piece, answers["id"])
            if total:
                step.advance(tally.rows, total)
        if not tally.rows:
            raise no_application(source)
    tally.seconds = perf_counter() - begun
    return tally


def no_application(source: Path | str) -> BadInput:
    """What is wrong with an empty file."""
    return BadInput(
        "the file holds no application",
        where=Span(str(source)),
        mend="give a file with one row to an application",
    )


def decided_pieces(
    strategy: Strategy,
    source: Path | str,
    *,
    at: date | None = None,
    threads: int | None = None,
    after: int = 0,
    identifier: str = "",
) -> Generator[tuple[Piece, pl.DataFrame]]:
    """Pieces and their answers in order, some pieces ahead on other threads.

    The first `after` rows are left out: what was decided before need not be again. `identifier`
    as in `decide_file`.
    """
    if identifier:
        strategy = identified_by(strategy, identifier)

    def answer(piece: Piece) -> pl.DataFrame:
        if piece.frame is not None:
            return strategy.decide_frame(
                piece.frame, at=at, file=str(source), first_row=piece.first_row
            )
        return strategy.decide_records(
            piece.records,
            at=at,
            wheres=[Span(str(source), line) for line in piece.lines],
            beside=beside,
        )

    def named(piece: Piece) -> pl.DataFrame:
        if identifier:
            refuse_without(identifier, strategy, piece, str(source))
        return by_row_without_id(answer(piece), piece)

    every = pieces(source, strategy.habits)
    head = next(every, None)
    # a file of answers has the columns that its first piece has, wherever a run goes on from
    beside = None if head is None else _beside(strategy, head)
    waiting: deque[tuple[Piece, Future[pl.DataFrame]]] = deque()
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        try:
            for piece in _later(chain([head] if head else [], every), after):
                waiting.append((piece, pool.submit(named, piece)))
                if len(waiting) >= _AHEAD:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def _beside(strategy: Strategy, piece: Piece) -> tuple[str, ...]:
    return names_beside([strategy.compiled.intake.facts.extras(each) for each in piece.records])


def _later(every: Iterator[Piece], after: int) -> Iterator[Piece]:
    for piece in every:
        left_out = min(after, piece.rows)
        after -= left_out
        if left_out < piece.rows:
            yield piece.later(left_out)


@contextmanager
def _tracer(
    strategy: Strategy, path: Path | None, share: float, at: date | None
) -> Iterator[Callable[[Piece, pl.Series], int]]:
    if path is None:
        yield lambda _piece, _ids: 0
        return
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:

        def write(piece: Piece, ids: pl.Series) -> int:
            rows = chosen(ids, share)
            for at_row, record in zip(rows, _records(strategy, piece, rows), strict=True):
                file.write(trace_line(strategy, ids[at_row], record, at) + "\n")
            return len(rows)

        yield write


def _records(strategy: Strategy, piece: Piece, rows: Sequence[int]) -> Iterator[Mapping[str, Any]]:
    """The applications at some places of a piece."""
    if piece.frame is None:
        return (piece.records[at] for at in rows)
    return strategy.records(piece.frame[rows])
