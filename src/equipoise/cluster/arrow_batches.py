"""Deciding on a worker: Arrow batches through the frame runtime, compiled once a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.cluster.telling import telling

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from equipoise.strategy.engine import Strategy

ROWS = 100_000  # that are decided together: Polars takes its some 200 steps once for all of them
Work = Callable[[Iterator["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]
# compiled strategies of this process, by what they were compiled from
_COMPILED: dict[tuple[str, str], Strategy] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to decide by.

    `sealed` is a broadcast of the sealed file's bytes, `digest` and `identifier` say which strategy
    comes of it; `at` and `otherwise` are days as in `FrameRuntime.decide`; `columns` are those of
    the answers, in order, with their Arrow types.
    """

    sealed: Any
    digest: str
    identifier: str
    at: date | None
    otherwise: date
    columns: pa.Schema

    def strategy(self) -> Strategy:
        """The strategy, compiled where this process has not done so before."""
        key = (self.digest, self.identifier)
        if key not in _COMPILED:
            _COMPILED[key] = compiled_from(self.sealed.value, self.identifier)
        return _COMPILED[key]


def compiled_from(sealed: bytes, identifier: str) -> Strategy:
    """A strategy from the bytes of its sealed file, which may take a column for the identifier."""
    from equipoise.strategy.engine import Strategy
    from equipoise.strategy.files.identifiers import identified_by
    from equipoise.strategy.sealing import unsealed

    strategy = Strategy(unsealed(sealed))
    return identified_by(strategy, identifier) if identifier else strategy


def deciding(order: Order) -> Work:
    """What decides a partition."""

    @telling
    def decide(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        file, strategy = f"partition {partition()}", order.strategy()
        for frame, first_row in frames(batches, ROWS):
            answers = strategy.decide_frame(
                frame, at=order.at, file=file, first_row=first_row, otherwise=order.otherwise
            )
            yield from _batches(answers, order.columns)

    return decide


def frames(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[tuple[pl.DataFrame, int]]:
    """Batches put together to about `rows` rows, each with the place of its first, from 1."""
    import polars as pl
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    first_row, held = 1, 0
    for batch in batches:
        if batch.num_rows:
            waiting.append(batch)
            held += batch.num_rows
        if held >= rows:
            yield pl.DataFrame(pl.from_arrow(pa.Table.from_batches(waiting))), first_row
            first_row, held, waiting = first_row + held, 0, []
    if waiting:
        yield pl.DataFrame(pl.from_arrow(pa.Table.from_batches(waiting))), first_row


def _batches(answers: pl.DataFrame, columns: pa.Schema) -> Sequence[pa.RecordBatch]:
    import polars as pl

    table = answers.to_arrow(compat_level=pl.CompatLevel.oldest())
    return table.select(columns.names).cast(columns).combine_chunks().to_batches()  # type: ignore[no-any-return]


def partition() -> int:
    """Which partition this worker is at work on."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return 0 if context is None else context.partitionId()
