"""From which size Spark is the better choice: deciding as two programs, their start included.

The time of each is its start and so much a row. Where a row costs Spark more on the same cores, as
it does on one machine, only more cores make the lines cross: how many is reckoned from both.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale import Run
from benchmarks.strategies import prepare
from benchmarks.table import Result
from equipoise.simulation import write_lender

SEED = 13
SIZES, SHORT = (100_000, 1_000_000, 3_000_000, 10_000_000), (20_000, 200_000)
_ON_SPARK = """
import sys
from equipoise.cluster import decide_on, session_for
sealed, source, answers, cores = sys.argv[1:]
session = session_for(f"local[{cores}]")
decide_on(session.read.parquet(source), sealed).write.parquet(answers)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds before the first row, and of each row, on all cores."""

    start: float
    row: float

    @staticmethod
    def through(first: tuple[int, float], last: tuple[int, float]) -> Line:
        """The line through two sizes and their seconds."""
        row = max((last[1] - first[1]) / (last[0] - first[0]), 1e-12)
        return Line(first[1] - row * first[0], row)

    def with_cores(self, times: float) -> Line:
        """The same with so many times the cores; the start stays."""
        return Line(self.start, self.row / times)

    def size_ahead_of(self, other: Line) -> float | None:
        """From how many rows on this one is ahead; None where it never is."""
        gain = other.row - self.row
        return None if gain <= 0 else max((self.start - other.start) / gain, 0.0)


def rows(run: Run) -> list[Result]:
    """Both programs at each size, then where their lines cross."""
    sealed = prepare(run.folder / "workspace").sealed
    sizes = SHORT if run.short else SIZES
    _both(run, sealed, sizes[0] // 2)  # what is compiled once is compiled then
    seconds = [_both(run, sealed, size) for size in sizes]
    spark, local = (
        Line.through((sizes[0], seconds[0][at]), (sizes[-1], seconds[-1][at])) for at in (0, 1)
    )
    measured = [
        Result(
            run.name(f"decide {size:,} rows, start of the program included"),
            own,
            "s",
            peer,
            "local engine",
        )
        for size, (own, peer) in zip(sizes, seconds, strict=True)
    ]
    if run.short:  # of small sizes a line says nothing
        return measured
    return [*measured, *(_crossing(run, spark, local, times) for times in (1, 2, 4, 8, 16))]


def _both(run: Run, sealed: Path, size: int) -> tuple[float, float]:
    folder = run.folder / f"crossing-{size}"
    write_lender(folder, size, SEED, only=["applications"])
    source = str(folder / "applications.parquet")
    on = ["-c", _ON_SPARK, str(sealed), source, str(folder / "on"), str(run.cores)]
    here = ["-m", "equipoise", "decide", str(sealed), source, "--output", str(folder / "a.parquet")]
    return _seconds(on), _seconds(here)


def _seconds(arguments: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def _crossing(run: Run, spark: Line, local: Line, times: int) -> Result:
    more = spark.with_cores(times)
    size = more.size_ahead_of(local)
    return Result(
        f"Spark on {run.cores * times} cores ahead of the local engine on {run.cores}: reckoned",
        float("nan") if size is None else size,
        "rows",
        note=f"start {more.start:,.1f} against {local.start:,.1f} s, a row {more.row * 1e6:,.2f} "
        f"against {local.row * 1e6:,.2f} us" + ("; never" if size is None else ""),
    )
