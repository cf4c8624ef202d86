"""Read in parts, applicants get what they would get together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from solver_problems import assert_certified, lending

from equipoise.balance import Infeasible, Problem, Row, solve
from equipoise.balance.parts import part_of
from equipoise.balance.stream import solve_stream


class Cut:
    """A problem cut in parts, each given as two problems, one of them at times empty."""

    def __init__(self, problem: Problem, parts: int) -> None:
        self.problem = problem
        self.edges = np.linspace(0, problem.shape[0], parts + 1).astype(int)
        self.at_most = np.array([row.at_most for row in problem.rows])
        self.sizes = tuple(np.diff(self.edges).tolist())

    def problems(self, part: int, rows: NDArray[np.intp] | None = None) -> Iterator[Problem]:
        who = np.arange(self.edges[part], self.edges[part + 1])
        who = who if rows is None else who[rows]
        for some in np.array_split(who, 2):
            if some.size:
                yield part_of(self.problem, some, self.at_most)


@pytest.fixture(scope="module")
def problem() -> Problem:
    plain = lending(60_000)
    allowed = np.random.default_rng(2).random(plain.shape) < 0.8
    allowed[:, 0] = True
    return Problem(plain.value, plain.rows, allowed)


def test_parts_give_a_certified_answer_as_good_as_the_whole(problem: Problem) -> None:
    streamed = solve_stream(Cut(problem, 7))
    assert_certified(problem, streamed, gap=1e-5)
    assert streamed.upper_bound == pytest.approx(solve(problem).upper_bound, rel=1e-7)


def test_threads_change_no_bit(problem: Problem) -> None:
    one, two = (solve_stream(Cut(problem, 7), threads) for threads in (1, 2))
    assert (one.choice == two.choice).all()
    assert (one.value, one.upper_bound, one.used) == (two.value, two.upper_bound, two.used)
    assert one.multipliers == two.multipliers


def test_few_applicants_can_be_streamed_too() -> None:
    few = lending(900)
    assert_certified(few, solve_stream(Cut(few, 2)), gap=1e-4)


def test_rows_that_clash_are_named() -> None:
    plain = lending(4000)
    offered = np.r_[0.0, np.ones(plain.shape[1] - 1)]
    clash = [Row("most", offered, 100.0), Row("least", -offered, -200.0), plain.rows[0]]
    with pytest.raises(Infeasible) as refused:
        solve_stream(Cut(plain.with_rows(clash), 3))
    assert set(refused.value.clashing) == {"most", "least"}


def test_limits_that_nobody_meets_leave_everybody_the_best() -> None:
    plain = lending(4000)
    loose = [Row(row.name, row.usage, 1e9, row.where) for row in plain.rows]
    free = solve_stream(Cut(plain.with_rows(loose), 3))
    assert (free.choice == plain.value.argmax(axis=1)).all()
    assert (free.gap, free.violation) == (0.0, 0.0)
