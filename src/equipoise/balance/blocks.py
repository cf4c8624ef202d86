"""A problem in memory, passed over block by block so that memory stays small.

Each block's sums are float64 in one fixed order, and `BLOCK` depends on the menu alone: so a
block's sums are the same whoever holds it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from equipoise.balance import kernels
from equipoise.balance.problem import Problem
from equipoise.numeric.arrays import Array, BoolArray, FloatArray

BLOCK = 65_536  # scores held at once: half a megabyte, which the processor's cache holds
EVERYBODY = np.zeros(0, dtype=np.bool_)

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Usage:
    """One usage array and the rows that share it, each with its own mask."""

    array: Array
    rows: tuple[int, ...]
    masks: tuple[BoolArray, ...]

    def price(self, prices: FloatArray, start: int, stop: int) -> FloatArray | None:
        """What each applicant of a block pays for a unit; None where nobody pays."""
        price: FloatArray | None = None
        for row, mask in zip(self.rows, self.masks, strict=True):
            if prices[row] == 0.0:
                continue
            if price is None:
                price = np.zeros(stop - start)
            price += prices[row] * mask[start:stop] if mask.size else prices[row]
        return price

    def block(self, start: int, stop: int) -> Array:
        return self.array if self.array.ndim == 1 else floats(self.array[start:stop])


class Blocks:
    """The applicants of a problem by blocks; `weight` is how many each of a sample stands for."""

    def __init__(
        self, problem: Problem, scale: FloatArray, weight: FloatArray, threads: int, block: int
    ) -> None:
        self.problem = problem
        self.applicants, self.treatments = problem.shape
        self.rows = len(problem.rows)
        self.scale, self.weight, self.threads = scale, weight, threads
        self.size = max(64, block // self.treatments)
        self.usages = _factored(problem)

    def value_block(self, start: int, stop: int) -> Array:
        """Values of a block of applicants."""
        return floats(self.problem.value[start:stop])

    def scores(self, prices: FloatArray, start: int, stop: int) -> FloatArray:
        """Value net of prices for a block of applicants; minus infinity where not allowed."""
        allowed = self.problem.allowed
        cost = np.zeros(self.treatments)
        if allowed is not None and allowed.ndim == 1:
            cost[~allowed] = np.inf
        scores = np.empty((stop - start, self.treatments))
        kernels.load(scores, self.value_block(start, stop), cost)
        for usage in self.usages:
            price = usage.price(prices, start, stop)
            if price is not None:
                charge = kernels.charge if usage.array.ndim == 2 else kernels.charge_treatments
                charge(scores, usage.block(start, stop), price)
        if allowed is not None and allowed.ndim == 2:
            kernels.forbid(scores, allowed[start:stop])
        return scores

    def entries(self, start: int, stop: int, applicant: Array, treatment: Array) -> FloatArray:
        """Scaled usage (candidates, rows); `applicant` counts from `start`."""
        entries = np.zeros((applicant.size, self.rows))
        for usage in self.usages:
            block = usage.block(start, stop)
            pick = kernels.gather if block.ndim == 2 else kernels.gather_treatments
            for row, mask in zip(usage.rows, usage.masks, strict=True):
                where = mask[start:stop] if mask.size else EVERYBODY
                pick(entries, row, block, 1.0 / self.scale[row], where, applicant, treatment)
        return entries

    def over_blocks(self, work: Callable[[int, int], Outcome]) -> list[Outcome]:
        """Results in the order of the blocks, so that sums do not depend on the threads."""
        size = self.size
        starts = range(0, self.applicants, size)
        stops = [min(start + size, self.applicants) for start in starts]
        if self.threads == 1 or len(starts) == 1:
            return [work(start, stop) for start, stop in zip(starts, stops, strict=True)]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(work, starts, stops))


def floats(block: Array) -> Array:
    """A block as the kernels know it: C order, float32 or float64."""
    kind = block.dtype if block.dtype in (np.float32, np.float64) else np.dtype(np.float64)
    return np.ascontiguousarray(block, dtype=kind)


def _factored(problem: Problem) -> list[Usage]:
    """Usage arrays that a choice moves, each held once."""
    applicants, treatments = problem.shape
    shared: dict[int, list[int]] = {}
    for m, row in enumerate(problem.rows):
        if row.usage.shape != (applicants,) or applicants == treatments:
            shared.setdefault(id(row.usage), []).append(m)
    usages = []
    for members in shared.values():
        array = problem.rows[members[0]].usage
        masks = [problem.rows[m].where for m in members]
        usages.append(
            Usage(
                array=floats(array) if array.ndim == 1 else array,
                rows=tuple(members),
                masks=tuple(EVERYBODY if mask is None else mask for mask in masks),
            )
        )
    return usages
