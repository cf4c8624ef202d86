"""Simulating on Spark: the applications of the local engine, and how many a second."""

from __future__ import annotations

import time
from collections.abc import Callable

import polars as pl

from benchmarks.scale import Run
from benchmarks.table import Result
from equipoise.cluster import simulate_on, simulate_to
from equipoise.simulation import write_lender

SEED = 7
ONLY = ("applications",)


def rows(run: Run) -> list[Result]:
    """Applications to Parquet on Spark and on the local engine, and whether they are the same."""
    size = 200_000 if run.short else 10_000_000
    simulate_to(run.session, str(run.folder / "warm"), 1000, SEED, only=ONLY)
    own = _seconds(lambda: simulate_to(run.session, str(run.folder / "on"), size, SEED, only=ONLY))
    peer = _seconds(lambda: write_lender(run.folder / "local", size, SEED, only=ONLY))
    made = simulate_on(run.session, size, SEED, partitions=1 + run.cores).applications
    made.write.format("noop").mode("overwrite").save()
    without = _seconds(lambda: made.write.format("noop").mode("overwrite").save())
    return [
        Result(
            run.name(f"simulate {size:,} applications to Parquet"),
            size / own,
            "rows/s",
            size / peer,
            "local engine",
            note=f"{size / without:,.0f} a second where nothing is written",
        ),
        _same(run, size),
    ]


def _same(run: Run, size: int) -> Result:
    """Both files, compared a part of Spark's at a time."""
    local = pl.scan_parquet(run.folder / "local" / "applications.parquet")
    differ, at = 0, 0
    for part in sorted((run.folder / "on" / "applications.parquet").glob("part-*.parquet")):
        there = pl.read_parquet(part)
        differ += int(not there.equals(local.slice(at, there.height).collect()))
        at += there.height
    met = not differ and at == size
    return Result(run.name("parts that differ from the local file"), differ, "", bar="0", met=met)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
