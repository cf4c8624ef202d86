"""Solve for everybody, wherever they are held, from a sample, a pass over all and the few left.

A sample gives prices with an ellipsoid that holds those of everybody. One pass over all settles
whom no price in it could change and keeps the few that are left, which `fixing` and the usual
search then solve. If their prices lie in the ellipsoid, the bound is everybody's. Where too many
are left for one memory, a sample of them gives nearer prices, and the pass is made again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from equipoise.balance.dual import best_prices
from equipoise.balance.fixing import ROUNDS, as_far_as, likely_errors, within
from equipoise.balance.lagrangian import Lagrangian, Settled
from equipoise.balance.parts import part_of
from equipoise.balance.problem import Choice, Multipliers, Problem, Row
from equipoise.balance.solving import Found, solve, solve_rest
from equipoise.balance.sums import Sums
from equipoise.balance.tolerance import PROMISED, excess
from equipoise.errors import BadInput, GateRefused
from equipoise.numeric.arrays import FloatArray

SAMPLE = 250_000
WIDER = 3.0  # standard errors of its prices: another pass costs more than a few more undecided
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
    everybody: Everybody[Scanned], threads: int = 1, start: FloatArray | None = None
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
        answer, certified = _answered(scan, sample, few.scale, prices, threads)
        if answer is None:
            break
        moved = (answer.prices - prices) * few.scale
        if within(moved, errors):
            return certified(answer)
        prices = as_far_as(prices, answer.prices - prices, moved, errors)
    raise _refusal(_limited(sample, share * at_most))


def _sampled(few: Lagrangian, start: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """A sample's prices, and the ellipsoid that should hold everybody's."""
    dual = best_prices(few, start)
    return dual.prices, WIDER * likely_errors(few, dual)


def _answered(
    scan: Scanned, sample: Problem, scale: FloatArray, prices: FloatArray, threads: int
) -> tuple[Found | None, Callable[[Found], Certified[Scanned]]]:
    """The answer of those who are left, and how it becomes everybody's."""
    worth = scan.settled.value
    settled = Settled(float(worth[0]), worth[1:])
    names = [row.name for row in sample.rows]
    at_most = np.array([row.at_most for row in sample.rows])
    left = None
    if scan.rest is None:
        answer = _nobody_left(settled, at_most, prices)
    elif scan.share < 1.0:
        answer = None
    else:
        left = Lagrangian(scan.rest, scale, threads=threads, settled=settled)
        answer = solve_rest(left, prices)

    def certified(found: Found) -> Certified[Scanned]:
        used, summed = (
            (settled.used, np.abs(settled.used)) if left is None else left.account(found.choice)
        )
        value = settled.value if left is None else left.value(found.choice)
        return Certified(
            multipliers=Multipliers(names, found.prices),
            value=value,
            upper_bound=max(found.bound, value),
            dual_bound=max(found.dual_bound, value),
            violation=float(excess(used, at_most, summed).max(initial=0.0)),
            used=dict(zip(names, used.tolist(), strict=True)),
            finished=found.finished,
            scan=scan,
            choice=found.choice,
        )

    return answer, certified


def _nobody_left(settled: Settled, at_most: FloatArray, prices: FloatArray) -> Found | None:
    """Everybody's best treatment at the prices, where it holds; None where it does not."""
    if (excess(settled.used, at_most, np.abs(settled.used)) > PROMISED).any():
        return None
    bound = settled.value + float(prices @ (at_most - settled.used))
    return Found(np.zeros(0, dtype=np.intp), bound, bound, prices)


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
