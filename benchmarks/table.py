"""One line of a benchmark: what was measured beside what, and whether the bar was met."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """`ours` and `peer` in the same unit; `met` is None where nothing is promised."""

    name: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    bar: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the peer's figure is of ours (above 1: ours is smaller)."""
        return self.peer / self.ours if self.peer is not None and self.ours else None


def median_seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Median wall seconds of `runs` calls; the caller warms up compiled code first."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
