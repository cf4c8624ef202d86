"""A problem that does not fit together is refused before anything is solved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from equipoise.balance import Problem, Row, solve
from equipoise.errors import BadInput

VALUE = np.ones((4, 3))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Problem(np.ones(3)), "1 dimensions"),
        (lambda: Problem(np.ones((0, 3))), "no applicants"),
        (lambda: Problem(np.ones((3, 0))), "no treatments"),
        (lambda: Problem(np.array([[1.0, np.nan]])), r"nan at \(0, 1\)"),
        (lambda: Problem(np.array([[1.0], [np.inf]])), r"inf at \(1, 0\)"),
        (lambda: Problem(np.array([["a"]])), "not numbers"),
        (lambda: Problem(VALUE, [Row("r", np.ones(5), 1)]), r"'r': usage has shape \(5,\)"),
        (lambda: Problem(VALUE, [Row("r", np.ones((3, 4)), 1)]), "usage has shape"),
        (lambda: Problem(VALUE, [Row("r", np.array([1, 2, np.nan]), 1)]), r"nan at \(2,\)"),
        (lambda: Problem(VALUE, [Row("r", np.ones(3), np.nan)]), "at_most is nan"),
        (lambda: Problem(VALUE, [Row("r", np.ones(3), -np.inf)]), "at_most is -inf"),
        (lambda: Problem(VALUE, [Row("r", np.ones(3), 1, where=np.ones(4))]), "float64"),
        (lambda: Problem(VALUE, [Row("r", np.ones(3), 1, where=np.ones(3, bool))]), "bool"),
        (lambda: Problem(VALUE, [Row("r", np.ones(3), 1)] * 2), "two rows are called 'r'"),
        (lambda: Problem(VALUE, [], np.ones(2, bool)), r"allowed is bool \(2,\)"),
        (lambda: Problem(VALUE, [], np.zeros(3, bool)), "any applicant"),
    ],
)
def test_what_does_not_fit_is_named(make: Any, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        make()


def test_an_applicant_with_nothing_allowed_is_named() -> None:
    allowed = np.ones((4, 3), bool)
    allowed[2] = False
    with pytest.raises(BadInput, match="no treatment is allowed for applicant 2") as refused:
        Problem(VALUE, [], allowed)
    assert "decline" in refused.value.mend


def test_starting_prices_of_the_wrong_number_are_refused() -> None:
    with pytest.raises(BadInput, match="start has shape"):
        solve(Problem(VALUE, [Row("r", np.ones(3), 4.0)]), start=np.ones(3))


def test_one_dimension_means_treatments_where_both_would_fit() -> None:
    value = np.array([[0.0, 3.0], [0.0, 5.0]])
    solution = solve(Problem(value, [Row("one", np.array([0.0, 1.0]), 1)]))
    assert solution.choice.tolist() == [0, 1]


def test_usage_by_applicant_is_the_same_whatever_is_chosen() -> None:
    solution = solve(Problem(VALUE, [Row("fixed", np.arange(4.0), 6.0)]))
    assert solution.used == {"fixed": 6.0}
    assert solution.multipliers == {"fixed": 0.0}


def test_violation_is_relative_to_usage_where_the_limit_is_zero() -> None:
    usage = np.array([[1.0, -1.0]] * 10)
    solution = solve(Problem(np.array([[1.0, 0.0]] * 10), [Row("balance", usage, 0.0)]))
    assert solution.used["balance"] <= 0.0
    assert (solution.choice == 0).sum() == 5
    assert solution.violation == 0.0


def test_whole_numbers_and_half_precision_are_taken_as_they_are() -> None:
    rng = np.random.default_rng(0)
    value, usage = rng.integers(0, 9, (500, 4)), rng.integers(0, 9, (500, 4)).astype(np.float16)
    exact = solve(Problem(value.astype(float), [Row("r", usage.astype(float), 900)]))
    given = solve(Problem(value, [Row("r", usage, 900)]))
    assert given.value == pytest.approx(exact.value)
