"""Rows that cannot hold are named, as few as clash, each with the nearest limit that could."""

from __future__ import annotations

import numpy as np
import pytest
from solver_problems import lending

from equipoise.balance import Infeasible, Problem, Row, solve

APPROVED = np.r_[0.0, np.ones(4)]


def _usage(applicants: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    value, usage = rng.gamma(2, 1, (applicants, 5)), rng.gamma(2, 1, (applicants, 5))
    value[:, 0] = usage[:, 0] = 0.0
    return value, usage


@pytest.mark.parametrize("applicants", [300, 5000])
def test_the_two_rows_that_clash_are_named_and_no_others(applicants: int) -> None:
    value, usage = _usage(applicants)
    rows = [
        Row("approvals", -APPROVED, -0.8 * applicants),
        Row("usage", usage, 0.1 * applicants),
        Row("other", usage[:, ::-1].copy(), 5.0 * applicants),
        Row("value", value, 9.0 * applicants),
    ]
    with pytest.raises(Infeasible, match="approvals") as refused:
        solve(Problem(value, rows))
    assert set(refused.value.clashing) == {"approvals", "usage"}
    assert refused.value.exit_code == 1
    assert set(refused.value.as_dict()["clashing"]) == {"approvals", "usage"}


@pytest.mark.parametrize("applicants", [300, 5000])
def test_moving_any_one_row_to_its_nearest_limit_mends_the_clash(applicants: int) -> None:
    value, usage = _usage(applicants)
    rows = [
        Row("approvals", -APPROVED, -0.8 * applicants),
        Row("usage", usage, 0.1 * applicants),
        Row("other", value, 2.0 * applicants),
    ]
    with pytest.raises(Infeasible) as refused:
        solve(Problem(value, rows))
    for name, limit in refused.value.nearest.items():
        moved = [Row(r.name, r.usage, limit if r.name == name else r.at_most) for r in rows]
        assert solve(Problem(value, moved)).violation <= 1e-9
    cheapest = np.sort(usage[:, 1:].min(axis=1))[: int(0.8 * applicants)].sum()
    assert refused.value.nearest["usage"] == pytest.approx(cheapest, rel=1e-3)


def test_a_row_that_cannot_hold_by_itself_is_named_alone() -> None:
    problem = lending(3000)
    rows = [*problem.rows, Row("too much", -np.r_[0.0, np.ones(7)], -3001)]
    with pytest.raises(Infeasible) as refused:
        solve(problem.with_rows(rows))
    assert refused.value.clashing == ("too much",)
    assert refused.value.nearest["too much"] <= -2999


def test_a_constant_row_over_its_limit_is_named_with_what_it_uses() -> None:
    value, usage = _usage(3000)
    rows = [Row("usage", usage, 2000.0), Row("fixed", np.full(3000, 2.0), 5999.0)]
    with pytest.raises(Infeasible) as refused:
        solve(Problem(value, rows))
    assert refused.value.clashing == ("fixed",)
    assert refused.value.nearest == {"fixed": 6000.0}


def test_three_rows_of_which_any_two_could_hold_are_all_named() -> None:
    value = np.ones((3000, 3))
    at_least = [Row(f"least {k}", -np.eye(3)[k], -1200) for k in range(3)]
    with pytest.raises(Infeasible) as refused:
        solve(Problem(value, at_least))
    assert set(refused.value.clashing) == {"least 0", "least 1", "least 2"}
    for limit in refused.value.nearest.values():
        assert limit == pytest.approx(-600, abs=2)


def test_rows_that_only_shares_could_hold_are_refused_for_few_applicants() -> None:
    one = np.array([[0.0, 1.0]] * 3)
    rows = [Row("at most", one, 1.5), Row("at least", -one, -1.5)]
    with pytest.raises(Infeasible) as refused:
        solve(Problem(one, rows))
    assert refused.value.clashing
