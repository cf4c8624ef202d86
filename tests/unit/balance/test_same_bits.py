"""The same input gets the same answer to the bit, whatever else the machine does."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from solver_problems import lending

from equipoise.balance import Frontier, Problem, Row, Solution, solve, trace_frontier
from equipoise.balance.branching import Effort

CLOCKS = ("time", "perf_counter", "monotonic", "process_time", "thread_time")


def _bits(solution: Solution) -> tuple[bytes, ...]:
    figures = [solution.value, solution.upper_bound, solution.dual_bound, solution.violation]
    return (
        solution.choice.tobytes(),
        solution.multipliers.array.tobytes(),
        np.array([*figures, *solution.used.values()]).tobytes(),
    )


def _frontier() -> Frontier:
    whole = lending(60)
    loss = whole.rows[0]
    return trace_frontier(
        whole.with_rows(whole.rows[1:3]), lambda level: Row("loss", loss.usage, level), points=3
    )


def _points(frontier: Frontier) -> list[tuple[bytes, ...]]:
    return [
        (point.choice.tobytes(), np.array([point.x, point.lower, point.upper]).tobytes())
        for point in frontier.points
    ]


@contextmanager
def _busy(processes: int) -> Iterator[None]:
    working = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for each in working:
            each.kill()
            each.wait()


@pytest.fixture
def mad_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at a clock finds an hour gone by, or an hour won back."""
    looks = iter(range(10**9))
    for name in CLOCKS:
        monkeypatch.setattr(time, name, lambda: 3600.0 * (next(looks) % 7) * (-1) ** next(looks))


@pytest.mark.parametrize("applicants", [60, 3000])
def test_no_clock_changes_an_answer(applicants: int, request: pytest.FixtureRequest) -> None:
    problem = lending(applicants)
    before = _bits(solve(problem))
    request.getfixturevalue("mad_clock")
    assert _bits(solve(problem)) == before


def test_no_clock_changes_a_frontier(request: pytest.FixtureRequest) -> None:
    before = _points(_frontier())
    request.getfixturevalue("mad_clock")
    assert _points(_frontier()) == before


@pytest.mark.parametrize("applicants", [60, 60_000])
def test_neither_busy_neighbours_nor_threads_change_a_bit(applicants: int) -> None:
    problem = lending(applicants)
    alone = _bits(solve(problem))
    with _busy(2):
        for threads in (1, 2):
            assert _bits(solve(problem, threads=threads)) == alone


def test_a_search_cut_short_says_so_and_its_certificate_still_holds() -> None:
    problem = _one_in_five(60)
    cut, whole = solve(problem, effort=Effort(nodes=1)), solve(problem)
    assert not cut.finished
    assert whole.finished
    assert cut.value <= whole.value <= whole.upper_bound <= cut.upper_bound


def test_counts_that_must_be_whole_are_split_on() -> None:
    """At most one in five may be seen by a person; shares of the last one are what bounds miss."""
    solution = solve(_one_in_five(60))
    assert solution.finished
    assert solution.gap <= 1e-6
    assert (solution.dual_bound - solution.value) / solution.value > 1e-4


def _one_in_five(applicants: int) -> Problem:
    rng = np.random.default_rng(3)
    fast, seen = rng.gamma(2, 1, applicants), rng.gamma(2, 1, applicants)
    value = np.column_stack([np.zeros(applicants), fast, fast + seen])
    cost = np.column_stack([np.zeros(applicants), rng.gamma(2, 1, (applicants, 2))])
    rows = [
        Row("one in five", np.array([0.0, -0.2, 0.8]), 0.0),
        Row("cost", cost, 0.3 * cost[:, 1].sum()),
    ]
    return Problem(value, rows)
