"""Points of an event log, counted and added up: what an engine gives, and what bands it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.experience.logistic import LogitSums
from equipoise.experience.points import DAY
from equipoise.experience.segments import Stretch
from equipoise.numeric.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Cell:
    """Points of one table, key, cause and bin: how many, their sum, and the longest."""

    cause: int
    bin: int
    n: int
    total: int
    most: int


@dataclass(frozen=True, slots=True)
class Resource:
    """Work of one resource; `spent` and `median` in microseconds."""

    name: str
    steps: int
    cases: int
    sessions: int
    spent: int
    median: float


@dataclass(frozen=True, slots=True)
class WholeLog:
    """What is counted of events themselves: how many, first and last instant (microseconds since
    1970 in UTC), and how many complete ones each activity has."""

    events: int
    first: int
    last: int
    complete: Mapping[str, int]


class PointSums(Protocol):
    """Points, counted and added up where they are."""

    log: WholeLog

    def cells(self, table: str) -> Mapping[str, Sequence[Cell]]:
        """The cells of a table by key."""

    def spread(self, table: str, key: str) -> tuple[float, float]:
        """Median and 90th percentile in microseconds, between two points on a straight line."""

    def stretches(self, table: str, key: str) -> Mapping[int, Stretch]:
        """By day, up to the one after the last that is drawn, what it does to those who enter it;
        a day holds its end, and not its beginning."""

    def resources(self) -> Sequence[Resource]:
        """The resources with most work."""

    def first_backward(self) -> tuple[str, str]:
        """Case and activity of the first step that ends before it starts."""

    def squared_waits(self, causes: tuple[int, int]) -> float:
        """The sum of squares of days to the offer over these causes."""

    def waits_to_offer(self, causes: tuple[int, int], scale: float) -> LogitSums:
        """The regression of the first cause, against the second, on days to the offer / scale."""


def count(
    cells: Iterable[Cell],
    *,
    cause: int | None = None,
    bin: int | None = None,  # noqa: A002  # what the column is called
) -> int:
    """How many points stand in cells, or in those of a cause or a bin."""
    return sum(
        each.n
        for each in cells
        if (cause is None or each.cause == cause) and (bin is None or each.bin == bin)
    )


def total(cells: Iterable[Cell]) -> int:
    """Their sum."""
    return sum(each.total for each in cells)


def ends_in_bands(
    cells: Sequence[Cell], edges: Sequence[float], reached: Callable[[int], int] = int
) -> FloatArray:
    """How many points stand in each band; `reached` is how many edges a bin says are reached."""
    counts = np.zeros(len(edges) - 1)
    for each in cells:
        band = reached(each.bin) - 1
        if 0 <= band < counts.size:
            counts[band] += each.n
    return counts


def time_in_bands(
    cells: Sequence[Cell], edges: Sequence[float], reached: Callable[[int], int] = int
) -> FloatArray:
    """Days from nothing to each point, as far as they lie in each band, added up."""
    whole = [round(edge * DAY) for edge in edges]
    n, spent = _by_band(cells, len(edges), reached)
    beyond = np.concatenate([np.cumsum(n[::-1])[::-1][1:], [0]])
    times = [
        int(spent[band + 1])
        - int(n[band + 1]) * whole[band]
        + int(beyond[band + 1]) * (whole[band + 1] - whole[band])
        for band in range(len(edges) - 1)
    ]
    return np.array([time / DAY for time in times])


def _by_band(
    cells: Sequence[Cell], edges: int, reached: Callable[[int], int]
) -> tuple[IntArray, list[int]]:
    """Count and sum of points by how many edges they have reached."""
    n, spent = np.zeros(edges + 1, dtype=np.int64), [0] * (edges + 1)
    for each in cells:
        n[reached(each.bin)] += each.n
        spent[reached(each.bin)] += each.total
    return n, spent
