"""Authority: one look-up in the matrix, its frame, and the queues of 100,000 cases."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime
from timeit import repeat

import numpy as np
import polars as pl

from benchmarks.table import Result, median_seconds
from equipoise.authority import Authority, AuthoritySection
from equipoise.review.casework.arrivals import SyntheticFlow
from equipoise.review.casework.simulate import simulate_authority

LEVELS = ("underwriter", "senior", "manager", "committee")
ROWS = [
    {"up_to": 5_000 * (k + 1), "grades": ["A", "B"] if k % 2 else "all", "level": LEVELS[k // 3]}
    for k in range(9)
]
TEN = AuthoritySection.model_validate(
    {
        "levels": [{"name": name, "staff": 40, "minutes_per_case": 20} for name in LEVELS],
        "matrix": [*ROWS, {"level": "committee", "joint": 2}],
    }
)


def run(short: bool = False) -> list[Result]:
    """Look-ups in nanoseconds, and the simulation beside a plain recursion in Python."""
    return [*_look_ups(short), _queues(short)]


def _look_ups(short: bool) -> list[Result]:
    authority = Authority(TEN)
    loops = 20_000 if short else 200_000
    results = []
    for name, codes in (("no exception", ()), ("one exception", ("LOW_INCOME",))):
        seconds = min(
            repeat(lambda c=codes: authority.level_for(23_000.0, "B", c), number=loops, repeat=5)
        )
        nanoseconds = 1e9 * seconds / loops
        results.append(
            Result(
                f"authority of one case, 10 rows, {name}",
                nanoseconds,
                "ns",
                bar="under 1,000",
                met=nanoseconds < 1_000,
            )
        )
    size = 100_000 if short else 1_000_000
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {"amount": rng.uniform(0, 60_000, size), "grade": rng.choice(["A", "B", "C"], size)}
    )
    seconds = median_seconds(lambda: authority.level_for_frame(frame))
    results.append(Result("authority of a frame", 1e9 * seconds / size, "ns a row"))
    return results


def _queues(short: bool) -> Result:
    size = 20_000 if short else 100_000
    flow = SyntheticFlow(per_day=size / 200, days=280, closed=0.0)
    simulate_authority(TEN, flow, replications=1)
    ours = median_seconds(lambda: simulate_authority(TEN, flow, replications=1), 3)
    rng = np.random.default_rng(0)
    start = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
    arrival = (start + np.cumsum(rng.exponential(60, size))).tolist()
    work = rng.exponential(1_800, size).tolist()
    peer = median_seconds(lambda: _recursion(arrival, work, 40), 3)
    return Result(
        f"simulate {size:,} cases, 4 levels, joint signatures, opening hours",
        ours,
        "s",
        peer,
        "one queue without hours, heapq",
        "5 or less",
        ours <= 5,
    )


def _recursion(arrival: list[float], work: list[float], people: int) -> float:
    """Waits of one first-come-first-served queue, nothing else."""
    free = [0.0] * people
    waited = 0.0
    for came, lasts in zip(arrival, work, strict=True):
        begins = max(came, heapq.heappop(free))
        heapq.heappush(free, begins + lasts)
        waited += begins - came
    return waited
