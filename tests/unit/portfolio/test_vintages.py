"""Vintages: a table worked by hand, cells that are not told, and a truth that is found again."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.portfolio import NEVER, first_month_where, vintages

JANUARY = 2024 * 12


def test_a_table_worked_by_hand():
    """Two loans of January, one bad in its second month; one of February; as of April."""
    made = np.array([0, 0, 1]) + JANUARY
    bad = np.array([JANUARY + 2, NEVER, NEVER])
    table = vintages(made, made, bad, JANUARY + 3, months=4)
    assert table.vintage.tolist() == [JANUARY, JANUARY + 1]
    assert table.loans.tolist() == [2, 1]
    assert table.rate[0, :4].tolist() == [0.0, 0.0, 0.5, 0.5]
    assert table.mature[0].tolist() == [True, True, True, True, False]
    assert table.mature[1].tolist() == [True, True, True, False, False]
    assert np.isnan(table.rate[1, 3:]).all()


def test_a_quarter_matures_with_its_last_month():
    made = np.array([0, 1, 2]) + JANUARY
    table = vintages(made, made, np.full(3, NEVER), JANUARY + 4, months=4, step=3)
    assert table.loans.tolist() == [3]
    assert table.mature[0].tolist() == [True, True, True, False, False]


def test_loans_whose_first_months_are_not_on_the_tape_are_told_and_left_out():
    made = np.array([JANUARY, JANUARY])
    bad = np.array([NEVER, JANUARY + 8])
    table = vintages(made, np.array([JANUARY + 1, JANUARY + 7]), bad, JANUARY + 9)
    assert table.loans.tolist() == [1]
    assert table.late_entry.tolist() == [1]
    assert not table.bad.any()
    assert table.ever_bad.tolist() == [1], "by the end of the tape it counts"


def test_intervals_are_wilson_s_where_there_is_a_rate():
    made = np.full(100, JANUARY)
    bad = np.where(np.arange(100) < 5, JANUARY + 1, NEVER)
    table = vintages(made, made, bad, JANUARY + 1, months=2)
    low, high = table.interval()
    # Wilson at 5 of 100: 2.154 to 11.175 %
    assert (low[0, 1], high[0, 1]) == pytest.approx((0.02154, 0.11175), abs=2e-5)
    assert np.isnan(low[0, 2])


def test_the_first_month_where_it_holds():
    loan = np.array([0, 0, 0, 2, 2])
    month = np.array([5, 6, 7, 5, 6])
    first = first_month_where(loan, month, np.array([False, True, True, False, False]), 3)
    assert first.tolist() == [6, NEVER, NEVER]


def test_a_known_hazard_is_found_in_the_oldest_vintages():
    rng = np.random.default_rng(4)
    made = JANUARY + rng.integers(0, 24, 60_000)
    bad = made + rng.geometric(0.02, made.size)
    as_of = JANUARY + 30
    table = vintages(made, made, np.where(bad <= as_of, bad, NEVER), as_of, months=24)
    truth = 1 - 0.98 ** np.arange(25)
    low, high = table.interval()
    told = np.isfinite(low)
    inside = (low <= truth) & (truth <= high)
    assert inside[told].mean() > 0.88  # cells of a row move together
    assert told.sum() == sum(min(30 - each, 24) + 1 for each in range(24))


def test_an_empty_book_has_no_vintages():
    none = np.zeros(0, dtype=np.int64)
    assert vintages(none, none, none, JANUARY).rate.shape == (0, 61)
