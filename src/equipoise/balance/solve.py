"""Solve a problem: prices, whole answer, certificate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.balance.dual import Dual, best_prices
from equipoise.balance.exact import solve_whole
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.problem import (
    FloatArray,
    Infeasible,
    Multipliers,
    Problem,
    Solution,
)
from equipoise.balance.repair import CORE, repair
from equipoise.errors import BadInput

EXACT_BELOW = 2000  # applicants: there HiGHS is quick enough and nothing is left to rounding

Choice = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Found:
    """A feasible choice and the least bound known."""

    choice: Choice
    bound: float


def solve(
    problem: Problem,
    threads: int = 1,
    start: Mapping[str, float] | ArrayLike | None = None,
    exact_seconds: float = 5.0,
) -> Solution:
    """The best choice of one treatment per applicant, feasible to the last digit, certified.

    `start` are prices of a similar problem, by row name or in the order of the rows. Below 2,000
    applicants HiGHS closes what gap is left, within `exact_seconds`. Raises `Infeasible`, naming
    the rows that clash.
    """
    begun = time.perf_counter()
    bounded = problem.with_rows(row for row in problem.rows if row.at_most < np.inf)
    lagrangian = Lagrangian(bounded, threads=threads)
    prices, found = _solved(lagrangian, _prices_of(start, problem, bounded), exact_seconds)
    return _certified(problem, prices, found, lagrangian, begun)


def _solved(
    lagrangian: Lagrangian, start: FloatArray | None, seconds: float
) -> tuple[FloatArray, Found]:
    unpriced = np.zeros(len(lagrangian.limit))
    wanted, bound = lagrangian.best(unpriced)
    if np.all(lagrangian.used(wanted) <= lagrangian.limit + lagrangian.constant):
        return unpriced, Found(wanted, bound)
    dual = best_prices(lagrangian, start)
    choice = _first_that_holds(lagrangian, dual)
    if lagrangian.applicants < EXACT_BELOW:
        return dual.prices, _exact(lagrangian, dual, choice, seconds)
    if choice is None:
        raise Infeasible((), {}, "rows that cannot hold together")
    return dual.prices, Found(choice, dual.slope.bound)


def _first_that_holds(lagrangian: Lagrangian, dual: Dual) -> Choice | None:
    for size in (CORE, 4 * CORE):
        choice = repair(lagrangian, dual, size)
        if choice is not None:
            return choice
    return None


def _exact(lagrangian: Lagrangian, dual: Dual, choice: Choice | None, seconds: float) -> Found:
    """HiGHS over every treatment that could still be part of a better choice.

    Giving an applicant a treatment that scores d below its best lowers the bound by d, so
    whatever lies further below than the gap is out.
    """
    bound = dual.slope.bound
    known = -np.inf if choice is None else lagrangian.value(choice)
    if bound - known <= 1e-9 * abs(bound) and choice is not None:
        return Found(choice, bound)
    window = (bound - known) * (1 + 1e-9) if choice is not None else np.finfo(float).max
    near = lagrangian.candidates(dual.prices, dual.tau, window)
    whole = solve_whole(lagrangian, near, seconds, choice, lagrangian.threads)
    if whole.choice is not None and lagrangian.value(whole.choice) >= known:
        return Found(whole.choice, min(bound, whole.bound))
    if choice is None:
        raise Infeasible((), {}, "rows that cannot hold together")
    return Found(choice, bound)


def _prices_of(
    start: Mapping[str, float] | ArrayLike | None, problem: Problem, bounded: Problem
) -> FloatArray | None:
    if start is None:
        return None
    names = [row.name for row in problem.rows]
    if not isinstance(start, Mapping):
        prices = np.asarray(start, dtype=np.float64)
        if prices.shape != (len(names),):
            raise BadInput(f"start has shape {prices.shape}, not ({len(names)},)", field="start")
        start = dict(zip(names, prices.tolist(), strict=True))
    return np.array([max(0.0, start.get(row.name, 0.0)) for row in bounded.rows])


def _certified(
    problem: Problem, prices: FloatArray, found: Found, lagrangian: Lagrangian, begun: float
) -> Solution:
    value = lagrangian.value(found.choice)
    everything = Lagrangian(problem, scale=np.ones(len(problem.rows)))
    used = everything.used(found.choice)
    at_most = np.array([row.at_most for row in problem.rows])
    size = np.abs(at_most)
    if not size.all():
        size = np.where(size > 0, size, everything.used_in_all(found.choice))
    over = np.maximum(used - at_most, 0.0) / np.where(size > 0, size, 1.0)
    names = [row.name for row in problem.rows]
    by_name = {row.name: price for row, price in zip(lagrangian.problem.rows, prices, strict=True)}
    return Solution(
        choice=found.choice,
        multipliers=Multipliers(names, np.array([by_name.get(name, 0.0) for name in names])),
        value=value,
        upper_bound=max(found.bound, value),
        violation=float(over.max(initial=0.0)),
        used=dict(zip(names, used.tolist(), strict=True)),
        seconds=time.perf_counter() - begun,
    )
