"""Fix the applicants whose best treatment no plausible price changes, and solve for the rest.

A sample fixes the prices to within a box. One pass over everybody at its middle tells whose best
treatment stays best anywhere in the box: the difference of two treatments' scores moves by at most
the sum over rows of the box's half width times the difference of their usage. Those few per cent
whom that leaves undecided are a small problem of the same kind. As long as its best prices lie in
the box, its bound with what the settled are worth *is* the bound of the whole problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.dual import Dual, cool, sampled_prices
from equipoise.balance.lagrangian import Lagrangian, Settled
from equipoise.balance.parts import part_of
from equipoise.balance.problem import Choice
from equipoise.balance.sums import Sums
from equipoise.numeric.arrays import FloatArray

LAST_SAMPLE = 16  # the last sample is this part of everybody: a pass over it still costs little
WIDTH = 2.0  # standard errors of the sampled prices (their covariance is estimated with room)
FIRM = 1e-9
ROUNDS = 4
MIXED_LEFT = 150  # applicants left between treatments when cooling ends, as for everybody


@dataclass(frozen=True, slots=True)
class Rest:
    """The undecided applicants as a problem of their own, beside what the settled are given.

    `who` are the positions of the undecided among everybody, `choice` is everybody's best
    treatment at the middle of the box.
    """

    lagrangian: Lagrangian
    dual: Dual
    who: NDArray[np.intp]
    choice: Choice

    def whole(self, choice: Choice) -> Choice:
        """Everybody's treatment, the undecided as `choice` says."""
        everybody = self.choice.copy()
        everybody[self.who] = choice
        return everybody


def undecided_rest(lagrangian: Lagrangian, start: FloatArray | None = None) -> Rest | None:
    """The undecided with their best prices; None where no box was found that holds them."""
    prices, tau, drawn = sampled_prices(lagrangian, start, LAST_SAMPLE)
    if drawn is None or not prices.any():
        return None
    errors = WIDTH * likely_errors(*drawn)
    for _ in range(ROUNDS):
        who, choice, settled = scan(lagrangian, prices, errors)
        if not 0 < 2 * who.size <= lagrangian.applicants:
            return None
        rest = Lagrangian(
            part_of(lagrangian.problem, who, lagrangian.at_most),
            lagrangian.scale,
            threads=lagrangian.threads,
            settled=settled,
        )
        dual = cool(rest, prices, tau, until=MIXED_LEFT / who.size)
        moved = (dual.prices - prices) * lagrangian.scale
        if within(moved, errors):
            return Rest(rest, dual, who, choice)
        prices, tau = as_far_as(prices, moved / lagrangian.scale, moved, errors), dual.tau
    return None


def within(moved: FloatArray, errors: FloatArray) -> bool:
    """Whether a move is inside the ellipsoid that `errors` maps the unit ball to."""
    along = np.linalg.lstsq(errors, moved, rcond=None)[0]
    reached = np.allclose(errors @ along, moved, rtol=0.0, atol=1e-12 * np.abs(errors).max())
    return reached and float(along @ along) <= 1.0


def as_far_as(
    prices: FloatArray, step: FloatArray, moved: FloatArray, errors: FloatArray
) -> FloatArray:
    """The way to prices outside the ellipsoid, up to its edge; `moved` is the step, scaled.

    Further out, applicants who were settled would choose anew, and the rest knows nothing of them.
    """
    length = float(np.linalg.norm(np.linalg.lstsq(errors, moved, rcond=None)[0]))
    shorter: FloatArray = np.maximum(prices + step / max(length, 1.0), 0.0)
    return shorter


def likely_errors(part: Lagrangian, dual: Dual) -> FloatArray:
    """A root of the covariance of a sample's prices (rows, rows), in scaled units.

    The sample's usage differs from everybody's by sampling error of covariance S; prices answer by
    the inverse H of the curvature, so their covariance is H^-1 S H^-1.
    """
    choice, _ = part.best(dual.prices)
    usage = part.usage_of(np.arange(part.applicants), choice) * part.weight[:, None]
    noise = part.applicants * np.cov(usage, rowvar=False).reshape(usage.shape[1], -1)
    curvature = dual.slope.covariance / dual.tau
    slack = part.limit / part.scale - dual.slope.used
    binds = (dual.prices > 0) | (slack < WIDTH * np.sqrt(np.diag(noise)))
    root = np.zeros_like(curvature)
    at = np.flatnonzero(binds & (np.diag(curvature) > 0))
    if at.size:
        firm = curvature[np.ix_(at, at)]
        firm = firm + FIRM * np.diag(np.diag(firm))
        root[np.ix_(at, at)] = np.linalg.solve(firm, _root(noise[np.ix_(at, at)]))
    return root


def _root(matrix: FloatArray) -> FloatArray:
    """R with R R' = matrix, of a matrix that may be singular."""
    values, vectors = np.linalg.eigh(matrix)
    root: FloatArray = vectors * np.sqrt(np.maximum(values, 0.0))
    return root


def scan(
    lagrangian: Lagrangian, prices: FloatArray, errors: FloatArray
) -> tuple[NDArray[np.intp], Choice, Settled]:
    """Who is undecided around prices, everybody's best treatment, what the settled give."""
    who, choice, sums = scanned(lagrangian, prices, errors)
    given = sums.value
    return who, choice, Settled(float(given[0]) + lagrangian.settled.value, given[1:])


def scanned(
    lagrangian: Lagrangian, prices: FloatArray, errors: FloatArray
) -> tuple[NDArray[np.intp], Choice, Sums]:
    """As `scan`, with what the settled of the problem itself give as sums, (1 + rows,)."""
    who, choice, sums = lagrangian.passes.undecided(prices, errors)
    constant = np.r_[0.0, lagrangian.constant]
    return who, choice, sums + Sums(constant, np.zeros_like(constant))
