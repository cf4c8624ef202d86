"""Solving on Spark beside the local engine: the same answers, and what a pass takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl

from benchmarks.lending_stream import ten_limits, valuer_of_lender, write_applications
from benchmarks.scale import Run, driver_megabytes, seconds_of
from benchmarks.table import Result
from equipoise.balance import Problem, solve_stream
from equipoise.balance.applications import MeasuredLimit, ParquetApplications
from equipoise.balance.measured import Aim, LoanFigures
from equipoise.balance.passes import LocalPasses
from equipoise.balance.sums import Sums
from equipoise.cluster import HeldApplicants, bound_at, solve_on

Answer = TypeVar("Answer")
_PASS = (
    MeasuredLimit("loss", {"expected_loss": 1.0}, 1.0),
    MeasuredLimit("lent", {"exposure": 1.0}, 1.0),
    MeasuredLimit("lent to new business", {"exposure": 1.0}, 1.0, where="new_business"),
)
_PRICES = np.array([0.4, 0.003, 0.002])


def rows(run: Run) -> list[Result]:
    """The whole solve and its parity, then one pass over applicants who are held already."""
    short = run.short
    return [
        *_solved(run, 100_000 if short else 5_000_000),
        _passed(run, 100_000 if short else 10_000_000),
    ]


def _solved(run: Run, size: int) -> list[Result]:
    path = _written(run.folder / "solve.parquet", size)
    local = ParquetApplications(path, valuer_of_lender(), "profit", ten_limits(size))
    frame = run.session.read.parquet(str(path))
    warm = run.session.read.parquet(str(_written(run.folder / "warm.parquet", 20_000)))
    solve_on(warm, valuer_of_lender(), "profit", ten_limits(20_000)).release()
    seconds, there = _timed(lambda: solve_stream(local, threads=run.cores))
    own, here = _timed(
        lambda: solve_on(frame, valuer_of_lender(), "profit", ten_limits(size), threads=run.cores)
    )
    held = driver_megabytes(run.session)
    prices = there.multipliers.array
    with here:
        bound, choices = bound_at(here.held, here.aim, prices)
        differ, rel = _apart(local, prices, run, choices, bound)
    apart = there.upper_bound * (there.gap + here.gap)
    fine = max(there.gap, here.gap) < 1e-6 and abs(there.value - here.value) <= apart
    return [
        Result(
            run.name(f"solve {size:,} x 20 x 10 rows from Parquet, values computed in the run"),
            own,
            "s",
            seconds,
            "local engine, streamed",
            bar="both gaps under 1e-6, values within them",
            met=None if run.short else fine,
            note=f"gaps {here.gap:.1e} and {there.gap:.1e}; {here.decided_here:,} decided at the "
            f"driver, which holds {held:,.0f} MB",
        ),
        Result(
            run.name(f"bound of {size:,} x 20 x 10 rows at the same prices, apart"),
            rel,
            "",
            bar="1e-9, no choice differs",
            met=rel <= 1e-9 and differ == 0,
            note=f"{differ} choices differ",
        ),
    ]


def _apart(
    local: ParquetApplications, prices: np.ndarray, run: Run, choices: Any, bound: float
) -> tuple[int, float]:
    """How many choices differ at the same prices, and how far the bounds are apart."""

    def of_part(part: int) -> tuple[np.ndarray, Sums]:
        scale = np.ones(len(prices))
        given = [LocalPasses(problem, scale).best(prices) for problem in local.problems(part)]
        return np.concatenate([each[0] for each in given]), Sums.of([each[1] for each in given])

    with ThreadPoolExecutor(run.cores) as pool:
        parts = list(pool.map(of_part, range(len(local.sizes))))
    sums = Sums.of([each[1] for each in parts]).value
    at_most = np.array([limit.at_most for limit in local.aim.limits])
    expected = float(sums[0]) + float(prices @ at_most)
    best = np.concatenate([each[0] for each in parts])
    out = run.folder / "choices"
    choices.select("id", "treatment").write.parquet(str(out))
    answered = pl.read_parquet(out / "*.parquet").sort("id")["treatment"]
    names = pl.Series(local.figures.treatments)
    differ = int((answered != names[best]).sum())
    return differ, abs(bound - expected) / abs(expected)


def _passed(run: Run, size: int) -> Result:
    """Who is undecided around prices: blocks on the workers' disks, arrays in this memory."""
    path = _written(run.folder / "pass.parquet", size)
    # as many partitions as both cores end with together
    frame = run.session.read.parquet(str(path)).repartition(2 * run.cores)
    figures, aim = LoanFigures(valuer_of_lender()), Aim.at("profit", _PASS)
    held = HeldApplicants(frame, figures, aim.measures, aim.masks)
    bound_at(held, aim, _PRICES)
    own = seconds_of(lambda: held.best_scores(aim, _PRICES))
    problem = _in_memory(held, aim)
    held.release()
    passes = LocalPasses(problem, np.ones(len(_PASS)), threads=run.cores)
    peer = seconds_of(lambda: passes.best(_PRICES))
    return Result(
        run.name(f"one pass of the solver over {size:,} x 20"),
        own,
        "s",
        peer,
        "local engine's pass, arrays in memory",
        bar="3 times the local engine's pass, and 0.5 s",
        met=None if run.short else own <= 3 * peer + 0.5,
        note=f"{held.partitions} partitions; workers are warm",
    )


def _in_memory(held: HeldApplicants, aim: Aim) -> Problem:
    """The applicants of the blocks in one process's arrays."""
    places = [Path(row["place"]) for row in held._places.collect()]
    mapped = [np.load(place / "measures.npy", mmap_mode="r") for place in places]
    names = aim.measures
    table = {name: np.concatenate([each[at] for each in mapped]) for at, name in enumerate(names)}
    masks = [np.load(place / "masks.npy") for place in places]
    where = dict(zip(aim.masks, np.concatenate(masks, axis=1), strict=True))
    return aim.problem(table, where)


def _written(path: Path, size: int) -> Path:
    bare = path.with_suffix(".bare")
    write_applications(bare, size)
    pl.scan_parquet(bare).with_row_index("id").sink_parquet(path, row_group_size=500_000)
    bare.unlink()
    return path


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer
