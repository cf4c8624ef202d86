"""What parity costs, against every choice counted out."""

from itertools import product

import numpy as np
import pytest

from equipoise.balance import Multipliers, Problem, Row, Solution
from equipoise.errors import BadInput
from equipoise.review.fairness import parity_rows, price_of_parity


def _people(n, seed=2):
    rng = np.random.default_rng(seed)
    group = np.arange(n) % 2 == 0
    value = np.column_stack([np.zeros(n), rng.normal(np.where(group, -0.5, 1.0), 1.0)])
    usage = np.broadcast_to([0.0, 1.0], (n, 2))
    return value, usage, group


def test_the_price_is_the_difference_of_the_two_best_choices():
    value, usage, group = _people(10)
    withins = (0.61, 0.41, 0.21)
    rows = {w: parity_rows("parity", usage, group, w) for w in withins}
    choices = np.array(list(product([0, 1], repeat=10)))
    totals = choices @ value[:, 1]
    gaps = np.abs(choices[:, group].mean(axis=1) - choices[:, ~group].mean(axis=1))
    found = price_of_parity(Problem(value), rows)
    assert [each.within for each in found] == list(withins)
    for each in found:
        best = totals[gaps <= each.within].max()
        assert each.value == pytest.approx(best)
        assert each.given_up == pytest.approx(totals.max() - best)


def test_tighter_parity_never_costs_less_and_the_certificate_brackets_it():
    value, usage, group = _people(30_000)
    rows = {w: parity_rows("parity", usage, group, w) for w in (1.0, 0.3, 0.1, 0.02)}
    problem = Problem(value, [Row("volume", usage, 16_500.0)])
    found = price_of_parity(problem, rows)
    costs = [each.given_up for each in found]
    assert costs[0] == pytest.approx(0, abs=1e-6)
    assert costs == sorted(costs)
    assert all(x.given_up_low <= x.given_up <= x.given_up_high for x in found)
    slope = (found[3].value - found[2].value) / (found[3].within - found[2].within)
    assert found[2].multiplier <= slope <= found[3].multiplier


def test_what_a_tighter_distance_reaches_a_wider_one_can_too(monkeypatch):
    """Each is solved only up to its gap, and the tighter may by luck come out as the better."""
    certificates = iter([(100.0, 110.0), (80.0, 120.0), (90.0, 105.0)])

    def solve(problem, threads):
        value, bound = next(certificates)
        names = [row.name for row in problem.rows]
        return Solution(np.array([1, 0]), Multipliers(names, np.zeros(len(names))),
                        value, bound, bound, 0.0, {}, 0.0)  # fmt: skip

    monkeypatch.setattr("equipoise.review.fairness.parity.solve", solve)
    usage, group = np.array([[0.0, 1.0]] * 2), np.array([True, False])
    rows = {within: parity_rows("parity", usage, group, within) for within in (0.5, 0.2)}
    wide, tight = price_of_parity(Problem(np.zeros((2, 2))), rows)
    for each in (wide, tight):
        assert (each.value, each.given_up, each.given_up_high) == (90.0, 10.0, 20.0)
    assert wide.gap == pytest.approx(20 / 110)
    assert tight.gap == pytest.approx(15 / 105)
    assert wide.given_up_low == tight.given_up_low == 0.0


def test_parity_nobody_can_reach_names_what_clashes():
    value, _, group = _people(20)
    offered = np.broadcast_to(group[:, None].astype(float), (20, 2))
    found = price_of_parity(Problem(value), {0.5: parity_rows("p", offered, group, 0.5)})
    assert found[0].value is None
    assert found[0].clashing == ("p (above)",)


def test_a_group_of_everybody_is_refused():
    with pytest.raises(BadInput):
        parity_rows("p", np.ones((2, 2)), np.array([True, True]), 0.1)
