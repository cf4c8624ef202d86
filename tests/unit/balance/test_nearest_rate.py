"""The nearest rate that could hold is the one that trying every choice finds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from equipoise.balance import Problem, Row, solve
from equipoise.balance.limits import Held, rate_row
from equipoise.balance.nearest_rate import nearest_rate
from equipoise.value.measures import Measures

PEOPLE, TREATMENTS = 6, 3


def _table(seed: int) -> Measures:
    rng = np.random.default_rng(seed)
    columns = {name: rng.uniform(0.5, 2.0, (PEOPLE, TREATMENTS)) for name in Measures.__slots__}
    return Measures(**columns)


def _held(floor: bool, level: float, table: Measures) -> Held:
    empty = Row("rate", np.zeros(1), 0.0)
    held = Held(empty, "expected_loss", "exposure", level, None, share=False, floor=floor)
    return Held(rate_row(held, table), *(held.measure, held.per, level, None, False, floor))


@pytest.mark.parametrize("floor", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_best_rate_of_all_choices_that_hold_the_other_rows(
    seed: int, floor: bool
) -> None:
    table = _table(seed)
    held = _held(floor, 9.0 if floor else 0.01, table)
    other = Row("profit", -table.profit, -1.2 * PEOPLE)
    problem = Problem(table.approvals, [held.row, other])
    people = np.arange(PEOPLE)
    rates = [
        table.expected_loss[people, choice].sum() / table.exposure[people, choice].sum()
        for choice in product(range(TREATMENTS), repeat=PEOPLE)
        if table.profit[people, choice].sum() >= 1.2 * PEOPLE
    ]
    result = nearest_rate(held, table, problem)
    assert result == pytest.approx(max(rates) if floor else min(rates), rel=1e-5)
    moved = _held(floor, float(result or 0.0), table)
    assert solve(problem.with_rows([moved.row, other])).violation <= 1e-9


def test_none_is_told_where_the_other_rows_cannot_hold() -> None:
    table = _table(0)
    held = _held(floor=False, level=0.01, table=table)
    problem = Problem(table.approvals, [held.row, Row("profit", -table.profit, -1e6)])
    assert nearest_rate(held, table, problem) is None
