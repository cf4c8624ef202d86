"""Growth: what a row costs from 1 M to 30 M rows from disk, and then what 10^8 and 10^9 would.

On as many cores as there are: growth on one core would say the same again.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.scale import Run, driver_megabytes
from benchmarks.strategies import Ground, prepare
from benchmarks.table import Result
from equipoise.cluster import decide_on, simulate_to

SEED = 11
SIZES, SHORT = (1_000_000, 3_000_000, 10_000_000, 30_000_000), (100_000, 300_000)
STEADY, APART = 3_000_000, 0.15  # from so many rows on a row's time is within so much
FLAT = 100.0  # megabytes that the driver may hold more
RECKONED = (100_000_000, 1_000_000_000)


@dataclass(frozen=True, slots=True)
class Point:
    """Seconds of one size, and what the driver held after it."""

    size: int
    seconds: dict[str, float]
    megabytes: float


def rows(run: Run) -> list[Result]:
    """Simulating to disk and deciding from disk, at each size; then what is reckoned of it."""
    if run.cores < min(2, len(os.sched_getaffinity(0))) or run.cores == 1:
        return []
    ground = prepare(run.folder / "workspace")
    _measured(run, ground, 20_000)  # warms up
    points = [_measured(run, ground, size) for size in (SHORT if run.short else SIZES)]
    steady = [each for each in points if each.size >= STEADY] or points
    return [
        *(_time(run, each, steady[0], what) for each in points for what in each.seconds),
        _memory(run, points),
        *(
            _reckoned(run, points[-1], what, size)
            for what in steady[-1].seconds
            for size in RECKONED
        ),
    ]


def _measured(run: Run, ground: Ground, size: int) -> Point:
    folder = run.folder / f"lender-{size}"
    start = time.perf_counter()
    simulate_to(run.session, str(folder), size, SEED, only=("applications",))
    simulated = time.perf_counter() - start
    fields = [each.name for each in ground.strategy.content.contract.fields]
    there = run.session.read.parquet(str(folder / "applications.parquet"))
    given = there.select(*(name for name in fields if name in there.columns))
    start = time.perf_counter()
    _through(decide_on(given, ground.sealed))
    decided = time.perf_counter() - start
    return Point(
        size,
        {"simulate to Parquet": simulated, "decide from Parquet": decided},
        driver_megabytes(run.session),
    )


def _through(answers: Any) -> None:
    """Make every answer, and keep none."""
    answers.write.format("noop").mode("overwrite").save()


def _time(run: Run, point: Point, steady: Point, what: str) -> Result:
    row, usual = point.seconds[what] / point.size, steady.seconds[what] / steady.size
    judged = not run.short and point.size > STEADY
    return Result(
        run.name(f"{what}, {point.size:,} rows"),
        row * 1e9,
        "ns a row",
        usual * 1e9,
        f"at {steady.size:,}",
        bar=f"within {APART:.0%} from {STEADY:,} on" if judged else "",
        met=abs(row / usual - 1) <= APART if judged else None,
        note=f"{point.seconds[what]:,.1f} s",
    )


def _memory(run: Run, points: list[Point]) -> Result:
    first, last = points[0], points[-1]
    return Result(
        run.name(f"driver after {last.size:,} rows"),
        last.megabytes,
        "MB",
        first.megabytes,
        f"after {first.size:,}",
        bar=f"at most {FLAT:g} MB more",
        met=None if run.short else last.megabytes - first.megabytes <= FLAT,
        note="Python, and the JVM with its executor",
    )


def _reckoned(run: Run, point: Point, what: str, size: int) -> Result:
    hours = point.seconds[what] / point.size * size * run.cores / 3600
    return Result(
        f"{what}, {size:,} rows: reckoned, not measured",
        hours,
        "core hours",
        note=f"from {point.size:,} rows in {point.seconds[what]:,.1f} s on {run.cores} cores",
    )
