"""Roll rates under a scenario: what they must equal, conserve, and never do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.portfolio import term_structure
from equipoise.portfolio.roll_shift import default_within, roll_shift, shifted
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


def test_two_states_worked_by_hand():
    """1 % a month, nobody is repaid: 11.3615 % in a year. Twice the odds are 20.4047 % of
    a year, so 1.8838 % a month: the odds of a month times 1.9008."""
    rolls = np.array([[0.99, 0.01, 0.0]])
    shift = roll_shift(rolls, np.ones(1), np.log(2))
    assert np.exp(shift) == pytest.approx(1.9008, abs=1e-4)
    assert shifted(rolls, shift) == pytest.approx(np.array([[0.981162, 0.018838, 0]]), abs=1e-6)
    assert default_within(rolls, np.ones(1)) == pytest.approx(0.113615, abs=1e-6)


def test_three_states_by_hand():
    """Of those not repaid 25 % are late or worse and 5 % default: odds of 1/3 and 1/19, doubled."""
    rolls = np.array([[0.6, 0.16, 0.04, 0.2], [0.0, 0.5, 0.5, 0.0]])
    moved = shifted(rolls, np.log(2))
    assert moved[0] == pytest.approx([0.8 * 0.6, 0.8 * (0.4 - 2 / 21), 0.8 * 2 / 21, 0.2])
    assert moved[1] == pytest.approx([0, 1 / 3, 2 / 3, 0])


def test_without_a_shift_the_run_off_is_the_historic_matrix():
    assert roll_shift(structure().rolls, MIX, 0.0) == 0.0
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


@pytest.mark.parametrize("log_odds", [-1.0, 0.3, np.log(2), 1.5, 3.0])
def test_as_many_of_the_book_default_within_a_year_as_the_satellite_says(log_odds: float):
    plain = float(MIX @ rolled([0.0]).year[:, 0])
    moved = float(MIX @ rolled([log_odds] * 4).year[:, 0])
    odds = plain / (1 - plain) * np.exp(log_odds)
    assert moved == pytest.approx(odds / (1 + odds), abs=1e-10)


def test_those_left_are_late_as_the_scenario_goes_and_come_back_with_it():
    worse = rolled([1.0] * 4 + [0.0] * 8)
    plain = rolled([0.0] * 12)
    late, usual = (each.there[0, 0, :, 1:, 0].sum(axis=1) for each in (worse, plain))
    assert np.all(late[1:5] > 1.5 * usual[1:5])
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
def test_a_harder_scenario_has_more_late_and_more_in_default_at_every_time(log_odds, more):
    mild, hard = rolled(log_odds), rolled([each + more for each in log_odds])
    least = 1e-9
    assert np.all(hard.shift >= mild.shift - least)
    late = [each.there[0, :, :, 2:, 0].sum(axis=2) for each in (mild, hard)]
    assert np.all(late[1] >= late[0] - least)
    gone = [each.default[:, 0].cumsum(axis=1) for each in (mild, hard)]
    assert np.all(gone[1] >= gone[0] - least)


def test_what_was_never_seen_stays_impossible_and_a_book_that_cannot_default_is_left():
    rolls = np.array([[0.9, 0.1, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0]])
    assert roll_shift(rolls, np.array([1.0, 0.0]), 1.0) == 1.0
    assert shifted(rolls, 1.0)[:, 2:] == pytest.approx(np.zeros((2, 2)))
    scarce = np.array([[0.9, 0.0, 0.05, 0.05], [0.5, 0.5, 0.0, 0.0]])
    few = np.array([0.001, 0.999])
    assert np.isfinite(roll_shift(scarce, few, 12.0))
