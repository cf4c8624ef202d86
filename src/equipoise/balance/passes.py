"""Passes over all applicants, wherever they are held: prices go in, sums come out.

A partition of a cluster, or this process for all, answers the same few questions. Sums come with
what rounding left over, so that neither threads nor the number of partitions show in the answer,
as long as partitions hold whole blocks (see `blocks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from equipoise.balance import kernels
from equipoise.balance.blocks import BLOCK, EVERYBODY, Blocks
from equipoise.balance.parts import part_of
from equipoise.balance.problem import Choice, Problem
from equipoise.balance.sums import Sums
from equipoise.balance.undecided import undecided
from equipoise.numeric.arrays import Array, FloatArray

REACH = 30.0  # exp(-30) is nothing: treatments further below the best get no share
NARROW = 200  # of those whom a narrow row concerns, a sample holds about as many


@dataclass(frozen=True, slots=True)
class Candidates:
    """Treatments within a window of each applicant's best; one applicant's stand together."""

    applicant: NDArray[np.int64]
    treatment: NDArray[np.int64]
    share: FloatArray


class Passes(Protocol):
    """What the solver asks of applicants. Usage in sums is in units of `scale` where it is said."""

    def slope(self, prices: FloatArray, tau: float) -> Sums:
        """Of all: best and smoothed score, applicants between treatments, with candidates; then
        the softmax shares' scaled usage and its covariance's lower half: (4 + rows + rows^2,)."""

    def best(self, prices: FloatArray) -> tuple[Choice, Sums]:
        """Each applicant's best treatment at these prices, and the sum of their scores (1,)."""

    def used(self, choice: Choice) -> Sums:
        """What a choice uses of each row, and the same without signs: (2, rows)."""

    def worth(self, choice: Choice) -> Sums:
        """Summed value of a choice (1,)."""

    def candidates(self, prices: FloatArray, tau: float, window: float) -> Candidates:
        """Every treatment within `window` of its applicant's best, with its softmax share."""

    def undecided(
        self, prices: FloatArray, errors: FloatArray
    ) -> tuple[NDArray[np.intp], Choice, Sums]:
        """Whose best treatment changes in the ellipsoid `errors` around prices, everybody's best
        treatment, and what the others are worth and use of each row (1 + rows,)."""

    def sample(self, size: int, rng: np.random.Generator) -> tuple[Problem, FloatArray]:
        """About `size` applicants as a problem of their own, and how many each stands for."""


