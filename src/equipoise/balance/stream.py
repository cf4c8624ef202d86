"""Solve for more applicants than fit in memory: their values are read or computed once.

See `everybody` for how: here its passes are threads over parts, each let go when it is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.everybody import Certified, Scan, solve_everybody
from equipoise.balance.fixing import scanned
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.parts import joined, part_of
from equipoise.balance.problem import Problem, Solution
from equipoise.balance.sums import Sums
from equipoise.numeric.arrays import FloatArray

SEED = 20240301

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
class Part:
    """A part: the undecided and where they are, the best treatments, what the settled give."""

    rest: list[Problem]
    who: NDArray[np.intp]
    choice: NDArray[np.integer[Any]]
    settled: Sums


@dataclass(frozen=True, slots=True)
class _Passed(Scan):
    parts: Sequence[Part] = ()


def solve_stream(applications: Applications, threads: int = 1) -> Solution:
    """The best choice of one treatment per applicant, as `solve` gives it, read part by part.

    Values are computed twice for a sample of about 250,000 and once for everybody, unless the
    sample misled. `used`, value and bound are sums in the parts' order: threads change no bit.
    Raises BadInput where there are no applicants, GateRefused (most often `Infeasible`, of the
    sample, naming the rows) where no choice was found that holds.
    """
    begun = time.perf_counter()
    return _solution(solve_everybody(_Streamed(applications, threads), threads), begun)


def scan_part(
    problems: Iterator[Problem], prices: FloatArray, errors: FloatArray, scale: FloatArray
) -> Part:
    """One pass over the problems of a part, of which there is at least one."""
    rest: list[Problem] = []
    who, choices, sums, start = [], [], [], 0
    for problem in problems:
        lagrangian = Lagrangian(problem, scale)
        near, choice, settled = scanned(lagrangian, prices, errors)
        if near.size:
            rest.append(part_of(problem, near, lagrangian.at_most))
        who.append(near + start)
        choices.append(choice.astype(np.min_scalar_type(problem.shape[1])))
        sums.append(settled)
        start += problem.shape[0]
    return Part(rest, np.concatenate(who), np.concatenate(choices), Sums.of(sums))


class _Streamed:
    """`Everybody` in parts, passed over by threads."""

    def __init__(self, applications: Applications, threads: int) -> None:
        self.applications, self.threads = applications, threads
        self.applicants = sum(applications.sizes)

    def sample(self, size: int) -> Problem:
        chance = min(1.0, size / self.applicants)

        def drawn(part: int) -> list[Problem]:
            rng = np.random.default_rng((SEED, part))
            rows = np.flatnonzero(rng.random(self.applications.sizes[part]) < chance)
            return list(self.applications.problems(part, rows)) if rows.size else []

        return joined([problem for part in self._over(drawn) for problem in part])

    def scan(self, prices: FloatArray, errors: FloatArray, scale: FloatArray) -> _Passed:
        def work(part: int) -> Part:
            return scan_part(self.applications.problems(part), prices, errors, scale)

        parts = self._over(work)
        rest = [problem for part in parts for problem in part.rest]
        settled = Sums.of([part.settled for part in parts])
        return _Passed(joined(rest) if rest else None, settled, parts=parts)

    def _over(self, work: Callable[[int], Outcome]) -> list[Outcome]:
        parts = [part for part, size in enumerate(self.applications.sizes) if size]
        if self.threads == 1:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(work, parts))


def _solution(answer: Certified[_Passed], begun: float) -> Solution:
    parts = answer.scan.parts
    choice = np.concatenate([part.choice for part in parts]).astype(np.intp)
    starts = np.cumsum([0, *(part.choice.size for part in parts)])[:-1]
    who = np.concatenate(
        [part.who + start for part, start in zip(parts, starts.tolist(), strict=True)]
    )
    choice[who] = answer.choice
    return Solution(
        choice=choice,
        multipliers=answer.multipliers,
        value=answer.value,
        upper_bound=answer.upper_bound,
        dual_bound=answer.dual_bound,
        violation=answer.violation,
        used=answer.used,
        finished=answer.finished,
        seconds=time.perf_counter() - begun,
    )
