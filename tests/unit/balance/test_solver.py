"""The solver's answers hold every row and are as good as independent solvers say they can be."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, linprog, milp
from solver_problems import assert_certified, bound_of, lending, usage_of

from equipoise.balance import Infeasible, Problem, Row, solve


def _matrix(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, limits and the one-treatment-each matrix over (applicant, treatment) columns."""
    applicants, treatments = problem.shape
    rows = []
    for row in problem.rows:
        usage = row.usage.astype(np.float64)
        if usage.shape == (applicants,) and applicants != treatments:
            usage = usage[:, None]
        usage = np.array(np.broadcast_to(usage, problem.shape))
        if row.where is not None:
            usage[~row.where] = 0.0
        rows.append(usage.ravel())
    limits = np.array([row.at_most for row in problem.rows])
    return np.array(rows), limits, np.kron(np.eye(applicants), np.ones(treatments))


def _best_by_highs(problem: Problem) -> float | None:
    """The optimum of the whole-number problem, or None where HiGHS proves there is none."""
    usage, limits, each = _matrix(problem)
    allowed = np.ones(problem.shape) if problem.allowed is None else problem.allowed
    upper = np.array(np.broadcast_to(allowed, problem.shape), dtype=float).ravel()
    constraints = [LinearConstraint(each, 1, 1)]
    if len(limits):
        constraints.append(LinearConstraint(usage, -np.inf, limits))
    answer = milp(
        -problem.value.astype(np.float64).ravel(),
        constraints=constraints,
        integrality=np.ones(upper.size),
        bounds=(0, upper),
        options={"mip_rel_gap": 0.0},
    )
    return None if answer.x is None else -float(answer.fun)


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    """Up to 12 applicants and 4 treatments; small whole numbers, so ties and exact fits abound."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    applicants, treatments = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    rows = []
    for m in range(draw(st.integers(0, 5))):
        shape = draw(st.sampled_from(["all", "all", "treatment", "applicant"]))
        size = {
            "all": (applicants, treatments),
            "treatment": (treatments,),
            "applicant": (applicants,),
        }[shape]
        usage = rng.integers(-2, 5, size).astype(draw(st.sampled_from([np.float32, np.float64])))
        where = rng.random(applicants) < 0.6 if draw(st.booleans()) else None
        rows.append(Row(f"row {m}", usage, float(rng.integers(-3, 2 * applicants)), where))
    value = rng.integers(-3, 9, (applicants, treatments)).astype(np.float64)
    if draw(st.booleans()):
        value = (value + rng.random(value.shape)).astype(np.float32)
    allowed = None
    if draw(st.booleans()):
        allowed = rng.random(value.shape) < 0.7
        allowed[np.arange(applicants), rng.integers(0, treatments, applicants)] = True
    return Problem(value, rows, allowed)


@settings(max_examples=80)
@given(small_problems())
def test_small_problems_get_the_optimum_that_highs_finds(problem: Problem) -> None:
    best = _best_by_highs(problem)
    if best is None:
        with pytest.raises(Infeasible):
            solve(problem)
        return
    solution = solve(problem)
    assert_certified(problem, solution, gap=2e-6)
    assert solution.value == pytest.approx(best, abs=1e-4)


def test_bound_lies_above_the_linear_optimum_and_close_to_it() -> None:
    problem = lending(150)
    usage, limits, each = _matrix(problem)
    relaxed = linprog(
        -problem.value.astype(np.float64).ravel(),
        A_ub=usage,
        b_ub=limits,
        A_eq=each,
        b_eq=np.ones(150),
        bounds=(0, 1),
    )
    solution = solve(problem)
    assert -relaxed.fun - 1e-7 <= solution.dual_bound <= -relaxed.fun * 1.002
    assert_certified(problem, solution, gap=2e-3)


@pytest.mark.parametrize("applicants", [2500, 20_000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lending_problems_are_feasible_with_a_small_gap(applicants: int, dtype: type) -> None:
    problem = lending(applicants, dtype=dtype)
    assert_certified(problem, solve(problem), gap=2e-4 if applicants < 10_000 else 2e-5)


def test_bound_agrees_with_coordinate_bisection() -> None:
    """Bisect each price in turn until its row's slope changes sign; a second dual solver."""
    problem = lending(4000)
    prices = np.zeros(len(problem.rows))
    for _ in range(8):
        for m in range(len(prices)):
            low, high = 0.0, 8.0
            for _ in range(30):
                prices[m] = 0.5 * (low + high)
                low, high = (prices[m], high) if _over(problem, prices, m) else (low, prices[m])
            prices[m] = 0.0 if high < 1e-7 else prices[m]
    by_bisection = bound_of(problem, prices)
    ours = solve(problem).dual_bound
    assert ours <= by_bisection * (1 + 1e-6)
    assert ours == pytest.approx(by_bisection, rel=2e-3)


