"""The solver's passes over one process and over many partitions: one suite, one answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import fsum

import numpy as np
import pytest
from numpy.typing import NDArray
from solver_problems import assert_certified, lending

from equipoise.balance import Problem, Row, Solution, solve
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.parts import joined, part_of
from equipoise.balance.passes import Candidates, LocalPasses, Passes, chances
from equipoise.balance.sums import Sums

FEW_SCORES = 2048  # of a block, so that small problems have many blocks
PARTITIONS = (1, 2, 7)
Made = Callable[..., Passes]


class Partitioned:
    """Applicants in k partitions of whole blocks, each of which knows only its own."""

    def __init__(
        self, problem: Problem, scale: np.ndarray, weight: np.ndarray, threads: int, *, k: int
    ) -> None:
        applicants, treatments = problem.shape
        block = max(64, FEW_SCORES // treatments)
        blocks = np.array_split(np.arange(-(-applicants // block)), k)
        ends = [min((int(part[-1]) + 1) * block, applicants) for part in blocks if part.size]
        self.starts = [0, *ends[:-1]]
        self.ends, self.applicants = ends, applicants
        limits = np.array([row.at_most for row in problem.rows])
        self.parts = [
            LocalPasses(
                part_of(problem, np.arange(start, end), limits),
                scale, weight[start:end], threads, FEW_SCORES,
            )
            for start, end in zip(self.starts, ends, strict=True)
        ]  # fmt: skip

    def _cut(self, choice: np.ndarray) -> list[np.ndarray]:
        return [choice[start:end] for start, end in zip(self.starts, self.ends, strict=True)]

    def slope(self, prices: np.ndarray, tau: float) -> Sums:
        return total(part.slope(prices, tau) for part in self.parts)

    def best(self, prices: np.ndarray) -> tuple[np.ndarray, Sums]:
        answers = [part.best(prices) for part in self.parts]
        return np.concatenate([each[0] for each in answers]), total(each[1] for each in answers)

    def used(self, choice: np.ndarray) -> Sums:
        pairs = zip(self.parts, self._cut(choice), strict=True)
        return total(part.used(own) for part, own in pairs)

    def worth(self, choice: np.ndarray) -> Sums:
        pairs = zip(self.parts, self._cut(choice), strict=True)
        return total(part.worth(own) for part, own in pairs)

    def candidates(self, prices: np.ndarray, tau: float, window: float) -> Candidates:
        near = [part.candidates(prices, tau, window) for part in self.parts]
        return Candidates(
            np.concatenate([n.applicant + s for n, s in zip(near, self.starts, strict=True)]),
            np.concatenate([each.treatment for each in near]),
            np.concatenate([each.share for each in near]),
        )

    def undecided(
        self, prices: np.ndarray, errors: np.ndarray
    ) -> tuple[NDArray[np.intp], np.ndarray, Sums]:
        answers = [part.undecided(prices, errors) for part in self.parts]
        return (
            np.concatenate([a[0] + s for a, s in zip(answers, self.starts, strict=True)]),
            np.concatenate([each[1] for each in answers]),
            total(each[2] for each in answers),
        )

    def sample(self, size: int, rng: np.random.Generator) -> tuple[Problem, np.ndarray]:
        members = np.sum([part.members() for part in self.parts], axis=0).tolist()
        drawn = [part.drawn(*chances(size, self.applicants, members), rng) for part in self.parts]
        return joined([each[0] for each in drawn]), np.concatenate([each[1] for each in drawn])


def total(sums: object) -> Sums:
    first, *rest = list(sums)  # type: ignore[call-overload]
    for each in rest:
        first = first + each
    return first  # type: ignore[no-any-return]


def local(problem: Problem, scale: np.ndarray, weight: np.ndarray, threads: int) -> Passes:
    return LocalPasses(problem, scale, weight, threads, FEW_SCORES)


MAKERS: tuple[Made, ...] = (local, *(partial(Partitioned, k=k) for k in PARTITIONS))
NAMES = ("local", *(f"{k} partitions" for k in PARTITIONS))


def masked(applicants: int) -> Problem:
    """A menu each, a narrow row, and a row that no choice moves."""
    plain = lending(applicants)
    rng = np.random.default_rng(5)
    allowed = rng.random(plain.shape) < 0.7
    allowed[:, 0] = True
    offered = np.r_[0.0, np.ones(plain.shape[1] - 1)]
    few = rng.random(applicants) < 0.01
    rows = [
        *plain.rows,
        Row("few", offered, 0.3 * few.sum(), where=few),
        Row("everybody's", rng.random(applicants), float(applicants)),
    ]
    return Problem(plain.value, rows, allowed)


@pytest.mark.parametrize("over", MAKERS, ids=NAMES)
@pytest.mark.parametrize("problem", [lending(6_000), masked(6_000)], ids=["plain", "masked"])
def test_passes_sum_what_the_whole_table_sums_to(over: Made, problem: Problem) -> None:
    lagrangian = Lagrangian(problem, over=over)
    prices = np.linspace(0.1, 0.3, len(problem.rows)) / lagrangian.scale
    tables = [row.table(problem.shape).astype(np.float64) for row in problem.rows]
    # what nobody's choice moves is priced with the limits, not with the scores
    moved = [np.zeros(problem.shape) if r.usage.ndim == 1 and r.usage.size == problem.shape[0]
             else t for r, t in zip(problem.rows, tables, strict=True)]  # fmt: skip
    scores = problem.value - sum(p * t for p, t in zip(prices, moved, strict=True))
    if problem.allowed is not None:
        scores = np.where(problem.allowed, scores, -np.inf)
    choice, bound = lagrangian.best(prices)
    everybody = np.arange(problem.shape[0])
    assert (scores[everybody, choice] >= scores.max(axis=1) - 1e-9).all()
    assert bound == pytest.approx(fsum(scores.max(axis=1)) + prices @ lagrangian.limit, rel=1e-12)
    assert lagrangian.value(choice) == pytest.approx(
        fsum(problem.value[everybody, choice].astype(np.float64)), rel=1e-14
    )
    expected = [fsum(table[everybody, choice]) for table in tables]
    assert lagrangian.used(choice) == pytest.approx(expected, rel=1e-12)
    slope = lagrangian.slope(prices, 1e-6)
    assert slope.bound == pytest.approx(bound, rel=1e-12)
    assert slope.smooth >= slope.bound


def as_told(solution: Solution) -> tuple[object, ...]:
    """An answer with its certificate, to the bit."""
    return (
        solution.choice.tolist(),
        dict(solution.multipliers),
        solution.value,
        solution.upper_bound,
        solution.dual_bound,
        solution.violation,
        solution.used,
        solution.finished,
    )


@pytest.mark.parametrize(
    "problem",
    [lending(1_500), masked(6_000), lending(60_000)],
    ids=["searched", "masked", "with most fixed"],
)
def test_the_answer_and_its_certificate_do_not_depend_on_the_partitions(problem: Problem) -> None:
    answers = [solve(problem, over=over) for over in MAKERS]
    assert_certified(problem, answers[0], gap=1e-3)
    for name, other in zip(NAMES, answers, strict=True):
        assert as_told(other) == as_told(answers[0]), name


def test_sums_lose_nothing_to_rounding() -> None:
    rng = np.random.default_rng(2)
    terms = rng.normal(size=1001) * 10.0 ** rng.integers(-4, 4, 1001)
    terms = np.concatenate([terms, -terms[:1000], [1e-3]])  # all but two cancel
    exactly = fsum(terms)
    for order in (terms, rng.permutation(terms), np.sort(terms)):
        assert Sums.over([np.array([term]) for term in order]).value[0] == exactly
    halves = [Sums.over([np.array([t]) for t in half]) for half in np.array_split(terms, 2)]
    assert (halves[1] + halves[0]).value[0] == exactly
