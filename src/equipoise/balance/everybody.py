"""Solve for everybody, wherever they are held, from a sample, a pass over all and the few left.

A sample gives prices with an ellipsoid that holds those of everybody. One pass over all settles
whom no price in it could change and keeps the few that are left, which `fixing` and the usual
search then solve. If their prices lie in the ellipsoid, the bound is everybody's. Where too many
are left for one memory, a sample of them gives nearer prices, and the pass is made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from equipoise.balance.branching import USUAL, Effort
from equipoise.balance.dual import best_prices
from equipoise.balance.fixing import ROUNDS, as_far_as, likely_errors, within
from equipoise.balance.lagrangian import Lagrangian, Settled
from equipoise.balance.parts import part_of
from equipoise.balance.problem import Choice, Multipliers, Problem, Row
from equipoise.balance.solving import Bounded, solve, solve_rest
from equipoise.balance.sums import Sums
from equipoise.balance.tolerance import PROMISED, excess
from equipoise.errors import BadInput, GateRefused
from equipoise.numeric.arrays import FloatArray

SAMPLE = 250_000
WIDER = 3.0  # standard errors of its prices: another pass costs more than a few more undecided
WIDENED = 2.0  # times, after prices that lie outside
NEARER = 6  # passes at nearer prices, each from a sample of those whom the last left undecided


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass left: the undecided, and what the settled are worth and use, (1 + rows,).

    `rest` is None where nobody is undecided; it may be a `share` of them where they are too many
    to be held at once.
    """

    rest: Problem | None
    settled: Sums
    share: float = 1.0


Scanned = TypeVar("Scanned", bound=Scan)
Scanned_co = TypeVar("Scanned_co", bound=Scan, covariant=True)


class Everybody(Protocol[Scanned_co]):
    """Applicants as the solver meets them; rows have the limits of all.

    `sample` gives about so many as one problem, in an order of their own. `scan` tells who is
    undecided in the ellipsoid `errors` (rows, rows; in units of `scale`) around prices.
    """

    @property
    def applicants(self) -> int: ...

    def sample(self, size: int) -> Problem: ...

    def scan(self, prices: FloatArray, errors: FloatArray, scale: FloatArray) -> Scanned_co: ...


@dataclass(frozen=True, slots=True)
class Certified(Generic[Scanned]):
    """The answer for all: as `Solution` has it, with the last pass and the choice of its rest."""

    multipliers: Multipliers
    value: float
    upper_bound: float
    dual_bound: float
    violation: float
    used: dict[str, float]
    finished: bool
    scan: Scanned
    choice: Choice


def solve_everybody(
    everybody: Everybody[Scanned],
    threads: int = 1,
    start: FloatArray | None = None,
    effort: Effort = USUAL,
) -> Certified[Scanned]:
    """The best choice, as `solve` gives it; `start` are prices of a similar problem.

    Raises BadInput where there are no applicants or a row has no limit, GateRefused (most often
    `Infeasible`, of the sample, naming the rows) where no choice was found that holds.
    """
    if not everybody.applicants:
        raise BadInput("there are no applicants", field="applications")
    sample = everybody.sample(SAMPLE)
    at_most = np.array([row.at_most for row in sample.rows])
    if not np.isfinite(at_most).all():
        raise BadInput("a row has no limit", field="rows", mend="leave it out")
    share = sample.shape[0] / everybody.applicants
    whole = Lagrangian(part_of(sample, np.arange(sample.shape[0]), at_most), threads=threads)
    few = Lagrangian(_limited(sample, share * at_most), whole.scale, threads=threads)
    prices, errors = _sampled(few, start)
    nearer, rounds = NEARER, ROUNDS
    while rounds:
        scan = everybody.scan(prices, errors, few.scale)
        worth = scan.settled.value
        if scan.rest is not None and scan.share < 1.0 and nearer:
            left = _limited(scan.rest, scan.share * (at_most - worth[1:]))
            prices, errors = _sampled(Lagrangian(left, few.scale, threads=threads), prices)
            nearer -= 1
            continue
        rounds -= 1
        rest = _Rest(scan, few, at_most)
        answer = rest.answer(prices, effort)
        if answer is None:
            break
        moved = (answer.prices - prices) * few.scale
        if within(moved, errors):
            return rest.certified(answer)
        prices = as_far_as(prices, answer.prices - prices, moved, errors)
        errors *= WIDENED
    raise _refusal(_limited(sample, share * at_most))


def _sampled(few: Lagrangian, start: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """A sample's prices, and the ellipsoid that should hold everybody's."""
    dual = best_prices(few, start)
    return dual.prices, WIDER * likely_errors(few, dual)


class _Rest(Generic[Scanned]):
    """Those whom a pass left, beside the settled, under limits `at_most` on all."""

    def __init__(self, scan: Scanned, few: Lagrangian, at_most: FloatArray) -> None:
        worth = scan.settled.value
        self.scan, self.at_most = scan, at_most
        self.names = [row.name for row in few.problem.rows]
        self.settled = Settled(float(worth[0]), worth[1:])
        self.left = None
        if scan.rest is not None:
            self.left = Lagrangian(scan.rest, few.scale, threads=few.threads, settled=self.settled)

    def answer(self, prices: FloatArray, effort: Effort) -> Bounded | None:
        """Their choice; None where none was found that holds, or they are a part of the rest."""
        if self.left is None:
            return self._nobody_left(prices)
        return None if self.scan.share < 1.0 else solve_rest(self.left, prices, effort)

    def _nobody_left(self, prices: FloatArray) -> Bounded | None:
        used = self.settled.used
        if (excess(used, self.at_most, np.abs(used)) > PROMISED).any():
            return None
        bound = self.settled.value + float(prices @ (self.at_most - used))
        return Bounded(np.zeros(0, dtype=np.intp), bound, bound, prices)

    def certified(self, answer: Bounded) -> Certified[Scanned]:
        """Everybody's answer, with theirs."""
        value, used, summed = self.settled.value, self.settled.used, np.abs(self.settled.used)
        if self.left is not None:
            value = self.left.value(answer.choice)
            used, summed = self.left.account(answer.choice)
        return Certified(
            multipliers=Multipliers(self.names, answer.prices),
            value=value,
            upper_bound=max(answer.bound, value),
            dual_bound=max(answer.dual_bound, value),
            violation=float(excess(used, self.at_most, summed).max(initial=0.0)),
            used=dict(zip(self.names, used.tolist(), strict=True)),
            finished=answer.finished,
            scan=self.scan,
            choice=answer.choice,
        )


def _limited(problem: Problem, at_most: FloatArray) -> Problem:
    rows = zip(problem.rows, at_most.tolist(), strict=True)
    return problem.with_rows(Row(row.name, row.usage, limit, row.where) for row, limit in rows)


def _refusal(sample: Problem) -> GateRefused:
    try:
        solve(sample)
    except GateRefused as clash:
        return clash
    return GateRefused(
        "no choice of whole treatments was found that holds every row",
        mend="loosen the rows a little, or solve with all applicants in memory",
    )
