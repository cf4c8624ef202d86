"""The frontier's bounds hold at levels it was not solved at."""

from __future__ import annotations

import numpy as np
import pytest
from solver_problems import lending

from equipoise.balance import Frontier, Infeasible, Problem, Row, solve, trace_frontier
from equipoise.errors import BadInput

APPLICANTS = 4000


def _free() -> tuple[Problem, Row]:
    """The lending problem without its loss row, and that row."""
    problem = lending(APPLICANTS)
    return problem.with_rows(problem.rows[1:4]), problem.rows[0]


def _budget(loss: Row) -> object:
    return lambda level: Row("loss", loss.usage, level)


@pytest.fixture(scope="module")
def budget() -> Frontier:
    problem, loss = _free()
    return trace_frontier(problem, lambda level: Row("loss", loss.usage, level), points=12)


def _assert_points_certified(frontier: Frontier, points: int) -> None:
    assert len(frontier.points) == points
    xs = [point.x for point in frontier.points]
    assert xs == sorted(set(xs))
    for point in frontier.points:
        assert point.violation <= 1e-9
        assert point.lower <= point.upper
        assert point.gap < 5e-3
        assert point.choice.dtype == np.int8


def test_every_point_is_certified_and_the_value_rises_with_the_budget(budget: Frontier) -> None:
    _assert_points_certified(budget, 12)
    assert budget.concave
    assert budget.rising
    assert (np.diff([point.lower for point in budget.points]) >= 0).all()
    assert (np.diff([point.upper for point in budget.points]) >= 0).all()


def test_bounds_between_points_hold_at_levels_solved_afresh(budget: Frontier) -> None:
    problem, loss = _free()
    for left, right in zip(budget.points[:-1:3], budget.points[1::3], strict=False):
        level = 0.37 * left.x + 0.63 * right.x
        lower, upper = budget.between(level)
        result = solve(problem.with_rows([*problem.rows, Row("loss", loss.usage, level)]))
        assert result.value <= upper * (1 + 1e-12)
        assert result.upper_bound >= lower * (1 - 1e-12)
        assert upper - lower <= budget.width() + 1e-9


def test_more_points_narrow_the_bounds(budget: Frontier) -> None:
    problem, loss = _free()
    few = trace_frontier(problem, lambda level: Row("loss", loss.usage, level), points=4)
    assert budget.width() < 0.5 * few.width()


def test_the_range_runs_from_the_last_feasible_level_to_the_first_that_binds(
    budget: Frontier,
) -> None:
    problem, loss = _free()
    first, last = budget.points[0], budget.points[-1]
    assert last.y == pytest.approx(solve(problem).value, rel=1e-4)
    assert last.tangent == pytest.approx(0.0, abs=0.05 * first.tangent)
    reach = 0.01 * (last.x - first.x)
    with pytest.raises(Infeasible):
        solve(problem.with_rows([*problem.rows, Row("loss", loss.usage, first.x - reach)]))


def test_the_slope_of_the_frontier_is_the_price_of_the_row(budget: Frontier) -> None:
    inner = budget.points[3:-3]
    for before, point, after in zip(inner[:-2], inner[1:-1], inner[2:], strict=True):
        assert (point.y - before.y) / (point.x - before.x) >= point.tangent * 0.98
        assert (after.y - point.y) / (after.x - point.x) <= point.tangent * 1.02


def test_a_rate_axis_is_bounded_by_its_neighbours() -> None:
    problem, loss = _free()
    exposure = lending(APPLICANTS).rows[3].usage

    def rate(level: float) -> Row:
        return Row("loss rate", loss.usage - np.float32(level) * exposure, 0.0)

    frontier = trace_frontier(problem, rate, points=8)
    _assert_points_certified(frontier, 8)
    assert not frontier.concave
    for left, right in zip(frontier.points[:-1:3], frontier.points[1::3], strict=False):
        level = 0.5 * (left.x + right.x)
        lower, upper = frontier.between(level)
        assert (lower, upper) == (left.lower, right.upper)
        value = solve(problem.with_rows([*problem.rows, rate(level)])).value
        assert lower * (1 - 1e-3) <= value <= upper * (1 + 1e-12)
    for point in frontier.points:
        assert np.isclose(
            loss.usage[np.arange(APPLICANTS), point.choice].sum(dtype=float)
            / exposure[np.arange(APPLICANTS), point.choice].sum(dtype=float),
            point.x,
            rtol=0.05,
        )


def test_a_floor_axis_falls_and_ends_where_nobody_is_left_to_approve() -> None:
    problem = lending(APPLICANTS)
    rest = problem.with_rows([problem.rows[0]])
    approved = np.r_[0.0, np.ones(7)]
    frontier = trace_frontier(rest, lambda x: Row("approved", -approved, -x), points=6)
    _assert_points_certified(frontier, 6)
    assert not frontier.rising
    assert (np.diff([point.upper for point in frontier.points]) <= 0).all()
    lower, upper = frontier.between(0.5 * (frontier.points[0].x + frontier.points[1].x))
    assert lower <= upper


def test_given_ends_are_kept_and_one_that_cannot_hold_is_moved_inside() -> None:
    problem, loss = _free()
    axis = _budget(loss)
    whole = trace_frontier(problem, axis, points=2)
    low, high = whole.points[0].x, whole.points[-1].x
    kept = trace_frontier(problem, axis, points=3, low=0.5 * (low + high), high=high)
    assert kept.points[0].x == pytest.approx(0.5 * (low + high))
    moved = trace_frontier(problem, axis, points=3, low=0.01 * low, high=high)
    assert 0.9 * low <= moved.points[0].x <= 1.1 * low
    assert moved.points[-1].x == high
    open_end = trace_frontier(problem, axis, points=3, low=0.5 * (low + high))
    assert open_end.points[-1].x == pytest.approx(high, rel=1e-6)


def test_a_range_beyond_what_can_hold_is_refused_with_the_rows_that_clash() -> None:
    problem, loss = _free()
    tightest = trace_frontier(problem, _budget(loss), points=2).points[0].x
    with pytest.raises(Infeasible) as refused:
        trace_frontier(problem, _budget(loss), points=3, low=0.1 * tightest, high=0.2 * tightest)
    assert "loss" in refused.value.clashing


def test_a_level_outside_or_an_axis_that_ignores_its_level_is_refused(budget: Frontier) -> None:
    with pytest.raises(BadInput, match="outside the frontier"):
        budget.between(10 * budget.points[-1].x)
    problem, loss = _free()
    with pytest.raises(BadInput, match="does not change"):
        trace_frontier(problem, lambda _: Row("loss", loss.usage, 1.0), points=3)
    with pytest.raises(BadInput, match="2 or more"):
        trace_frontier(problem, lambda x: Row("loss", loss.usage, x), points=1)
