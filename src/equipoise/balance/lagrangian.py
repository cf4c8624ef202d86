"""The Lagrangian of a problem, passed over block by block so that memory stays small.

With prices p >= 0 on the rows, D(p) = p.at_most + sum over applicants of the best of
(value - p.usage) bounds the value of every feasible choice from above. The smoothed bound puts
tau * logsumexp in the place of the best; its gradient is at_most less the usage of the softmax
shares and its curvature their covariance over tau, so few Newton steps find the best prices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import fsum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from equipoise.balance import kernels
from equipoise.balance.problem import Choice, Problem, Row
from equipoise.balance.tolerance import PROMISED, excess
from equipoise.numeric.arrays import Array, BoolArray, FloatArray

BLOCK = 65_536  # scores held at once: half a megabyte, which the processor's cache holds
REACH = 30.0  # exp(-30) is nothing: treatments further below the best get no share
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


@dataclass(frozen=True, slots=True)
class Slope:
    """The smoothed bound at some prices. Usage and curvature are in units of `scale`."""

    bound: float  # of the problem itself, not smoothed
    smooth: float
    used: FloatArray
    covariance: FloatArray
    mixed: float  # applicants whose share is not all on one treatment, in effect
    near: float  # applicants with more than one candidate


@dataclass(frozen=True, slots=True)
class Candidates:
    """Treatments within a window of each applicant's best; one applicant's stand together."""

    applicant: NDArray[np.int64]
    treatment: NDArray[np.int64]
    share: FloatArray


@dataclass(frozen=True, slots=True)
class Settled:
    """What applicants outside a problem are already worth and use (rows, in their own units)."""

    value: float
    used: FloatArray


class Lagrangian:
    """Bounds, slopes and choices of a problem at given prices, in float64.

    `weight` stands for how many applicants each of a sample represents; `settled` is what others,
    whose treatment is known, add to value and usage. Prices are in value per unit of usage; the
    slope is in scaled units, one `scale` of a row being a typical usage.
    """

    def __init__(
        self,
        problem: Problem,
        scale: FloatArray | None = None,
        weight: FloatArray | None = None,
        threads: int = 1,
        settled: Settled | None = None,
    ) -> None:
        self.problem = problem
        self.applicants, self.treatments = problem.shape
        self.threads = threads
        self.weight = np.ones(self.applicants) if weight is None else weight
        self.settled = settled or Settled(0.0, np.zeros(len(problem.rows)))
        self.usages, constant = _factored(problem, self.weight)
        self.constant = constant + self.settled.used
        self.at_most = np.array([row.at_most for row in problem.rows])
        self.limit = self.at_most - self.constant
        self.scale = _typical_usage(problem) if scale is None else scale

    @property
    def applicants_represented(self) -> float:
        return float(self.weight.sum())

    def noise(self, slope: Slope) -> FloatArray:
        """How exactly each scaled row can be met: by rounding shares, and by sampling."""
        rounding: FloatArray = 0.5 * np.sqrt(np.diag(slope.covariance) * self.weight.max())
        if self.weight.max() <= 1.0:
            exactly: FloatArray = rounding + 1e-9 * np.abs(self.limit / self.scale)
            return exactly
        sampling = 0.3 * self.applicants_represented / np.sqrt(self.applicants)
        either: FloatArray = np.maximum(rounding, sampling)
        return either

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
        entries = np.zeros((applicant.size, len(self.limit)))
        for usage in self.usages:
            block = usage.block(start, stop)
            pick = kernels.gather if block.ndim == 2 else kernels.gather_treatments
            for row, mask in zip(usage.rows, usage.masks, strict=True):
                where = mask[start:stop] if mask.size else EVERYBODY
                pick(entries, row, block, 1.0 / self.scale[row], where, applicant, treatment)
        return entries

    def usage_of(self, applicant: Array, treatment: Array) -> FloatArray:
        """Scaled usage (candidates, rows) of a few candidates anywhere."""
        entries = np.zeros((applicant.size, len(self.limit)))
        for usage in self.usages:
            array = usage.array
            taken = array[treatment] if array.ndim == 1 else array[applicant, treatment]
            for row, mask in zip(usage.rows, usage.masks, strict=True):
                concerned = mask[applicant] if mask.size else 1.0
                entries[:, row] = taken.astype(np.float64) * concerned / self.scale[row]
        return entries

    def slope(self, prices: FloatArray, tau: float) -> Slope:
        """The smoothed bound at temperature `tau` with its gradient and curvature."""
        rows = len(self.limit)

        def work(start: int, stop: int) -> tuple[FloatArray, FloatArray, FloatArray]:
            totals, used, covariance = np.zeros(4), np.zeros(rows), np.zeros((rows, rows))
            space = (stop - start) * self.treatments
            applicant, treatment = np.empty(space, np.int64), np.empty(space, np.int64)
            share = np.empty(space)
            weight = self.weight[start:stop]
            count = kernels.soften(
                self.scores(prices, start, stop),
                weight,
                tau,
                REACH * tau,
                applicant,
                treatment,
                share,
                totals,
            )
            applicant, treatment, share = applicant[:count], treatment[:count], share[:count]
            entries = self.entries(start, stop, applicant, treatment)
            kernels.moments(entries, applicant, share, weight, used, covariance)
            return totals, used, covariance

        parts = self.over_blocks(work)
        totals = sum_of([part[0] for part in parts])
        covariance = sum_of([part[2] for part in parts])
        linear = float(prices @ self.limit) + self.settled.value
        return Slope(
            bound=float(totals[0]) + linear,
            smooth=float(totals[1]) + linear,
            used=sum_of([part[1] for part in parts]),
            covariance=covariance + np.tril(covariance, -1).T,
            mixed=float(totals[2]),
            near=float(totals[3]),
        )

    def candidates(self, prices: FloatArray, tau: float, window: float) -> Candidates:
        """Every treatment within `window` of its applicant's best, with its softmax share."""

        def work(start: int, stop: int) -> tuple[Array, Array, Array]:
            space = (stop - start) * self.treatments
            applicant, treatment = np.empty(space, np.int64), np.empty(space, np.int64)
            share = np.empty(space)
            scores = self.scores(prices, start, stop)
            count = kernels.soften(
                scores,
                self.weight[start:stop],
                tau,
                window,
                applicant,
                treatment,
                share,
                np.zeros(4),
            )
            return applicant[:count] + start, treatment[:count].copy(), share[:count].copy()

        parts = self.over_blocks(work)
        return Candidates(*(np.concatenate([part[j] for part in parts]) for j in range(3)))

    def best(self, prices: FloatArray) -> tuple[Choice, float]:
        """The best treatment of each applicant at these prices, and the bound."""
        choice = np.empty(self.applicants, dtype=np.intp)

        def work(start: int, stop: int) -> float:
            return kernels.best_treatments(self.scores(prices, start, stop), choice[start:stop])

        total = fsum(self.over_blocks(work))
        return choice, total + float(prices @ self.limit) + self.settled.value

    def used(self, choice: Choice) -> FloatArray:
        """Each row's usage under a choice, in its own unit, constants included."""
        used: FloatArray = self._taken(choice)[0] + self.constant
        return used

    def holding(self, choice: Choice) -> BoolArray:
        """Which rows a choice holds within the promised tolerance."""
        within: BoolArray = self._excess(choice) <= PROMISED
        return within

    def account(self, choice: Choice) -> tuple[FloatArray, FloatArray]:
        """Each row's usage in its own unit, and the same summed without signs."""
        used, summed = self._taken(choice)
        return used + self.constant, summed + np.abs(self.constant)

    def _excess(self, choice: Choice) -> FloatArray:
        used, summed = self.account(choice)
        return excess(used, self.at_most, summed)

    def _taken(self, choice: Choice) -> FloatArray:
        """What a choice uses of each row, and the same without signs: (2, rows)."""

        def work(start: int, stop: int) -> FloatArray:
            total = np.zeros((2, len(self.limit)))
            for usage in self.usages:
                block = np.atleast_2d(usage.block(start, stop))
                for row, mask in zip(usage.rows, usage.masks, strict=True):
                    where = mask[start:stop] if mask.size else EVERYBODY
                    total[:, row] = kernels.taken(block, choice[start:stop], where)
            return total

        return sum_of(self.over_blocks(work))

    def value(self, choice: Choice) -> float:
        """Summed value of a choice."""
        taken = self.problem.value[np.arange(self.applicants), choice]
        return float(taken.sum(dtype=np.float64)) + self.settled.value

    def over_blocks(self, work: Callable[[int, int], Outcome]) -> list[Outcome]:
        """Results in the order of the blocks, so that sums do not depend on the threads."""
        size = max(64, BLOCK // self.treatments)
        starts = range(0, self.applicants, size)
        stops = [min(start + size, self.applicants) for start in starts]
        if self.threads == 1 or len(starts) == 1:
            return [work(start, stop) for start, stop in zip(starts, stops, strict=True)]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(work, starts, stops))


