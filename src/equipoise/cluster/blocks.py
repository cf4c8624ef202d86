"""Features of applications as blocks that stay with the workers, and passes over them.

A block is a row of a persisted DataFrame: which partition made it, which of its blocks it is, and
the features of its applications as Arrow bytes. It is read once, kept on the workers' disks, and
made again from its source where a worker is lost. A pass sends a function and little more; what
comes back is a few arrays for each block, in the blocks' order, so that no sum depends on which
worker was first.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from equipoise.cluster.telling import telling, told_plainly
from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

BLOCK_ROWS = 65_536
_BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch"
_RESULT = "part int, seq int, arrays binary"
Key = tuple[int, int]  # partition, block in it
Place = tuple[int, int, int | None]  # first row, rows, check sum
Arrays = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Block:
    """What a pass sees of a block on its worker: its first row's number, and its columns."""

    start: int
    rows: int
    columns: Mapping[str, Any]

    def frame(self, names: Sequence[str] | None = None) -> pl.DataFrame:
        """Its features."""
        return pl.read_ipc(self.columns["features"], columns=None if names is None else [*names])

    def arrays(self) -> Arrays:
        """What a pass left there."""
        return loaded(self.columns["arrays"])


class Blocks:
    """Persisted blocks, and where each begins; `close` frees them.

    `sizes` holds the rows of each block, in the blocks' order; `marks` the check sums by which a
    block that was made again is known to be the same.
    """

    def __init__(
        self,
        session: SparkSession,
        frame: DataFrame,
        sizes: Mapping[Key, int],
        marks: Mapping[Key, int] | None = None,
    ) -> None:
        self.session, self._frame = session, frame
        self._marked = ["mark"] if marks is not None else []
        self.order = list(sizes)
        ends = np.cumsum([0, *(sizes[key] for key in self.order)])
        self.height = int(ends[-1])
        self._places = {
            key: (int(start), sizes[key], None if marks is None else marks[key])
            for key, start in zip(self.order, ends, strict=False)
        }

    def each(
        self, column: str, work: Callable[[Block, Any], Arrays], sent: Any = None
    ) -> Iterator[Arrays]:
        """What `work` makes of each block and of what is sent along, in the blocks' order.

        `column` is the one that the pass reads.
        """
        whole = _Sent(self.session, (self._places, sent))
        run = _each_block(work, whole.value)
        try:
            with told_plainly("fitting"), one_each(self.session):
                asked = self._read(column).mapInArrow(run, _RESULT)
                rows = {(row["part"], row["seq"]): row["arrays"] for row in asked.collect()}
        finally:
            whole.close()
        return (loaded(rows[key]) for key in self.order)

    def remade(self, column: str, work: Callable[[Block, Any], Arrays], sent: Any) -> Blocks:
        """Blocks of what `work` makes of each, kept where they are; `sent` stays as long."""
        from pyspark import StorageLevel

        whole = _Sent(self.session, (self._places, sent))
        run = _each_block(work, whole.value)
        with told_plainly("fitting"), one_each(self.session):
            frame = self._read(column).mapInArrow(run, _RESULT)
            frame = frame.persist(StorageLevel.DISK_ONLY)
            frame.count()
        return Blocks(self.session, frame, {key: self._places[key][1] for key in self.order})

    def across(
        self,
        column: str,
        work: Callable[[Iterator[Block], Any], Iterator[Any]],
        schema: str,
        sent: Any,
    ) -> DataFrame:
        """What `work` makes of all blocks of a partition, as a DataFrame not yet computed."""
        places = _Sent(self.session, (self._places, sent))
        run = _all_blocks(work, places.value)
        return self._read(column).mapInArrow(run, schema)

    def _read(self, column: str) -> DataFrame:
        return self._frame.select("part", "seq", *self._marked, column)

    def close(self) -> None:
        """Free the blocks."""
        self._frame.unpersist()


class _Sent:
    """Something that every worker gets once: broadcast where the session can."""

    def __init__(self, session: SparkSession, content: Any) -> None:
        context = getattr(session, "sparkContext", None)
        self._shared = None if context is None else context.broadcast(content)
        self.value: Any = self._shared if self._shared is not None else _Plain(content)

    def close(self) -> None:
        """Free it on the workers."""
        if self._shared is not None:
            self._shared.destroy()


@dataclass(frozen=True, slots=True)
class _Plain:
    value: Any


def _blocks(
    batches: Iterator[pa.RecordBatch], places: Mapping[Key, Place]
) -> Iterator[tuple[Key, Block]]:
    for batch in batches:
        for row in batch.to_pylist():
            key = (row.pop("part"), row.pop("seq"))
            # a block that the driver never saw, or another one in its place
            start, rows, mark = places.get(key, (0, 0, -1))
            if mark is not None and row.pop("mark", None) != mark:
                raise BadInput(
                    "a worker was lost, and the applications came in another order when they were "
                    "read again",
                    mend="write them to files first, and fit on those",
                )
            yield key, Block(start, rows, row)


def _each_block(work: Callable[[Block, Any], Arrays], shared: Any) -> Callable[..., Any]:
    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow

        places, sent = shared.value
        for (part, seq), block in _blocks(batches, places):
            arrays = saved(work(block, sent))
            yield pyarrow.RecordBatch.from_pydict(
                {
                    "part": pyarrow.array([part], pyarrow.int32()),
                    "seq": pyarrow.array([seq], pyarrow.int32()),
                    "arrays": pyarrow.array([arrays], pyarrow.binary()),
                }
            )

    return telling(run)


def _all_blocks(
    work: Callable[[Iterator[Block], Any], Iterator[Any]], shared: Any
) -> Callable[..., Any]:
    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        places, sent = shared.value
        yield from work((block for _, block in _blocks(batches, places)), sent)

    return telling(run)


@contextmanager
def one_each(session: SparkSession, rows: int = 1) -> Iterator[None]:
    """So many rows to an Arrow batch: a block is a row, and large."""
    before = session.conf.get(_BATCH)
    session.conf.set(_BATCH, str(rows))
    try:
        yield
    finally:
        session.conf.set(_BATCH, before)


def saved(arrays: Arrays) -> bytes:
    """Arrays by name as bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # its own types want no names
    return buffer.getvalue()


def loaded(content: bytes) -> Arrays:
    """Arrays by name from bytes."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def mark_of(frame: pl.DataFrame) -> int:
    """A check sum of a frame's rows and of their order."""
    hashes = frame.hash_rows(seed=0).to_numpy()
    places = np.arange(1, hashes.size + 1, dtype=np.uint64)
    return int((hashes * places).sum(dtype=np.uint64) >> np.uint64(1))


def as_ipc(frame: pl.DataFrame) -> bytes:
    """A frame as Arrow bytes."""
    buffer = io.BytesIO()
    frame.write_ipc(buffer)
    return buffer.getvalue()


def from_ipc(content: bytes) -> pl.DataFrame:
    """A frame from Arrow bytes."""
    return pl.read_ipc(io.BytesIO(content))
