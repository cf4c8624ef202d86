"""The synthetic lender looks like published figures, and its menu leaves room to improve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from equipoise.simulation import Lender, simulate


@pytest.fixture(scope="module")
def champion(applications: pl.DataFrame) -> pl.DataFrame:
    return applications.filter(pl.col("assignment") == "champion")


def share(frame: pl.DataFrame, column: str) -> float:
    value = frame[column].mean()
    assert isinstance(value, float)
    return value


def test_the_dollars_elasticity_is_between_karlan_and_zinmans(lender: Lender) -> None:
    """-1.1 in the first year, -1.9 over 29 months (CEPR DP9503): amounts booked against price."""
    champion = lender.history.assignment.champion
    booked = []
    for factor in (0.95, 1.05):
        terms = [
            terms if terms.journey is None else replace(terms, apr=terms.apr * factor)
            for terms in lender.treatments
        ]
        booked.append(lender.truth.of_choice(champion, terms).exposure.sum())
    elasticity = np.log(booked[1] / booked[0]) / np.log(1.05 / 0.95)
    assert -1.9 < elasticity < -1.1


def test_abandonment_is_between_the_published_extremes(champion: pl.DataFrame) -> None:
    """18 % in onboarding (Capgemini) to 60-80 % of loan applications (vendors)."""
    assert 0.35 < 1 - share(champion, "completed") < 0.60


def test_the_bad_rate_of_booked_loans_is_that_of_unsecured_consumer_credit(
    champion: pl.DataFrame,
) -> None:
    assert 0.04 < share(champion, "default_12m") < 0.08


def test_two_in_three_take_the_offer(champion: pl.DataFrame) -> None:
    assert 0.55 < share(champion, "accepted") < 0.75


def test_risk_rises_and_take_up_falls_from_tier_to_tier(champion: pl.DataFrame) -> None:
    by_tier = champion.group_by("tier").agg(pl.col("default_12m").mean(), pl.col("accepted").mean())
    ordered = by_tier.sort("tier")
    assert ordered["default_12m"].is_sorted()
    assert ordered["accepted"].is_sorted(descending=True)


def test_observed_fields_rank_risk_as_well_as_real_ones_do() -> None:
    """The bureau score alone ranks booked loans moderately; the latent risk much better."""
    from sklearn.metrics import roc_auc_score

    lender = simulate(60_000, seed=11)
    frame = lender.applications().with_columns(
        pl.Series("latent", lender.population.latent.log_odds)
    )
    known = frame.filter(pl.col("default_12m").is_not_null() & pl.col("bureau_score").is_not_null())
    bad = known["default_12m"].to_numpy()
    assert 0.60 < roc_auc_score(bad, -known["bureau_score"].to_numpy()) < 0.75
    assert 0.74 < roc_auc_score(bad, known["latent"].to_numpy()) < 0.86


def test_a_better_balance_than_todays_exists(lender: Lender) -> None:
    """The two safest tiers on the standard journey: more good customers, little more loss."""
    given = lender.history.assignment
    names = lender.menu.names
    choice = given.champion.copy()
    easier = (given.tier <= 1) & (choice == names.index("full_today_full"))
    choice[easier] = names.index("standard_today_full")
    today = lender.truth.of_choice(given.champion, lender.treatments)
    better = lender.truth.of_choice(choice, lender.treatments)
    assert better.good_customers_served.sum() > 1.05 * today.good_customers_served.sum()
    assert better.profit.sum() > today.profit.sum()
    rate_today = today.expected_loss.sum() / today.exposure.sum()
    assert better.expected_loss.sum() / better.exposure.sum() < 1.02 * rate_today
