"""Today's policy and its experiments."""

import numpy as np
import polars as pl
import pytest

from equipoise.simulation import Lender
from equipoise.simulation.policy import CHAMPION, EXPLORE, PRICE_TEST, propensity_table


def test_propensities_sum_to_one_whatever_the_champion(lender: Lender) -> None:
    table = propensity_table(lender.parameters.policy, lender.menu)
    assert table.sum(axis=2) == pytest.approx(np.ones(table.shape[:2]))
    assert (table >= 0).all()


def test_logged_propensities_are_the_frequencies_of_what_was_given(lender: Lender) -> None:
    given = lender.history.assignment
    seen = lender.population.observed
    table = propensity_table(lender.parameters.policy, lender.menu)
    eligible = lender.menu.eligible_for_fast(seen.bureau_score, seen.amount).astype(int)
    chances = table[eligible, given.champion]
    assert given.propensity == pytest.approx(chances[np.arange(len(lender)), given.choice])
    expected = chances.sum(axis=0)
    counts = np.bincount(given.choice, minlength=len(lender.menu.items))
    error = np.sqrt((chances * (1 - chances)).sum(axis=0))
    assert (np.abs(counts - expected) < 4 * error).all()


def test_inverse_propensities_weigh_back_to_everyone(lender: Lender) -> None:
    """Sum of 1 / propensity over those given a treatment estimates how many could have got it."""
    given = lender.history.assignment
    seen = lender.population.observed
    eligible = lender.menu.eligible_for_fast(seen.bureau_score, seen.amount)
    for position in np.flatnonzero(lender.menu.fast):
        weight = np.where(given.choice == position, 1 / given.propensity, 0.0)
        error = weight.std() * np.sqrt(len(lender))
        assert abs(weight.sum() - eligible.sum()) < 4 * error


def test_nobody_gets_the_fast_journey_without_being_eligible(applications: pl.DataFrame) -> None:
    fast = applications.filter(pl.col("offered_journey") == "fast")
    assert fast.height > 100
    assert fast["bureau_score"].null_count() == 0
    assert fast["amount_asked"].max() <= 20_000  # type: ignore[operator]


def test_shares_of_experiments_are_as_declared(lender: Lender) -> None:
    how = lender.history.assignment.how
    policy = lender.parameters.policy
    shares = {
        EXPLORE: policy.explore_share,
        PRICE_TEST: policy.price_test_share,
        CHAMPION: 1 - policy.explore_share - policy.price_test_share,
    }
    for kind, share in shares.items():
        assert (how == kind).mean() == pytest.approx(share, abs=0.01)
    assert lender.history.assignment.acted.mean() == pytest.approx(0.8, abs=0.015)


def test_a_price_test_moves_the_price_and_nothing_else(applications: pl.DataFrame) -> None:
    tested = applications.filter(
        (pl.col("assignment") == "price_test") & (pl.col("todays_treatment") == "full_today_full")
    )
    assert set(tested["offered_journey"]) == {"full"}
    assert (tested["offered_amount"] == tested["amount_asked"]).all()
    moved = (tested["offered_apr"] - tested["todays_apr"]).round(6).unique().sort().to_list()
    assert moved == pytest.approx([-0.03, 0.0, 0.03])


def test_some_whom_today_declines_are_approved_by_exploration(applications: pl.DataFrame) -> None:
    declined = applications.filter(pl.col("todays_treatment") == "decline")
    approved = declined.filter(pl.col("offered_treatment") != "decline")
    assert 0.15 < declined.height / applications.height < 0.25
    assert approved.height / declined.height == pytest.approx(0.06 * 19 / 20, abs=0.015)
    assert set(approved["assignment"]) == {"explore"}


def test_today_asks_nearly_everybody_for_everything(applications: pl.DataFrame) -> None:
    offered = applications.filter(pl.col("todays_treatment") != "decline")
    full = offered.filter(pl.col("todays_treatment").is_in(["full_today_full", "refer"]))
    assert full.height / offered.height > 0.9
