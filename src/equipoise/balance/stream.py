"""Solve for more applicants than fit in memory: their values are read or computed once.

A sample gives prices with an ellipsoid that holds those of everybody. One pass over all parts
settles whom no price in it could change and keeps the few that are left, which `fixing` and the
usual search then solve. If their prices lie in the ellipsoid, the bound is everybody's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import fsum
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.dual import best_prices
from equipoise.balance.fixing import (
    ROUNDS,
    as_far_as,
    likely_errors,
    scan,
    within,
)
from equipoise.balance.lagrangian import Lagrangian, Settled
from equipoise.balance.parts import joined, part_of
from equipoise.balance.passes import Sums
from equipoise.balance.problem import Multipliers, Problem, Row, Solution
from equipoise.balance.solving import Found, solve, solve_rest
from equipoise.balance.tolerance import excess
from equipoise.errors import BadInput, GateRefused
from equipoise.numeric.arrays import FloatArray

SAMPLE = 250_000
SEED = 20240301
WIDER = 3.0  # standard errors of its prices: another pass costs more than a few more undecided

Outcome = TypeVar("Outcome")


class Applications(Protocol):
    """Applicants in parts, each read when it is needed and then let go.

    `sizes` are the applicants of each part. `problems` gives a part's applicants, or those at
    `rows` of it, as one problem or several in order; the rows of all of them have the same names
    and the limits of the whole. It is called from several threads, each part at least twice.
    """

    @property
    def sizes(self) -> Sequence[int]: ...

    def problems(self, part: int, rows: NDArray[np.intp] | None = None) -> Iterator[Problem]: ...


@dataclass(frozen=True, slots=True)
class _Scanned:
    """A part: the undecided and where they are, the best treatments, what the settled give."""

    rest: list[Problem]
    who: NDArray[np.intp]
    choice: NDArray[np.integer[Any]]
    settled: Settled


def solve_stream(applications: Applications, threads: int = 1) -> Solution:
    """The best choice of one treatment per applicant, as `solve` gives it, read part by part.

    Values are computed twice for a sample of about 250,000 and once for everybody, unless the
    sample misled. `used`, value and bound are sums in the parts' order: threads change no bit.
    Raises BadInput where there are no applicants, GateRefused (most often `Infeasible`, of the
    sample, naming the rows) where no choice was found that holds.
    """
    begun = time.perf_counter()
    if not sum(applications.sizes):
        raise BadInput("there are no applicants", field="applications")
    sample = _sample(applications, threads)
    share = sample.shape[0] / sum(applications.sizes)
    at_most = np.array([row.at_most for row in sample.rows])
    few = Lagrangian(part_of(sample, np.arange(sample.shape[0]), at_most), threads=threads)
    few = Lagrangian(_limited(sample, share * at_most), few.scale, threads=threads)
    if not np.isfinite(at_most).all():
        raise BadInput("a row has no limit", field="rows", mend="leave it out")
    dual = best_prices(few)
    prices, errors = dual.prices, WIDER * likely_errors(few, dual)
    for _ in range(ROUNDS):
        parts = _over(applications, threads, _scanning(applications, prices, errors, few.scale))
        rest = joined([problem for part in parts for problem in part.rest])
        settled = Settled(
            fsum(part.settled.value for part in parts),
            Sums.over([part.settled.used for part in parts]).value,
        )
        left = Lagrangian(rest, few.scale, threads=threads, settled=settled)
        answer = solve_rest(left, prices)
        if answer is None:
            break
        moved = (answer.prices - prices) * few.scale
        if within(moved, errors):
            return _solution(parts, left, answer, begun)
        prices = as_far_as(prices, answer.prices - prices, moved, errors)
    raise _refusal(_limited(sample, share * at_most))


def _refusal(sample: Problem) -> GateRefused:
    try:
        solve(sample)
    except GateRefused as clash:
        return clash
    return GateRefused(
        "no choice of whole treatments was found that holds every row",
        mend="loosen the rows a little, or solve with all applicants in memory",
    )


def _sample(applications: Applications, threads: int) -> Problem:
    everybody = sum(applications.sizes)
    chance = min(1.0, SAMPLE / everybody)

    def drawn(part: int) -> list[Problem]:
        rng = np.random.default_rng((SEED, part))
        rows = np.flatnonzero(rng.random(applications.sizes[part]) < chance)
        return list(applications.problems(part, rows)) if rows.size else []

    parts = _over(applications, threads, drawn)
    return joined([problem for part in parts for problem in part])


def _scanning(
    applications: Applications, prices: FloatArray, errors: FloatArray, scale: FloatArray
) -> Callable[[int], _Scanned]:
    def work(part: int) -> _Scanned:
        rest: list[Problem] = []
        who, choices, values, used, start = [], [], [], [], 0
        for problem in applications.problems(part):
            lagrangian = Lagrangian(problem, scale)
            near, choice, settled = scan(lagrangian, prices, errors)
            rest.append(part_of(problem, near, lagrangian.at_most))
            who.append(near + start)
            choices.append(choice.astype(np.min_scalar_type(problem.shape[1])))
            values.append(settled.value)
            used.append(settled.used)
            start += problem.shape[0]
        return _Scanned(
            rest,
            np.concatenate(who),
            np.concatenate(choices),
            Settled(fsum(values), Sums.over(used).value),
        )

    return work


def _over(
    applications: Applications, threads: int, work: Callable[[int], Outcome]
) -> list[Outcome]:
    parts = [part for part, size in enumerate(applications.sizes) if size]
    if threads == 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def _limited(problem: Problem, at_most: FloatArray) -> Problem:
    rows = zip(problem.rows, at_most.tolist(), strict=True)
    return problem.with_rows(Row(row.name, row.usage, limit, row.where) for row, limit in rows)


def _solution(parts: list[_Scanned], left: Lagrangian, answer: Found, begun: float) -> Solution:
    choice = np.concatenate([part.choice for part in parts]).astype(np.intp)
    starts = np.cumsum([0, *(part.choice.size for part in parts)])[:-1]
    who = np.concatenate(
        [part.who + start for part, start in zip(parts, starts.tolist(), strict=True)]
    )
    choice[who] = answer.choice
    used, summed = left.account(answer.choice)
    names = [row.name for row in left.problem.rows]
    value = left.value(answer.choice)
    return Solution(
        choice=choice,
        multipliers=Multipliers(names, answer.prices),
        value=value,
        upper_bound=max(answer.bound, value),
        dual_bound=max(answer.dual_bound, value),
        violation=float(excess(used, left.at_most, summed).max(initial=0.0)),
        used=dict(zip(names, used.tolist(), strict=True)),
        finished=answer.finished,
        seconds=time.perf_counter() - begun,
    )
