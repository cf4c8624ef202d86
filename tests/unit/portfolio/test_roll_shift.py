"""Roll rates under a scenario: what they must equal, conserve, and never do."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.portfolio import term_structure
from equipoise.portfolio.roll_shift import Shifts, roll_shifts, shifted
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


def quarters(rolls: np.ndarray, mix: np.ndarray, shifts: Shifts | int) -> np.ndarray:
    """What share of those left at each quarter's start defaults in it, by powers of matrices;
    without shifts for so many quarters."""
    if isinstance(shifts, int):
        shifts = Shifts(np.zeros(shifts), np.zeros(shifts), np.ones(shifts))
    rates, at = [], mix
    for each in zip(shifts.later, shifts.default, strict=True):
        moved = shifted(rolls, *each)
        month, default = moved[:, : rolls.shape[0]], moved[:, rolls.shape[0]]
        then = [at @ np.linalg.matrix_power(month, each) for each in range(4)]
        rates.append(sum(each @ default for each in then[:3]) / at.sum())
        at = then[3]
    return np.array(rates)


def wanted(rolls: np.ndarray, mix: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """The odds of a quarter's defaults without a scenario, times the scenario's."""
    plain = quarters(rolls, mix, len(log_odds))
    odds = plain / (1 - plain) * np.exp(log_odds)
    return odds / (1 + odds)


def test_two_states_worked_by_hand():
    """1 % a month, nobody is repaid: 2.9701 % in a quarter. Twice the odds are 5.7689 % of
    a quarter, so 1.9612 % a month: the odds of a month times 1.9804."""
    rolls = np.array([[0.99, 0.01, 0.0]])
    shifts = roll_shifts(rolls, np.ones(1), np.log([2, 2, 2]))
    assert np.exp(shifts.later) == pytest.approx([1.9804] * 3, abs=1e-4)
    assert shifts.default == pytest.approx(np.zeros(3), abs=1e-9)
    moved = shifted(rolls, shifts.later[0])
    assert moved == pytest.approx(np.array([[0.980388, 0.019612, 0]]), abs=1e-6)
    assert quarters(rolls, np.ones(1), 1) == pytest.approx([0.029701], abs=1e-6)
    assert quarters(rolls, np.ones(1), shifts) == pytest.approx([0.057689] * 3, abs=1e-6)


def test_three_states_by_hand():
    """Of those not repaid 25 % are late or worse and 5 % default: odds of 1/3 and 1/19, doubled."""
    rolls = np.array([[0.6, 0.16, 0.04, 0.2], [0.0, 0.5, 0.5, 0.0]])
    moved = shifted(rolls, np.log(2))
    assert moved[0] == pytest.approx([0.8 * 0.6, 0.8 * (0.4 - 2 / 21), 0.8 * 2 / 21, 0.2])
    assert moved[1] == pytest.approx([0, 1 / 3, 2 / 3, 0])


def test_default_alone_by_hand():
    """Odds of default of 1/19, threefold 3/19; who does not default is as late as before."""
    rolls = np.array([[0.6, 0.16, 0.04, 0.2], [0.0, 1.0, 0.0, 0.0]])
    moved = shifted(rolls, 0.0, np.log(3))
    left = (19 / 22) / 0.95
    assert moved[0] == pytest.approx([0.6 * left, 0.16 * left, 0.8 * 3 / 22, 0.2])
    assert moved[1] == pytest.approx([0, 1, 0, 0])


def test_who_pays_up_again_does_so_less_often_in_a_bad_economy_by_hand():
    """Of the late a half pay up, 3 of 10 default. At twice the odds of being late a third pay up,
    6 of 13 default and 8 of 39 stay late. Were cures left as they are, 8 % fewer would default in a
    quarter."""
    rolls = np.array([[0.9, 0.1, 0.0, 0.0], [0.5, 0.2, 0.3, 0.0]])
    pays, late = [Fraction(9, 11), Fraction(2, 11)], [Fraction(1, 3), Fraction(8, 39)]
    default = Fraction(6, 13)
    assert shifted(rolls, np.log(2))[:, :3] == pytest.approx(
        np.array([[*pays, 0], [*late, default]], dtype=float)
    )
    gone = _in_a_quarter(pays, late, default)
    one = Shifts(np.log([2.0]), np.zeros(1), np.ones(1))
    assert quarters(rolls, np.array([1.0, 0.0]), one) == pytest.approx([float(gone)])
    cured = _in_a_quarter(pays, [Fraction(1, 2), Fraction(1, 2) - default], default)
    assert float(cured / gone) == pytest.approx(0.918, abs=1e-3)


def _in_a_quarter(pays: list[Fraction], late: list[Fraction], default: Fraction) -> Fraction:
    """Of those who pay: late after one month, or after two by either way; then in default."""
    return pays[1] * default + (pays[0] * pays[1] + pays[1] * late[1]) * default


def test_without_a_shift_the_run_off_is_the_historic_matrix():
    shifts = roll_shifts(structure().rolls, MIX, np.zeros(3))
    assert [each.tolist() for each in (shifts.later, shifts.default)] == [[0, 0, 0]] * 2
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


@pytest.mark.parametrize("mix", [MIX, np.array([1.0, 0, 0, 0]), np.array([0.6, 0.2, 0.1, 0.1])])
def test_over_a_recession_every_quarter_defaults_as_the_satellite_says(mix: np.ndarray):
    rolls = structure().rolls
    path = np.array([0.2, 0.6, 1.0, 1.2, 1.2, 1.1, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1])
    shifts = roll_shifts(rolls, mix, path)
    assert quarters(rolls, mix, shifts) == pytest.approx(wanted(rolls, mix, path), rel=1e-9)
    assert shifts.met == pytest.approx(np.ones(13))


@pytest.mark.parametrize("log_odds", [-1.0, 0.3, np.log(2), 1.5, 2.0])
def test_in_an_economy_that_stays_bad_getting_later_alone_is_soon_enough(log_odds: float):
    """Neither shift swings: that of default dies away, and the other settles."""
    shifts = roll_shifts(structure().rolls, MIX, np.full(12, log_odds))
    assert np.abs(shifts.default[5:]).max() < 0.05
    assert np.ptp(shifts.later[5:]) < 0.01


@pytest.mark.parametrize(("before", "after"), [(1.2, 0.0), (0.5, -0.5), (1.0, -0.5)])
def test_a_sudden_recovery_has_no_more_defaults_than_the_satellite(before: float, after: float):
    """Those late when it is well again pay or stay late; they used to be up to 30 % too many."""
    path = np.r_[np.full(6, before), np.full(6, after)]
    rolls = structure().rolls
    rates = quarters(rolls, MIX, roll_shifts(rolls, MIX, path))
    assert rates[2:] == pytest.approx(wanted(rolls, MIX, path)[2:], rel=1e-9)


@pytest.mark.parametrize("log_odds", [1.0, 2.0])
def test_where_the_economy_jumps_all_default_who_are_late_enough_and_it_is_told(log_odds: float):
    """Three months, each of which brings all to default who were in the last bucket before it; the
    next quarter has again what the satellite says."""
    rolls, path = structure().rolls, np.full(4, log_odds)
    shifts = roll_shifts(rolls, MIX, path)
    moved = shifted(rolls, shifts.later[0])
    at, gone = MIX, 0.0
    for _ in range(3):
        gone += at[3]
        at = np.r_[at[:3], 0] @ moved[:, :4]
    told = wanted(rolls, MIX, path)
    rates = quarters(rolls, MIX, shifts)
    assert rates[0] == pytest.approx(gone)
    assert shifts.met[0] == pytest.approx(gone / told[0])
    assert shifts.met[0] < 0.8
    assert rates[1:] == pytest.approx(told[1:], rel=1e-9)
    assert shifts.met[1:] == pytest.approx(np.ones(3))


@given(st.lists(st.floats(-1, 2), min_size=2, max_size=6))
def test_each_quarter_defaults_as_the_scenario_says_or_has_all_default_who_can(log_odds):
    rolls = structure().rolls
    shifts = roll_shifts(rolls, MIX, np.array(log_odds))
    rates, told = quarters(rolls, MIX, shifts), wanted(rolls, MIX, np.array(log_odds))
    short = shifts.default >= 30
    assert rates[~short] == pytest.approx(told[~short], rel=1e-8)
    assert np.all(rates[short] <= told[short])
    assert shifts.met == pytest.approx(np.minimum(rates / told, 1))


def test_those_left_are_late_as_the_scenario_goes_and_come_back_with_it():
    worse = rolled([1.0] * 4 + [0.0] * 8)
    plain = rolled([0.0] * 12)
    late, usual = (each.there[0, 0, :, 1:, 0].sum(axis=1) for each in (worse, plain))
    assert np.all(late[1:4] > 1.2 * usual[1:4])
    assert late[4] > usual[4]
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
    shifts = roll_shifts(rolls, np.array([1.0, 0.0]), np.ones(2))
    assert (shifts.later.tolist(), shifts.met.tolist()) == ([1, 1], [1, 1])
    assert shifted(rolls, 1.0)[:, 2:] == pytest.approx(np.zeros((2, 2)))
    scarce = np.array([[0.9, 0.0, 0.05, 0.05], [0.5, 0.5, 0.0, 0.0]])
    few = np.array([0.001, 0.999])
    assert np.all(np.isfinite(roll_shifts(scarce, few, np.array([12.0, 0.0])).later))
