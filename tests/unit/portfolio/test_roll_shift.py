"""Roll rates under a scenario: what they must equal, conserve, and never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.portfolio import term_structure
from equipoise.portfolio.roll_shift import roll_shifts, shifted
from equipoise.portfolio.rolling import Watches, rolling

# current, 1-30, 31-60, 61-90, default, repaid
MOVES = np.array(
    [
        [9000, 600, 0, 0, 0, 200],
        [4000, 3000, 2500, 0, 0, 100],
        [2000, 1000, 2000, 4000, 0, 0],
        [500, 500, 500, 2500, 6000, 0],
        [0, 0, 0, 0, 10, 0],
        [0, 0, 0, 0, 0, 10],
    ]
)
MIX = np.array([0.9, 0.06, 0.03, 0.01])
NOBODY = Watches(np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64), 2)


def structure():
    return term_structure(MOVES, 24, defaulted=(4,), repaid=5)


def rolled(log_odds: list[float], months: int = 24):
    return rolling(structure(), MIX, np.array(log_odds), months, NOBODY)


def quarters(rolls: np.ndarray, mix: np.ndarray, shifts: list[float]) -> np.ndarray:
    """What share of those left at each quarter's start defaults in it, by powers of matrices."""
    rates, at = [], mix
    for shift in shifts:
        month = shifted(rolls, shift)[:, : rolls.shape[0]]
        default = shifted(rolls, shift)[:, rolls.shape[0]]
        then = [at @ np.linalg.matrix_power(month, each) for each in range(4)]
        rates.append(sum(each @ default for each in then[:3]) / at.sum())
        at = then[3]
    return np.array(rates)


