"""Solve a problem: prices, whole answer, certificate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from equipoise.balance.branching import USUAL, Effort
from equipoise.balance.clash import explain, least_overshoot, proves
from equipoise.balance.dual import MANY, Dual, best_prices, cool
from equipoise.balance.exact import close_gap, search_core
from equipoise.balance.fixing import undecided_rest
from equipoise.balance.lagrangian import Lagrangian, Over
from equipoise.balance.large_first import settle_large
from equipoise.balance.passes import LocalPasses
from equipoise.balance.problem import Choice, Infeasible, Multipliers, Problem, Solution
from equipoise.balance.repair import CORE, core_within, repair, window_of
from equipoise.balance.tolerance import excess
from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray

EXACT_BELOW = 2000  # applicants: there rounding costs most and a search is quick enough
FEW_NODES = 300  # of a search only for a choice that holds
LARGE = 20_000
FEWEST = 10  # applicants left between treatments when a repair needs better prices
DEAREST = 3


@dataclass(frozen=True, slots=True)
class Bounded:
    """A choice, the least bound known, the prices, and whether the search ended by itself."""

    choice: Choice
    bound: float
    dual_bound: float
    prices: FloatArray
    finished: bool = True


def solve(
    problem: Problem,
    threads: int = 1,
    start: Mapping[str, float] | ArrayLike | None = None,
    effort: Effort = USUAL,
    over: Over = LocalPasses,
) -> Solution:
    """The best choice of one treatment per applicant, every row held within 1e-9 of its size.

    `start` are prices of a similar problem, by row name or in the order of the rows. Below 2,000
    applicants a branch and bound of limited effort closes what gap is left, to 1e-6 of the bound
    where a few nodes do and to 8e-5 otherwise. The same problem
    gets the same answer to the bit, whatever else the machine does and on any number of threads.
    `over` makes the passes over all applicants: where they are held is its matter.
    Raises `Infeasible`, naming the rows that clash.
    """
    begun = time.perf_counter()
    bounded = problem.with_rows(row for row in problem.rows if row.at_most < np.inf)
    lagrangian = Lagrangian(bounded, threads=threads, over=over)
    answer = _bounded(lagrangian, _prices_of(start, problem, bounded), effort)
    return _certified(problem, lagrangian, answer, begun)


def _bounded(lagrangian: Lagrangian, start: FloatArray | None, effort: Effort) -> Bounded:
    if lagrangian.applicants >= MANY:
        fixed = _with_most_fixed(lagrangian, start)
        if fixed is not None:
            return fixed
    free = _unconstrained(lagrangian)
    if free is not None:
        return free
    dual = best_prices(lagrangian, start)
    answer = _whole(lagrangian, dual, effort)
    if answer is not None:
        return answer
    rescued = _rescued(lagrangian, dual)
    if rescued is not None:
        return Bounded(rescued, dual.slope.bound, dual.slope.bound, dual.prices)
    raise _refusal(lagrangian, dual)


def _with_most_fixed(lagrangian: Lagrangian, start: FloatArray | None) -> Bounded | None:
    """The answer of the undecided few, where they can be told; None where they cannot."""
    rest = undecided_rest(lagrangian, start)
    if rest is None:
        return None
    choice = _repaired(rest.lagrangian, rest.dual)
    if choice is None:
        return None
    bound = rest.dual.slope.bound
    return Bounded(rest.whole(choice), bound, bound, rest.dual.prices)


def solve_rest(lagrangian: Lagrangian, start: FloatArray, effort: Effort = USUAL) -> Bounded | None:
    """The answer of some applicants beside others who are settled; None where none was found."""
    if lagrangian.applicants >= MANY:
        fixed = _with_most_fixed(lagrangian, start)
        if fixed is not None:
            return fixed
    return _whole(lagrangian, best_prices(lagrangian, start), effort)


def _unconstrained(lagrangian: Lagrangian) -> Bounded | None:
    """Everybody's best treatment, where that holds every row."""
    unpriced = np.zeros(len(lagrangian.limit))
    wanted, _ = lagrangian.best(unpriced)
    if not lagrangian.holding(wanted).all():
        return None
    value = lagrangian.value(wanted)
    return Bounded(wanted, value, value, unpriced)


def _whole(lagrangian: Lagrangian, dual: Dual, effort: Effort) -> Bounded | None:
    bound = dual.slope.bound
    choice = _repaired(lagrangian, dual)
    if lagrangian.applicants < EXACT_BELOW:
        whole = close_gap(lagrangian, dual, choice, effort)
        return (
            whole.choice
            if whole.choice is None
            else Bounded(whole.choice, whole.bound, bound, dual.prices, whole.finished)
        )
    return None if choice is None else Bounded(choice, bound, bound, dual.prices)