def part_of(problem: Problem, who: Array, at_most: FloatArray) -> Problem:
    """Some of the applicants, under other limits; rows that nobody's treatment moves are left 0."""
    taken: dict[int, Array] = {}
    rows = []
    for row, limit in zip(problem.rows, at_most.tolist(), strict=True):
        usage = row.usage
        if usage.shape == (problem.shape[0],) and problem.shape[0] != problem.shape[1]:
            usage = np.zeros(problem.shape[1])  # the same whatever is chosen: not theirs to change
        elif usage.ndim == 2:
            usage = taken.setdefault(id(usage), usage[who])
        rows.append(Row(row.name, usage, limit, None if row.where is None else row.where[who]))
    allowed = problem.allowed
    return Problem(
        problem.value[who], rows, allowed if allowed is None or allowed.ndim == 1 else allowed[who]
    )


def floats(block: Array) -> Array:
    """A block as the kernels know it: C order, float32 or float64."""
    kind = block.dtype if block.dtype in (np.float32, np.float64) else np.dtype(np.float64)
    return np.ascontiguousarray(block, dtype=kind)


def sum_of(parts: Sequence[FloatArray]) -> FloatArray:
    total: FloatArray = np.sum(np.stack(parts), axis=0)
    return total


def _factored(problem: Problem, weight: FloatArray) -> tuple[list[Usage], FloatArray]:
    """Usage arrays each held once, and what rows use whatever is chosen."""
    applicants, treatments = problem.shape
    constant = np.zeros(len(problem.rows))
    shared: dict[int, list[int]] = {}
    for m, row in enumerate(problem.rows):
        if row.usage.shape == (applicants,) and applicants != treatments:
            everyone = row.usage.astype(np.float64) * weight
            constant[m] = everyone.sum() if row.where is None else everyone[row.where].sum()
        else:
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
    return usages, constant


def _typical_usage(problem: Problem) -> FloatArray:
    """Root mean square usage of each row over a spread of the applicants it concerns."""
    return np.array([_row_scale(row, problem) for row in problem.rows])


def _row_scale(row: Row, problem: Problem, most: int = 2000) -> float:
    usage = row.usage
    if usage.shape == problem.shape:
        who = np.arange(len(usage)) if row.where is None else np.flatnonzero(row.where)
        usage = usage[who[:: max(1, who.size // most)]]
    usage = usage.astype(np.float64)
    if (
        problem.allowed is not None
        and problem.allowed.ndim == 1
        and usage.shape[-1:] == (problem.shape[1],)
    ):
        usage = usage[..., problem.allowed]
    peak = float(np.abs(usage).max(initial=0.0))
    return peak * float(np.sqrt(np.mean((usage / peak) ** 2))) if peak > 0 else 1.0
