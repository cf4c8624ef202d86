"""Roll rates and migration: worked figures, recovered truths, and intervals that cover them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm, logm

from equipoise.portfolio import (
    aalen_johansen,
    balances_by_bucket,
    cohort,
    count_moves,
    duration,
    net_rolls,
    spells,
)

BALANCES = np.array([(1000.0, 50, 20, 8), (1000, 52, 21, 10), (1000, 55, 23, 11)])
TRUTH = np.array([[0.9, 0.08, 0.02], [0.3, 0.5, 0.2], [0.0, 0.0, 1.0]])


def _walks(chance, loans, months, seed):
    rng = np.random.default_rng(seed)
    state = np.zeros(loans, dtype=np.int64)
    seen = [state]
    limits = np.cumsum(chance, axis=1)
    for _ in range(months):
        state = (rng.random(loans)[:, None] > limits[state]).sum(axis=1)
        seen.append(state)
    panel = np.stack(seen, axis=1)
    loan = np.repeat(np.arange(loans), months + 1)
    month = np.tile(np.arange(24_000, 24_000 + months + 1), loans)
    return loan, month, panel.ravel()


def test_the_worked_roll_rates():
    rolls = net_rolls(BALANCES)
    assert rolls.rates[0] == pytest.approx([0.052, 0.42, 0.50], abs=5e-5)
    assert rolls.rates[1] == pytest.approx([0.055, 0.4423, 0.5238], abs=5e-5)
    assert rolls.mean == pytest.approx([0.0535, 0.4312, 0.5119], abs=5e-5)
    assert rolls.to_the_end == pytest.approx(0.011808, abs=5e-7)


def test_an_empty_bucket_rolls_nothing_and_spoils_no_mean():
    balances = BALANCES.copy()
    balances[0, 1] = 0.0
    rolls = net_rolls(balances)
    assert np.isnan(rolls.rates[0, 1])
    assert rolls.mean[1] == pytest.approx(23 / 52)


def test_balances_are_summed_by_month_and_bucket_to_the_unit():
    large = 2**60 + 1  # more than a float holds exactly, and alone in its bucket it still adds up
    table = balances_by_bucket(
        np.array([0, 0, 1, 1]), np.array([0, 1, 1, -1]), np.array([5, large, 7, 9]), 2, 2
    )
    assert table.tolist() == [[5.0, float(large)], [0.0, 7.0]]


def test_two_periods_are_the_matrix_twice():
    chance = np.array([[6, 2, 2], [2, 6, 2], [0, 0, 10]])
    twice = cohort(chance).after(2)
    assert twice == pytest.approx(np.array([[0.40, 0.24, 0.36], [0.24, 0.40, 0.36], [0, 0, 1]]))


def test_a_cohort_recovers_the_truth_within_its_intervals():
    loan, month, state = _walks(TRUTH, 4000, 12, seed=5)
    found = cohort(count_moves(loan, month, state, 3))
    inside = (found.low <= TRUTH) & (found.high >= TRUTH)
    assert inside.sum() >= 8  # of nine cells, at 95 %
    assert found.chance == pytest.approx(TRUTH, abs=0.02)
    assert found.chance.sum(axis=1) == pytest.approx(np.ones(3))


def test_a_gap_is_no_move_and_another_loan_none_either():
    loan = np.array([0, 0, 0, 1, 1])
    month = np.array([10, 11, 13, 14, 15])
    state = np.array([0, 1, 0, 1, -1])
    counts = count_moves(loan, month, state, 2)
    assert counts.sum() == 1
    assert counts[1].tolist() == [[0, 1], [0, 0]]


def test_a_state_nobody_was_seen_in_is_not_told():
    found = cohort(np.array([[5, 5, 0], [1, 9, 0], [0, 0, 0]]))
    assert found.chance[2].tolist() == [0.0, 0.0, 1.0]
    assert (found.low[2].min(), found.high[2].max()) == (0.0, 1.0)


def test_a_generator_recovers_exact_spells():
    """Exponential spells with known rates: the estimate's intervals hold the truth."""
    rate = np.array([[-0.10, 0.09, 0.01], [0.30, -0.50, 0.20], [0.0, 0.0, 0.0]])
    rng = np.random.default_rng(11)
    state = rng.integers(0, 2, 20_000)
    spent = rng.exponential(1 / -rate[state, state])
    share = rate / np.where(rate.diagonal() < 0, -rate.diagonal(), 1)[:, None]
    first = np.where(rng.random(state.size) < share[state, 1 - state], 1 - state, 2)
    seen = spent < 8.0  # watched for eight months
    found = duration(state, np.where(seen, first, -1), np.minimum(spent, 8.0), 3)
    off = ~np.eye(3, dtype=bool)
    inside = (found.low <= rate) & (rate <= found.high)
    assert inside[off].sum() >= 5
    assert found.rate.sum(axis=1) == pytest.approx(np.zeros(3), abs=1e-12)
    assert found.after(12) == pytest.approx(expm(12 * rate), abs=0.02)
    assert found.after(12).sum(axis=1) == pytest.approx(np.ones(3))


def test_a_generator_gives_a_chance_to_what_a_cohort_never_saw():
    """A to B and B to C are seen, A to C never: within a year it is possible all the same."""
    loan = np.array([0, 0, 1, 1, 2, 2])
    month = np.array([1, 2, 1, 2, 1, 2])
    state = np.array([0, 1, 1, 2, 0, 0])
    counts = count_moves(loan, month, state, 3)
    assert cohort(counts).chance[0, 2] == 0.0
    assert duration(*spells(loan, month, state), 3).after(1)[0, 2] > 0.05


def test_a_generator_of_many_small_steps_agrees_with_the_matrix_it_came_from():
    truth = np.array([[0.999, 0.001, 0.0], [0.002, 0.996, 0.002], [0.0, 0.0, 1.0]])
    loan, month, state = _walks(truth, 3000, 120, seed=3)
    generator = duration(*spells(loan, month, state), 3)
    exact = np.real(logm(truth))
    moved = [(0, 1), (1, 0), (1, 2)]
    assert all(generator.low[at] <= exact[at] <= generator.high[at] for at in moved)
    assert generator.rate[0, 1] == pytest.approx(exact[0, 1], rel=0.15)


def test_with_one_way_to_go_it_is_kaplan_and_meier_with_greenwood_s_variance():
    at_risk, events = np.array([100, 90, 70, 40]), np.array([5, 10, 7, 0])
    counts = np.zeros((4, 2, 2), dtype=np.int64)
    counts[:, 0, 0], counts[:, 0, 1] = at_risk - events, events
    paths = aalen_johansen(counts, start=0)
    survival = np.cumprod(1 - events / at_risk)
    assert paths.chance[:, 0] == pytest.approx(survival)
    greenwood = survival * np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
    logit = np.log(survival / (1 - survival))
    half = 1.959964 * greenwood / (survival * (1 - survival))
    assert paths.low[:, 0] == pytest.approx(1 / (1 + np.exp(half - logit)))
    assert paths.high[:, 0] == pytest.approx(1 / (1 + np.exp(-half - logit)))


def test_months_that_differ_are_multiplied_each_with_its_own_chances():
    counts = np.array([[[6, 2, 2], [2, 6, 2], [0, 0, 10]], [[9, 1, 0], [0, 10, 0], [0, 0, 10]]])
    first, second = counts / 10
    assert aalen_johansen(counts, start=0).chance[-1] == pytest.approx((first @ second)[0])
