"""The synthetic lender on Spark: every block of applicants made where it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from equipoise.cluster.places import Place, claimed
from equipoise.cluster.telling import telling, told_plainly
from equipoise.cluster.watching import job_watched
from equipoise.errors import BadInput, Span
from equipoise.progress import Progress
from equipoise.simulation import (
    TABLES,
    Parameters,
    beside_lender,
    blocks_in,
    chosen_frames,
    read_parameters,
    refuse_impossible,
    simulate_block,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_BATCH = 32_768  # rows that cross to the JVM at once
_PARTITIONS = 64  # a block each while there are no more; then files grow
_BLOCKS_A_PARTITION = 8  # some 30 MB of applications
_SPARKS = {
    "bool": "boolean",
    "int16": "smallint",
    "int32": "int",
    "int64": "bigint",
    "double": "double",
    "date32[day]": "date",
    "timestamp[us]": "timestamp_ntz",
    "string": "string",
}


@dataclass(frozen=True)
class SimulatedLender:
    """A lender as Spark's data frames; each is made anew wherever it is read, and nothing is kept.

    An applicant depends on the seed and its number alone: rows are those of
    `equipoise.simulation.simulate(applicants, seed)`, in its order within a partition, whatever
    the partitions.
    """

    session: SparkSession
    applicants: int
    seed: int
    partitions: int

    @cached_property
    def applications(self) -> DataFrame:
        """One row per applicant: what was known, done and seen of each."""
        return self.table("applications.parquet")

    @cached_property
    def events(self) -> DataFrame:
        """The event log of the first applications."""
        return self.table("events.parquet")

    @cached_property
    def performance(self) -> DataFrame:
        """One row per booked loan and month."""
        return self.table("performance.parquet")

    @cached_property
    def truth(self) -> DataFrame:
        """One row per applicant of what the lender cannot see: fit nothing on it."""
        return self.table("truth.parquet")

    def table(self, name: str) -> DataFrame:
        """The table that is written to the file of that name."""
        numbers = self.session.range(0, blocks_in(self.applicants), 1, self.partitions)
        columns = ", ".join(f"`{field.name}` {_SPARKS[str(field.type)]}" for field in _schema(name))
        return numbers.mapInArrow(_making(name, self.applicants, self.seed), columns)


def simulate_on(
    session: SparkSession, applicants: int, seed: int, *, partitions: int | None = None
) -> SimulatedLender:
    """The synthetic lender over the caller's own session, lazily: no job runs here.

    By default there are as many partitions as blocks of 131,072 applicants, from 64 on with
    several blocks in each; their number depends on `applicants` alone. Raises BadInput for fewer
    than one applicant or partition, or a negative seed.
    """
    refuse_impossible(applicants, seed)
    if partitions is not None and partitions < 1:
        raise BadInput(f"{partitions} partitions", field="partitions", mend="ask for at least 1")
    blocks = blocks_in(applicants)
    usual = max(_PARTITIONS, -(-blocks // _BLOCKS_A_PARTITION))
    return SimulatedLender(session, applicants, seed, min(blocks, partitions or usual))


def simulate_to(
    session: SparkSession,
    folder: str,
    applicants: int,
    seed: int,
    progress: Progress | None = None,
    *,
    only: Sequence[str] = (),
) -> dict[str, int]:
    """Write a lender's tables as folders of Parquet by the session's writer, and what is beside.

    `folder` is as the session's writer takes it. Each table appears whole or not at all; the same
    run writes the same rows to the same parts. `only` names tables, as 'applications'; all by
    default. Returns the bytes of each. Raises BadInput as `simulate_on` does, for a folder that
    holds something else, that cannot be written, or where another job writes.
    """
    lender = simulate_on(session, applicants, seed)
    names = chosen_frames(only)
    place = Place(session, folder)
    beside = beside_lender(applicants, seed, read_parameters())
    refuse_others(place, {*TABLES, *beside})
    with claimed(place, f"simulating {applicants:,} applicants"):
        for name in names:
            part = f".{name}.part"
            with told_plainly("simulating"), job_watched(session, progress, name):
                lender.table(name).write.mode("overwrite").parquet(place.at(part))
            place.replace(part, name)
        for name, text in beside.items():
            place.write_text(name, text)
    return {name: place.size(name) for name in sorted([*names, *beside])}


def refuse_others(place: Place, ours: set[str]) -> None:
    """Raises BadInput where the folder holds what a simulation on Spark does not write."""
    here = place.names() or []
    others = [name for name in here if name not in ours and not name.startswith((".", "_"))]
    if others:
        raise BadInput(
            f"the folder holds other files, such as '{others[0]}'",
            where=Span(place.path),
            mend="name a new folder",
        )
    files = [name for name in TABLES if name in here and not place.is_folder(name)]
    if files:
        raise BadInput(
            f"'{files[0]}' is a file of a run on one machine, and Spark writes a folder",
            where=Span(str(PurePosixPath(place.path) / files[0])),
            mend="name a new folder",
        )


def _making(
    name: str, applicants: int, seed: int
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def made(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in numbers:
            for number in batch.column(0).to_pylist():
                table = _table(name, number, applicants, seed)
                yield from table.to_batches(max_chunksize=_BATCH)

    return telling(made)


def _table(name: str, number: int, applicants: int, seed: int) -> pa.Table:
    lender = simulate_block(number, applicants, seed, _parameters())
    table = TABLES[name](lender).to_arrow()
    return table.cast(_plain(table.schema))


def _schema(name: str) -> pa.Schema:
    return _table(name, 0, 1, 0).schema


def _plain(schema: pa.Schema) -> pa.Schema:
    """The types as Spark has them: its strings have short offsets."""
    import pyarrow as arrow

    return arrow.schema(
        [
            (field.name, arrow.string() if field.type == arrow.large_string() else field.type)
            for field in schema
        ]
    )


@lru_cache(maxsize=1)
def _parameters() -> Parameters:
    return read_parameters()
