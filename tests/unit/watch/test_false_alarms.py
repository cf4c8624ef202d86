"""Fifty indicators over lenders whose truth is known: silent where nothing changed, and heard where
something did. The short form; all 200 unseen lenders are measured by `make prove`."""

from __future__ import annotations

from statistics import mean

import pytest
from benchmarks import watch_lenders as lenders

from equipoise.simulation import SHOCKS

SEEDS = range(9000, 9003)  # neither tuned on nor of the published figures


def test_what_is_measured_by_was_written_for_indicators_that_there_are() -> None:
    truth, watch = lenders.truth(), lenders.fifty()
    names = {each.name for each in watch.document.indicators}
    assert len(names) == 50
    assert set(truth["right"]) == set(SHOCKS)
    assert all(set(right) <= names for right in truth["right"].values())
    assert not set(lenders.seeds("tuning")) & set(lenders.seeds("unseen"))
    assert len(lenders.seeds("unseen")) == 200


def test_where_nothing_changes_hardly_anything_rings() -> None:
    told = [lenders.quiet(seed) for seed in SEEDS]
    years = sum(each.months for each in told) / 12
    reds = sum(len(each.reds) for each in told)
    budget = lenders.truth()["bars"]["false_reds_a_year"] * years
    assert reds <= budget + 3 * budget**0.5  # a Poisson count of that mean
    # silence is no art: all but what is rare says something
    assert sum(each.insufficient for each in told) < 0.06 * 50 * 12 * years


@pytest.mark.parametrize("shock", SHOCKS)
def test_a_shock_is_red_within_two_periods_and_by_what_is_right(shock) -> None:  # type: ignore[no-untyped-def]
    shaken = [lenders.shaken(seed, shock) for seed in SEEDS[:2]]
    assert any(each.lags != (None,) for each in shaken)
    if shock in ("slow_desk", "bureau_feed_down", "region_recession", "broken_channel"):
        assert all(each.lags != (None,) and each.is_right for each in shaken)


def test_a_feed_that_is_down_inhibits_the_drifts_that_it_makes() -> None:
    told = [lenders.shaken(seed, "bureau_feed_down") for seed in SEEDS[:2]]
    assert mean(each.inhibited for each in told) >= 3
    assert {name for each in told for name in each.besides} & {"scores", "pds", "referred"} == set()


def test_a_feed_that_is_down_hides_no_other_trouble() -> None:
    assert None not in lenders.shaken(SEEDS[0], "bureau_feed_down", "bad_vintage").lags
    assert None not in lenders.shaken(SEEDS[0], "bureau_feed_down", "slow_desk").lags


@pytest.mark.slow
def test_over_two_hundred_unseen_lenders_false_reds_stay_within_the_budget() -> None:
    told = lenders.all_quiet(lenders.seeds("unseen"), 2)
    years = sum(each.months for each in told) / 12
    assert (
        sum(len(each.reds) for each in told) / years <= lenders.truth()["bars"]["false_reds_a_year"]
    )


@pytest.mark.slow
def test_over_two_hundred_unseen_lenders_each_shock_is_found() -> None:
    shaken = lenders.all_shaken(lenders.seeds("unseen"), 2)
    for shock in SHOCKS:
        of = [None not in each.lags for each in shaken if each.shocks == (shock,)]
        assert sum(of) / len(of) >= lenders.truth()["bars"]["found"], shock
