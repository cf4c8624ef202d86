"""Chances of default by bucket, and the allowance of every loan, against plain reckoning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.portfolio import (
    LoansAhead,
    TermStructure,
    expected_losses,
    period_losses,
    term_structure,
)

# current, late, default, repaid
MOVES = np.array([[90, 8, 0, 2], [30, 50, 20, 0], [10, 0, 90, 0], [0, 0, 0, 10]])


def _structure(default: float, repaid: float = 0.0, months: int = 60) -> TermStructure:
    return TermStructure(
        np.full((1, months), default),
        np.full((1, months), repaid),
        np.array([[1 - default - repaid, default, repaid]]),
        np.array([100]),
    )


def _ahead(**facts) -> LoansAhead:
    whole = {"bucket": [0], "owed": [10_000.0], "rate": [0.12], "months": [24], "lgd": [0.45],
             "pd": [np.nan], **facts}  # fmt: skip
    return LoansAhead(**{name: np.array(value) for name, value in whole.items()})


def test_chances_to_default_are_those_of_the_matrix_with_default_absorbing():
    found = term_structure(MOVES, 24, defaulted=(2,), repaid=3)
    chance = MOVES / MOVES.sum(axis=1, keepdims=True)
    chance[2] = [0, 0, 1, 0]
    for months in (1, 2, 12, 24):
        power = np.linalg.matrix_power(chance, months)
        assert found.within(months) == pytest.approx(power[:2, 2])
    assert found.seen.tolist() == [100, 100]


def test_a_bucket_from_which_nobody_was_seen_to_move_stays_and_says_so():
    moves = MOVES.copy()
    moves[1] = 0
    found = term_structure(moves, 12, defaulted=(2,), repaid=3)
    assert found.within(12)[1] == 0.0
    assert found.seen[1] == 0


def _plain(hazard: float, odds: float, rate: float, months: int, lgd: float) -> tuple[float, float]:
    """The worked example's formula with months for years: an annuity of 10,000."""
    h = odds * hazard / (1 - hazard + odds * hazard)
    monthly = (1 + rate) ** (1 / 12) - 1
    left = np.arange(months)
    if monthly:
        owed = 10_000 * ((1 + monthly) ** months - (1 + monthly) ** left)
        owed = owed / ((1 + monthly) ** months - 1)
    else:
        owed = 10_000 * (1 - left / months)
    losses = period_losses(
        np.full((1, months), h), lgd, owed[None, :], np.array([rate]), (left + 1) / 12
    )
    return float(losses[0, :12].sum()), float(losses.sum())


@given(
    st.floats(0, 0.2),
    st.floats(0.2, 5),
    st.one_of(st.just(0.0), st.floats(1e-4, 0.5)),
    st.integers(1, 60),
    st.floats(0.05, 1),
)
def test_losses_of_an_annuity_are_the_worked_formula_s(hazard, odds, rate, months, lgd):
    ahead = _ahead(rate=[rate], months=[months], lgd=[lgd])
    found = expected_losses(ahead, _structure(hazard), odds)
    year, life = _plain(hazard, odds, rate, months, lgd)
    assert found.year[0] == pytest.approx(year, rel=1e-9, abs=1e-9)
    assert found.life[0] == pytest.approx(life, rel=1e-9, abs=1e-9)
    assert found.pd_life[0] == pytest.approx(
        1 - (1 - odds * hazard / (1 - hazard + odds * hazard)) ** months
    )


def test_whoever_repays_early_can_default_no_more():
    stays = expected_losses(_ahead(), _structure(0.01))
    leaves = expected_losses(_ahead(), _structure(0.01, repaid=0.05))
    assert leaves.life[0] < stays.life[0]
    assert leaves.pd_life[0] < stays.pd_life[0]


def test_a_pd_that_was_told_is_the_chance_within_a_year():
    found = expected_losses(_ahead(pd=[0.07]), _structure(0.5))
    assert found.pd_year[0] == pytest.approx(0.07)


def test_beyond_the_structure_s_months_its_last_month_goes_on():
    short, long = _structure(0.01, months=6), _structure(0.01, months=60)
    ahead = _ahead(months=[48])
    assert expected_losses(ahead, short).life == pytest.approx(expected_losses(ahead, long).life)