def _repaired(lagrangian: Lagrangian, dual: Dual) -> Choice | None:
    """A small core leaves less loss, a large one finds more exchanges: the better of two.

    Among many applicants the large one is as good as both. Where neither holds the rows, a larger
    one, then fewer applicants between treatments, and last a search.
    """
    cores = (CORE // 2, CORE) if lagrangian.applicants < LARGE else (CORE,)
    choice = _first_to_hold(lagrangian, dual, cores, (4 * CORE,))
    if choice is not None:
        return settle_large(lagrangian, dual, choice)
    if lagrangian.applicants < EXACT_BELOW:
        return None
    colder = cool(lagrangian, dual.prices, dual.tau, until=FEWEST / lagrangian.applicants)
    choice = _first_to_hold(lagrangian, colder, cores, (4 * CORE,))
    if choice is not None:
        return choice
    core = core_within(lagrangian, colder, window_of(colder, CORE), most=CORE)
    return search_core(lagrangian, colder, core, Effort(FEW_NODES)).choice


def _first_to_hold(lagrangian: Lagrangian, dual: Dual, *attempts: tuple[int, ...]) -> Choice | None:
    """The best choice from the first attempt in which a core of some size holds every row."""
    for sizes in attempts:
        answers = [repair(lagrangian, dual, size) for size in sizes]
        holding = [choice for choice in answers if lagrangian.holding(choice).all()]
        if holding:
            return max(holding, key=lagrangian.value)
    return None


def _rescued(lagrangian: Lagrangian, dual: Dual) -> Choice | None:
    """The best of a few choices that hold rows that barely can.

    Such rows leave no near ties to repair with, so aim at them alone: at the least overshoot of
    all, then at the least usage of the dearest rows. None where they are proved to clash.
    """
    problem = lagrangian.problem
    rows_only = Lagrangian(problem.without_value(), threads=lagrangian.threads)
    nearest = least_overshoot(rows_only)
    if proves(rows_only, nearest.prices):
        return None
    choices = [repair(rows_only, nearest), rows_only.best(nearest.prices)[0]]
    for at in np.argsort(-dual.prices * lagrangian.scale)[:DEAREST]:
        row = problem.rows[at]
        rest = [other for other in problem.rows if other is not row]
        least = Lagrangian(problem.least(row, rest), threads=lagrangian.threads)
        answer = _unconstrained(least) or _whole(least, best_prices(least), Effort(FEW_NODES))
        choices += [] if answer is None else [answer.choice]
    holding = [choice for choice in choices if lagrangian.holding(choice).all()]
    return max(holding, key=lagrangian.value, default=None)


def _refusal(lagrangian: Lagrangian, dual: Dual) -> Infeasible:
    """Why there is no answer: a proved clash, or shares that hold but whole treatments do not."""
    threads = lagrangian.threads
    proved = explain(lagrangian.problem, partial(solve, threads=threads), threads)
    if proved is not None:
        return proved
    choice = repair(lagrangian, dual, CORE)
    over = ~lagrangian.holding(choice)
    used = lagrangian.used(choice)
    names = np.array([row.name for row in lagrangian.problem.rows])
    return Infeasible(
        names[over].tolist(),
        dict(zip(names[over].tolist(), used[over].tolist(), strict=True)),
        "no choice of whole treatments was found that holds",
    )


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


def _certified(problem: Problem, lagrangian: Lagrangian, answer: Bounded, begun: float) -> Solution:
    value = lagrangian.value(answer.choice)
    everything = Lagrangian(problem, scale=np.ones(len(problem.rows)), over=lagrangian.over)
    used, summed = everything.account(answer.choice)
    names = [row.name for row in problem.rows]
    bounded = (row.name for row in lagrangian.problem.rows)
    priced = dict(zip(bounded, answer.prices.tolist(), strict=True))
    return Solution(
        choice=answer.choice,
        multipliers=Multipliers(names, np.array([priced.get(name, 0.0) for name in names])),
        value=value,
        upper_bound=max(answer.bound, value),
        dual_bound=max(answer.dual_bound, value),
        violation=float(excess(used, everything.at_most, summed).max(initial=0.0)),
        used=dict(zip(names, used.tolist(), strict=True)),
        finished=answer.finished,
        seconds=time.perf_counter() - begun,
    )
