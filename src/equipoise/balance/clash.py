"""Which rows clash, and how far each would have to move.

With nothing to maximise, prices whose bound is below zero prove that the rows they price cannot
hold together (Farkas). They are found by minimising the bound plus a quadratic in the prices, the
dual of the least squared overshoot, which has a minimum whether or not the rows can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from equipoise.balance.dual import COOLING, Dual, newton
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.problem import Infeasible, Problem, Row, Solution
from equipoise.numeric.arrays import FloatArray

COLDEST = 1e-6  # of a typical usage
Solver = Callable[[Problem], Solution]


def explain(problem: Problem, solver: Solver, threads: int = 1) -> Infeasible | None:
    """The clash as an error to raise, or None where no proof of one was found.

    `solver` finds, for each clashing row, the least usage the others leave room for.
    """
    clash = clashing_rows(problem, threads)
    if clash is None:
        return None
    nearest = {row.name: _least(row, clash, problem, solver) for row in clash}
    return Infeasible(
        [row.name for row in clash],
        {name: least for name, least in nearest.items() if least is not None},
        "no choice of treatments holds",
    )


def clashing_rows(problem: Problem, threads: int = 1) -> list[Row] | None:
    """An irreducible set of rows proved not to hold together; None where there is no proof."""
    proof = farkas_prices(problem, threads)
    if proof is None:
        return None
    clash = [row for row, price in zip(problem.rows, proof, strict=True) if price > 0]
    for row in list(clash):
        if row not in clash or len(clash) == 1:
            continue
        without = problem.with_rows(other for other in clash if other is not row)
        smaller = farkas_prices(without, threads)
        if smaller is not None:
            clash = [r for r, price in zip(without.rows, smaller, strict=True) if price > 0]
    return clash


def farkas_prices(problem: Problem, threads: int = 1) -> FloatArray | None:
    """Prices that prove the rows cannot hold together, as few as serve; None where none do."""
    lagrangian = Lagrangian(problem.without_value(), threads=threads)
    prices = least_overshoot(lagrangian).prices
    return _sparse(lagrangian, prices) if proves(lagrangian, prices) else None


def least_overshoot(lagrangian: Lagrangian) -> Dual:
    """Prices at the least squared overshoot of rows with no value, or at the first proof."""
    dual = newton(lagrangian, np.zeros(len(lagrangian.limit)), 1.0, ridge=lagrangian.applicants)
    while dual.tau > COLDEST and not proves(lagrangian, dual.prices):
        dual = newton(lagrangian, dual.prices, dual.tau * COOLING, ridge=lagrangian.applicants)
    return dual


def proves(lagrangian: Lagrangian, prices: FloatArray) -> bool:
    """Whether the bound is below zero by more than rounding could explain."""
    _, bound = lagrangian.best(prices)
    size = float(prices @ np.abs(lagrangian.limit)) + float(prices @ lagrangian.scale)
    return bound < -1e-11 * size


def _sparse(lagrangian: Lagrangian, prices: FloatArray) -> FloatArray:
    """Leave out the least priced rows as long as the proof stands."""
    for row in np.argsort(prices * lagrangian.scale):
        if prices[row] > 0:
            fewer = prices.copy()
            fewer[row] = 0.0
            if proves(lagrangian, fewer):
                prices = fewer
    return prices


def _least(row: Row, clash: Sequence[Row], problem: Problem, solver: Solver) -> float | None:
    """The least a row can use: under all the other rows, or, should they clash too, the set's."""
    for others in (problem.rows, clash):
        rest = [other for other in others if other is not row]
        try:
            return -solver(problem.least(row, rest)).value
        except Infeasible:
            continue
    return None
