"""Applicants are settled early only where no price that could still come would change them."""

from __future__ import annotations

import numpy as np
import pytest
from solver_problems import assert_certified, bound_of, lending

from equipoise.balance import Problem, Row, solve
from equipoise.balance.fixing import undecided_rest
from equipoise.balance.lagrangian import Lagrangian

APPLICANTS = 60_000


def _masked() -> Problem:
    """Rows over some applicants, over treatments and over nobody's choice, and a menu each."""
    plain = lending(APPLICANTS)
    rng = np.random.default_rng(5)
    allowed = rng.random(plain.shape) < 0.7
    allowed[:, 0] = True
    few = rng.random(APPLICANTS) < 0.01
    offered = np.r_[0.0, np.ones(plain.shape[1] - 1)]
    rows = [
        *plain.rows,
        Row("few", offered, 100.0, where=few),
        Row("everybody's", rng.random(APPLICANTS), float(APPLICANTS)),
    ]
    return Problem(plain.value, rows, allowed)


@pytest.mark.parametrize("problem", [lending(APPLICANTS), _masked()], ids=["plain", "masked"])
def test_the_settled_few_bound_everybody(problem: Problem) -> None:
    lagrangian = Lagrangian(problem)
    rest = undecided_rest(lagrangian)
    assert rest is not None
    assert 0 < rest.who.size < APPLICANTS / 2
    prices = rest.dual.prices
    choice, bound = lagrangian.best(prices)
    assert rest.dual.slope.bound == pytest.approx(bound, rel=1e-13)
    assert bound == pytest.approx(bound_of(problem, prices), rel=1e-12)
    settled = np.ones(APPLICANTS, dtype=bool)
    settled[rest.who] = False
    assert (choice[settled] == rest.choice[settled]).all()


@pytest.mark.parametrize("problem", [lending(APPLICANTS), _masked()], ids=["plain", "masked"])
def test_the_answer_is_as_good_as_when_nobody_is_settled(problem: Problem) -> None:
    assert_certified(problem, solve(problem), gap=1e-5)


def test_many_who_want_what_all_can_have_get_it() -> None:
    plain = lending(APPLICANTS)
    loose = plain.with_rows([Row("loss", plain.rows[0].usage, 1e9)])
    solution = solve(loose)
    assert (solution.choice == plain.value.argmax(axis=1)).all()
    assert solution.gap == 0.0