def wanted(rolls: np.ndarray, mix: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """The odds of a quarter's defaults without a scenario, times the scenario's."""
    plain = quarters(rolls, mix, [0.0] * len(log_odds))
    odds = plain / (1 - plain) * np.exp(log_odds)
    return odds / (1 + odds)


def test_two_states_worked_by_hand():
    """1 % a month, nobody is repaid: 2.9701 % in a quarter. Twice the odds are 5.7689 % of
    a quarter, so 1.9612 % a month: the odds of a month times 1.9804."""
    rolls = np.array([[0.99, 0.01, 0.0]])
    shifts = roll_shifts(rolls, np.ones(1), np.log([2, 2, 2]))
    assert np.exp(shifts) == pytest.approx([1.9804] * 3, abs=1e-4)
    assert shifted(rolls, shifts[0]) == pytest.approx(np.array([[0.980388, 0.019612, 0]]), abs=1e-6)
    assert quarters(rolls, np.ones(1), [0.0]) == pytest.approx([0.029701], abs=1e-6)
    assert quarters(rolls, np.ones(1), shifts) == pytest.approx([0.057689] * 3, abs=1e-6)


def test_three_states_by_hand():
    """Of those not repaid 25 % are late or worse and 5 % default: odds of 1/3 and 1/19, doubled."""
    rolls = np.array([[0.6, 0.16, 0.04, 0.2], [0.0, 0.5, 0.5, 0.0]])
    moved = shifted(rolls, np.log(2))
    assert moved[0] == pytest.approx([0.8 * 0.6, 0.8 * (0.4 - 2 / 21), 0.8 * 2 / 21, 0.2])
    assert moved[1] == pytest.approx([0, 1 / 3, 2 / 3, 0])


def test_without_a_shift_the_run_off_is_the_historic_matrix():
    assert roll_shifts(structure().rolls, MIX, np.zeros(3)).tolist() == [0, 0, 0]
    still = rolled([0.0] * 5)
    chance = MOVES / MOVES.sum(axis=1, keepdims=True)
    chance[4:] = np.eye(6)[4:]
    for month in range(24):
        power = np.linalg.matrix_power(chance, month)
        new = (power @ chance - power)[:4, 4]
        assert still.default[:, 0, month] == pytest.approx(new, abs=1e-15)
        assert still.alive[:, month] == pytest.approx(power[:4, :4].sum(axis=1))
    assert still.default[:, 5] == pytest.approx(still.default[:, 0], abs=1e-15)
    places = np.linalg.matrix_power(chance[:4, :4], 9)
    assert still.there[0, :, 3, :, 0] == pytest.approx(places / places.sum(axis=1)[:, None])


@pytest.mark.parametrize("log_odds", [-1.0, 0.3, np.log(2), 1.5, 2.0])
def test_in_an_economy_that_stays_bad_defaults_settle_at_the_satellite_s(log_odds: float):
    """Lateness builds up, and does not lift them above it: within 2 % after a year, and closer."""
    rolls, by_quarter = structure().rolls, np.full(12, log_odds)
    rates = quarters(rolls, MIX, roll_shifts(rolls, MIX, by_quarter))
    told = wanted(rolls, MIX, by_quarter)
    assert rates[4:] == pytest.approx(told[4:], rel=0.02)
    assert rates[8:] == pytest.approx(told[8:], rel=2e-3)


@pytest.mark.parametrize("mix", [MIX, np.array([1.0, 0, 0, 0]), np.array([0.6, 0.2, 0.1, 0.1])])
def test_over_a_recession_defaults_follow_the_satellite(mix: np.ndarray):
    """To 4 % from the third quarter on, and 5 % in all: what is late today makes the first two."""
    rolls = structure().rolls
    path = np.array([0.2, 0.6, 1.0, 1.2, 1.2, 1.1, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1])
    rates = quarters(rolls, mix, roll_shifts(rolls, mix, path))
    told = wanted(rolls, mix, path)
    assert rates[2:] == pytest.approx(told[2:], rel=0.04)
    assert rates.sum() == pytest.approx(told.sum(), rel=0.05)


@given(st.lists(st.floats(-1, 2), min_size=2, max_size=5))
def test_each_quarter_and_the_next_together_default_as_the_scenario_says(log_odds):
    rolls = structure().rolls
    shifts = roll_shifts(rolls, MIX, np.array(log_odds))
    told = wanted(rolls, MIX, np.array([*log_odds, log_odds[-1]]))
    at = MIX
    for quarter, shift in enumerate(shifts):
        first, second = quarters(rolls, at, [shift, shift])
        left = np.linalg.matrix_power(shifted(rolls, shift)[:, :4], 3)
        stay = (at @ left).sum() / at.sum()
        missing = first - told[quarter] + stay * (second - told[quarter + 1])
        assert missing == pytest.approx(0, abs=1e-10)
        at = at @ left


def test_those_left_are_late_as_the_scenario_goes_and_come_back_with_it():
    worse = rolled([1.0] * 4 + [0.0] * 8)
    plain = rolled([0.0] * 12)
    late, usual = (each.there[0, 0, :, 1:, 0].sum(axis=1) for each in (worse, plain))
    assert np.all(late[1:5] > 1.2 * usual[1:5])
    assert late[-1] == pytest.approx(usual[-1], rel=0.01)


chances = st.lists(st.floats(0, 1), min_size=4, max_size=4)


@given(st.lists(chances, min_size=2, max_size=2), st.floats(-20, 20))
def test_chances_stay_chances_and_nobody_is_lost(rows, shift: float):
    rolls = np.array(rows) + 1e-3
    rolls /= rolls.sum(axis=1, keepdims=True)
    moved = shifted(rolls, shift)
    assert np.all((moved >= 0) & (moved <= 1))
    assert moved.sum(axis=1) == pytest.approx(np.ones(2))
    assert moved[:, -1] == pytest.approx(rolls[:, -1])


@given(st.lists(st.floats(-2, 4), min_size=1, max_size=6))
def test_who_is_left_defaulted_or_repaid_is_everybody(log_odds):
    found = rolled(log_odds)
    repaid = (found.alive * found.repaid).cumsum(axis=1)
    gone = found.default[:, 0].cumsum(axis=1) + repaid
    assert found.alive[:, 1:] + gone[:, :-1] == pytest.approx(np.ones((4, 23)))
    assert found.there[0].sum(axis=(2, 3)) == pytest.approx(np.ones((4, len(log_odds) + 1)))


@given(st.lists(st.floats(-1, 3), min_size=1, max_size=6), st.floats(0, 1))
def test_a_harder_scenario_has_more_late_and_more_in_default_at_every_quarter(log_odds, more):
    mild, hard = rolled(log_odds), rolled([each + more for each in log_odds])
    least = 1e-9
    late = [each.there[0, 0, :, 2:, 0].sum(axis=1) for each in (mild, hard)]
    assert np.all(late[1] >= late[0] - least)
    gone = [(MIX @ each.default[:, 0]).cumsum()[2::3] for each in (mild, hard)]
    assert np.all(gone[1] >= gone[0] - least)


def test_what_was_never_seen_stays_impossible_and_a_book_that_cannot_default_is_left():
    rolls = np.array([[0.9, 0.1, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0]])
    assert roll_shifts(rolls, np.array([1.0, 0.0]), np.ones(2)).tolist() == [1, 1]
    assert shifted(rolls, 1.0)[:, 2:] == pytest.approx(np.zeros((2, 2)))
    scarce = np.array([[0.9, 0.0, 0.05, 0.05], [0.5, 0.5, 0.0, 0.0]])
    few = np.array([0.001, 0.999])
    assert np.all(np.isfinite(roll_shifts(scarce, few, np.array([12.0, 0.0]))))
