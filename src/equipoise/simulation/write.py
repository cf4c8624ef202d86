"""Writing a synthetic lender to a folder, a block of applicants at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from equipoise.errors import BadInput, did_you_mean
from equipoise.files import replacing, write_text
from equipoise.progress import Progress, Silent
from equipoise.simulation.columns import ID
from equipoise.simulation.lender import Lender, blocks_in, refuse_impossible, simulate_block
from equipoise.simulation.parameters import Parameters, default_text, read_parameters
from equipoise.simulation.readme import readme
from equipoise.simulation.truth import PARAMETERS_FILE, TRUTH_FILE

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

README_FILE = "README.md"
# the tables of a lender, by the files they are written to
FRAMES: Mapping[str, Callable[[Lender], pl.DataFrame]] = {
    "applications.parquet": Lender.applications,
    "events.parquet": Lender.events,
    "performance.parquet": Lender.performance,
    TRUTH_FILE: Lender.known_truth,
}


# and those that are written only where somebody asks for them
TABLES: Mapping[str, Callable[[Lender], pl.DataFrame]] = {**FRAMES, "tape.parquet": Lender.tape}


def write_lender(
    folder: Path,
    applicants: int,
    seed: int,
    progress: Progress | None = None,
    *,
    only: Sequence[str] = (),
) -> None:
    """Simulate a lender and write its files; each appears whole or not at all.

    Writes applications, events, performance and truth as Parquet, one row group a block, the
    parameters they were made with, and a README of the columns. Memory does not grow with
    `applicants`: a few blocks are held at a time. `only` names tables, as 'applications';
    those of FRAMES by default. Raises BadInput as `simulate` does, and for a table unknown.
    """
    refuse_impossible(applicants, seed)
    names = chosen_frames(only)
    parameters = read_parameters()
    blocks = blocks_in(applicants)
    with (progress or Silent()).step("applicants") as step, ExitStack() as files:
        writers: dict[str, pq.ParquetWriter] = {}
        for number, tables in enumerate(_tables(names, applicants, seed, parameters)):
            for name, table in tables.items():
                if name not in writers:
                    writers[name] = files.enter_context(_writer(folder / name, table.schema))
                if table.num_rows:
                    writers[name].write_table(table)
            step.advance(min((number + 1) / blocks, 1.0) * applicants, applicants)
    for name, text in beside_lender(applicants, seed, parameters).items():
        write_text(folder / name, text)


def chosen_frames(only: Sequence[str]) -> tuple[str, ...]:
    """The files of the tables named, as 'applications'; those of FRAMES where none is.

    Raises BadInput for a table that there is not.
    """
    known = {name.removesuffix(".parquet"): name for name in TABLES}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise BadInput(
            f"a lender has no table '{unknown[0]}'",
            field="--only",
            mend=did_you_mean(unknown[0], known),
        )
    return tuple(known[table] for table in known if table in only) if only else tuple(FRAMES)


def beside_lender(applicants: int, seed: int, parameters: Parameters) -> dict[str, str]:
    """What stands beside a lender's tables: the parameters, and a README of the columns."""
    return {PARAMETERS_FILE: default_text(), README_FILE: readme(parameters, applicants, seed)}


def _tables(
    names: Sequence[str], applicants: int, seed: int, parameters: Parameters
) -> Iterator[dict[str, pa.Table]]:
    """Every block's tables, in order; as many blocks at a time as there are processors."""

    def made(number: int) -> dict[str, pa.Table]:
        lender = simulate_block(number, applicants, seed, parameters)
        return {name: TABLES[name](lender).to_arrow() for name in names}

    at_once = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    waiting: deque[Future[dict[str, pa.Table]]] = deque()
    with ThreadPoolExecutor(at_once) as workers:
        try:
            for number in range(blocks_in(applicants)):
                waiting.append(workers.submit(made, number))
                if len(waiting) > at_once:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


@contextmanager
def _writer(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """What writes a Parquet file that appears only when it is whole."""
    from pyarrow import parquet, types

    # measures and ids hardly repeat: a dictionary of them costs time and room
    repeat = [f.name for f in schema if not types.is_floating(f.type) and f.name != ID]
    with (
        replacing(path) as temporary,
        parquet.ParquetWriter(
            temporary, schema, compression="zstd", compression_level=1, use_dictionary=repeat
        ) as writer,
    ):
        yield writer