def _over(problem: Problem, prices: np.ndarray, row: int) -> bool:
    net = problem.value.astype(np.float64)
    for other, price in zip(problem.rows, prices, strict=True):
        charged = price * np.broadcast_to(other.usage.astype(np.float64), net.shape)
        net = net - (charged if other.where is None else charged * other.where[:, None])
    this = problem.rows[row]
    return usage_of(problem, this, net.argmax(axis=1)) > this.at_most


def test_everybody_gets_their_best_where_no_row_binds() -> None:
    problem = lending(3000)
    loose = problem.with_rows(
        [Row("loss", problem.rows[0].usage, 1e9), Row("hours", problem.rows[1].usage, np.inf)]
    )
    solution = solve(loose)
    assert (solution.choice == problem.value.argmax(axis=1)).all()
    assert solution.gap == 0.0
    assert set(solution.multipliers.values()) == {0.0}


def test_without_rows_the_best_allowed_treatment_is_chosen() -> None:
    rng = np.random.default_rng(0)
    value, allowed = rng.random((50, 5)), rng.random((50, 5)) < 0.5
    allowed[:, 0] = True
    solution = solve(Problem(value, [], allowed))
    assert (solution.choice == np.where(allowed, value, -1).argmax(axis=1)).all()


def test_a_row_only_counts_the_applicants_in_its_mask() -> None:
    rng = np.random.default_rng(1)
    value = rng.random((3000, 4))
    where = rng.random(3000) < 0.02
    yes = np.array([0.0, 1.0, 1.0, 1.0])
    solution = solve(Problem(value, [Row("few", yes, 10, where=where)]))
    assert (solution.choice[where] > 0).sum() == 10
    assert (solution.choice[~where] == value[~where].argmax(axis=1)).all()


@pytest.mark.parametrize("share", [0.25, 1 / 3, 0.5])
def test_identical_applicants_are_divided_up_to_the_limit(share: float) -> None:
    value = np.tile([0.0, 1.0], (5000, 1))
    solution = solve(Problem(value, [Row("cap", np.array([0.0, 1.0]), share * 5000)]))
    assert solution.value == pytest.approx(np.floor(share * 5000), abs=1)
    assert solution.violation == 0.0


def test_equal_values_everywhere_still_hold_the_rows() -> None:
    usage = np.random.default_rng(2).gamma(2.0, 1.0, (5000, 6))
    usage[:, 0] = 0.0
    approved = np.r_[0.0, np.ones(5)]
    rows = [Row("usage", usage, 2000.0), Row("approvals", -approved, -2500)]
    solution = solve(Problem(np.ones((5000, 6)), rows))
    assert solution.violation == 0.0
    assert solution.value == 5000


def test_rows_of_very_different_scale_solve_as_well_as_scaled_ones() -> None:
    plain = lending(5000, dtype=np.float64)
    factors = [1e-7, 1e5, 1.0, 1e9, 1e-3, 1e-3]
    scaled = Problem(
        plain.value * 1e6,
        [
            Row(row.name, row.usage * factor, row.at_most * factor, row.where)
            for row, factor in zip(plain.rows, factors, strict=True)
        ],
    )
    a, b = solve(plain), solve(scaled)
    assert b.upper_bound == pytest.approx(1e6 * a.upper_bound, rel=1e-6)
    assert_certified(scaled, b, gap=2e-4)


def test_duplicate_and_empty_rows_change_nothing() -> None:
    problem = lending(5000)
    loss = problem.rows[0]
    more = [
        *problem.rows,
        Row("loss again", loss.usage, loss.at_most),
        Row("loss doubled", 2 * loss.usage, 2 * loss.at_most),
        Row("nothing", np.zeros(8), 0.0),
        Row("constant", np.ones(5000), 5000.0),
    ]
    a, b = solve(problem), solve(problem.with_rows(more))
    assert b.upper_bound == pytest.approx(a.upper_bound, rel=1e-6)
    assert_certified(problem.with_rows(more), b, gap=2e-4)


def test_an_equality_is_two_rows() -> None:
    problem = lending(5000)
    approved = np.r_[0.0, np.ones(7)]
    rows = [Row("at most", approved, 3000), Row("at least", -approved, -3000), *problem.rows[:1]]
    solution = solve(problem.with_rows(rows))
    assert (solution.choice > 0).sum() == 3000


