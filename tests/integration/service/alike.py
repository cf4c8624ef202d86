"""Whether several things take as long as one another, on a machine that does other work besides."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 8  # after which what was slower in each is slower


def furthest_apart(
    ways: Mapping[str, Callable[[], object]], *, within: float, turns: int = 200
) -> tuple[float, dict[str, float]]:
    """By how much the slowest median lies above the quickest, as a share, and all medians in
    seconds: of the first of several rounds that lies `within`, else of the best of them.

    In each of the `turns` every way is taken once, the first of them another each time: what else
    the machine does meets all alike. What still meets one only meets another in the next round.
    """
    best: tuple[float, dict[str, float]] = (float("inf"), {})
    for _ in range(ROUNDS):
        took = _round(ways, turns)
        apart = max(took.values()) / min(took.values()) - 1
        best = min(best, (apart, took), key=lambda each: each[0])
        if apart <= within:
            break
    return best


def _round(ways: Mapping[str, Callable[[], object]], turns: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    names = [*ways]
    for turn in range(turns):
        first = turn % len(names)
        for name in (*names[first:], *names[:first]):
            begun = time.perf_counter()
            ways[name]()
            times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(each) for name, each in times.items()}