class LocalPasses:
    """`Passes` over a problem in this process's memory.

    A block holds `block` scores; `weight` is how many applicants each of a sample stands for.
    """

    def __init__(
        self,
        problem: Problem,
        scale: FloatArray,
        weight: FloatArray | None = None,
        threads: int = 1,
        block: int = BLOCK,
    ) -> None:
        everyone = np.ones(problem.shape[0]) if weight is None else weight
        self.blocks = Blocks(problem, scale, everyone, threads, block)

    def slope(self, prices: FloatArray, tau: float) -> Sums:
        """The sums that `Lagrangian.slope` is made of, (4 + rows + rows * rows,)."""
        rows = self.blocks.rows

        def work(start: int, stop: int) -> FloatArray:
            totals, used, covariance = np.zeros(4), np.zeros(rows), np.zeros((rows, rows))
            space = (stop - start) * self.blocks.treatments
            applicant, treatment = np.empty(space, np.int64), np.empty(space, np.int64)
            share = np.empty(space)
            weight = self.blocks.weight[start:stop]
            count = kernels.soften(
                self.blocks.scores(prices, start, stop),
                weight,
                tau,
                REACH * tau,
                applicant,
                treatment,
                share,
                totals,
            )
            applicant, treatment, share = applicant[:count], treatment[:count], share[:count]
            entries = self.blocks.entries(start, stop, applicant, treatment)
            kernels.moments(entries, applicant, share, weight, used, covariance)
            return np.concatenate([totals, used, covariance.ravel()])

        return Sums.over(self.blocks.over_blocks(work))

    def candidates(self, prices: FloatArray, tau: float, window: float) -> Candidates:
        """Every treatment within `window` of its applicant's best, with its softmax share."""

        def work(start: int, stop: int) -> tuple[Array, Array, Array]:
            space = (stop - start) * self.blocks.treatments
            applicant, treatment = np.empty(space, np.int64), np.empty(space, np.int64)
            share = np.empty(space)
            scores = self.blocks.scores(prices, start, stop)
            count = kernels.soften(
                scores,
                self.blocks.weight[start:stop],
                tau,
                window,
                applicant,
                treatment,
                share,
                np.zeros(4),
            )
            return applicant[:count] + start, treatment[:count].copy(), share[:count].copy()

        parts = self.blocks.over_blocks(work)
        return Candidates(*(np.concatenate([part[j] for part in parts]) for j in range(3)))

    def best(self, prices: FloatArray) -> tuple[Choice, Sums]:
        """Each applicant's best treatment at these prices, and the sum of their scores (1,)."""
        choice = np.empty(self.blocks.applicants, dtype=np.intp)

        def work(start: int, stop: int) -> FloatArray:
            scores = self.blocks.scores(prices, start, stop)
            return np.array([kernels.best_treatments(scores, choice[start:stop])])

        return choice, Sums.over(self.blocks.over_blocks(work))

    def used(self, choice: Choice) -> Sums:
        """What a choice uses of each row, and the same without signs: (2, rows)."""

        def work(start: int, stop: int) -> FloatArray:
            total = np.zeros((2, self.blocks.rows))
            for usage in self.blocks.usages:
                block = np.atleast_2d(usage.block(start, stop))
                for row, mask in zip(usage.rows, usage.masks, strict=True):
                    where = mask[start:stop] if mask.size else EVERYBODY
                    total[:, row] = kernels.taken(block, choice[start:stop], where)
            return total

        return Sums.over(self.blocks.over_blocks(work))

    def worth(self, choice: Choice) -> Sums:
        """Summed value of a choice (1,)."""
        value = self.blocks.problem.value

        def work(start: int, stop: int) -> FloatArray:
            of_block = value[start:stop][np.arange(stop - start), choice[start:stop]]
            return np.array([of_block.sum(dtype=np.float64)])

        return Sums.over(self.blocks.over_blocks(work))

    def undecided(
        self, prices: FloatArray, errors: FloatArray
    ) -> tuple[NDArray[np.intp], Choice, Sums]:
        """Whose best treatment changes in the ellipsoid `errors` around prices, everybody's best
        treatment, and what the others are worth and use of each row (1 + rows,)."""
        who, choice, parts = undecided(self.blocks, prices, errors)
        return who, choice, Sums.of([Sums(high, low) for high, low in parts])

    def sample(self, size: int, rng: np.random.Generator) -> tuple[Problem, FloatArray]:
        """About `size` applicants as a problem of their own, and how many each stands for."""
        return self.drawn(*chances(size, self.blocks.applicants, self.members()), rng)

    def members(self) -> list[int]:
        """How many applicants each row concerns."""
        rows, everyone = self.blocks.problem.rows, self.blocks.applicants
        counts = {id(row.where): row.where for row in rows}
        known = {
            key: everyone if where is None else int(where.sum()) for key, where in counts.items()
        }
        return [known[id(row.where)] for row in rows]

    def drawn(
        self, usual: float, narrow: FloatArray, rng: np.random.Generator
    ) -> tuple[Problem, FloatArray]:
        """Each with the `usual` chance, or that of the narrowest row that concerns it."""
        problem = self.blocks.problem
        chance = np.full(self.blocks.applicants, usual)
        masks = {id(row.where): (row.where, at) for at, row in enumerate(problem.rows)}
        for where, at in masks.values():
            if where is not None and narrow[at] > usual:
                chance[where] = np.maximum(chance[where], narrow[at])
        who = np.flatnonzero(rng.random(self.blocks.applicants) < chance)
        limits = np.array([row.at_most for row in problem.rows])
        return part_of(problem, who, limits), 1.0 / chance[who]


def chances(size: int, everyone: int, members: Sequence[int]) -> tuple[float, FloatArray]:
    """Of being drawn into a sample: the usual chance, and that of those each row concerns.

    It keeps enough of the applicants whom narrow rows concern.
    """
    narrow = [
        min(1.0, NARROW / max(concerned, 1)) if concerned * size < NARROW * everyone else 0.0
        for concerned in members
    ]
    return size / everyone, np.array(narrow)