def test_a_limit_at_the_very_least_that_is_possible_is_met() -> None:
    rng = np.random.default_rng(4)
    value, usage = rng.gamma(2, 1, (3000, 5)), rng.gamma(2, 1, (3000, 5))
    problem = Problem(value, [Row("usage", usage, float(usage.min(axis=1).sum()))])
    solution = solve(problem)
    assert (solution.choice == usage.argmin(axis=1)).all()
    assert solution.violation <= 1e-9


def test_a_few_very_large_applicants_do_not_cost_the_rest_their_limit() -> None:
    rng = np.random.default_rng(1)
    size = rng.pareto(1.3, (20_000, 1))
    value, usage = (rng.gamma(2, 1, (20_000, 8)) * size for _ in range(2))
    value[:, 0] = usage[:, 0] = 0.0
    approved = np.r_[0.0, np.ones(7)]
    rows = [Row("usage", usage, 0.2 * usage.mean() * 20_000), Row("approved", approved, 8000)]
    problem = Problem(value, rows)
    assert_certified(problem, solve(problem), gap=2e-3)


def test_many_rows_hold_together() -> None:
    rng = np.random.default_rng(5)
    value, usage = rng.gamma(2, 1, (6000, 5)), rng.gamma(2, 1, (6000, 5))
    usage[:, 0] = 0.0
    regions = rng.integers(0, 50, 6000)
    rows = [Row(f"region {r}", usage, 100.0 + r, where=regions == r) for r in range(50)]
    problem = Problem(value, rows)
    assert_certified(problem, solve(problem), gap=3e-3)


def test_the_answer_does_not_depend_on_threads_or_storage_order() -> None:
    problem = lending(9000)
    other = Problem(
        np.asfortranarray(problem.value),
        [Row(r.name, np.asfortranarray(r.usage), r.at_most, r.where) for r in problem.rows],
    )
    first = solve(problem)
    for again in (solve(problem), solve(problem, threads=2), solve(other)):
        assert (again.choice == first.choice).all()
        assert again.upper_bound == first.upper_bound


@pytest.mark.parametrize("kind", ["by name", "in order", "far off"])
def test_starting_prices_change_the_road_and_not_the_answer(kind: str) -> None:
    problem = lending(5000)
    cold = solve(problem)
    start = {
        "by name": dict(cold.multipliers),
        "in order": cold.multipliers.array,
        "far off": 100 * np.ones(len(problem.rows)),
    }[kind]
    warm = solve(problem, start=start)
    assert warm.upper_bound == pytest.approx(cold.upper_bound, rel=1e-5)
    assert_certified(problem, warm, gap=3e-4)


def test_prices_can_be_read_by_name_as_an_array_and_as_json() -> None:
    problem = lending(3000)
    prices = solve(problem).multipliers
    assert list(prices) == [row.name for row in problem.rows]
    assert np.asarray(prices).tolist() == list(prices.values())
    assert json.loads(json.dumps(prices)) == prices


def test_a_price_is_what_one_more_unit_is_worth() -> None:
    problem = lending(20_000)
    loss = problem.rows[0]
    step = 0.01 * loss.at_most
    up = [Row("loss", loss.usage, loss.at_most + step), *problem.rows[1:]]
    down = [Row("loss", loss.usage, loss.at_most - step), *problem.rows[1:]]
    gained = solve(problem.with_rows(up)).value - solve(problem.with_rows(down)).value
    assert gained / (2 * step) == pytest.approx(solve(problem).multipliers["loss"], rel=0.05)


def test_exhaustive_search_agrees_on_a_problem_by_hand() -> None:
    value = np.array([[0.0, 5, 9], [0, 4, 6], [0, 3, 8]])
    cost = np.array([[0.0, 2, 4], [0, 2, 3], [0, 1, 4]])
    best = max(
        value[np.arange(3), list(pick)].sum()
        for pick in itertools.product(range(3), repeat=3)
        if cost[np.arange(3), list(pick)].sum() <= 7
    )
    solution = solve(Problem(value, [Row("cost", cost, 7)]))
    assert solution.value == best
    assert solution.gap == 0.0


def test_the_face_gives_the_function_whatever_was_imported_before() -> None:
    """A module of a face's name would hide it once anything imports the module."""
    code = (
        "from equipoise.balance import trace_frontier, find_balance, solve; assert callable(solve)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
