"""LGD and yield on loans with known numbers; price response on a known truth."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit

from equipoise.errors import BadInput
from equipoise.risk.cross import cross_fit, fold_of_rows
from equipoise.risk.lgd import amount_of, lgd_by, loss_given_default, mean_lgd, realised_yield
from equipoise.risk.response import fit_pd_response


def test_amount_and_term_are_found_from_instalment_and_rate():
    rng = np.random.default_rng(1)
    amount = rng.integers(40, 1600, 500) * 25.0
    rate = rng.uniform(0.05, 0.3, 500).round(4)
    term = rng.choice([36, 60], 500)
    instalment = np.round(amount * rate / 12 / -np.expm1(-term * np.log1p(rate / 12)), 2)
    figure, months = amount_of(instalment, rate)
    assert np.mean(months == term) > 0.95
    assert figure[months == term] == pytest.approx(amount[months == term])


def test_amounts_of_lendingclub_2015_equal_the_principal_repaid(shared_data):
    frame = pl.read_parquet(
        shared_data / "lendingclub_2015_performance" / "lc_2015_performance.parquet"
    ).filter(pl.col("loan_status") == "Fully Paid")
    amount, _ = amount_of(
        frame["installment"].to_numpy(), frame["int_rate"].to_numpy() / 100, terms=(36,)
    )
    assert np.mean(np.abs(amount - frame["total_rec_prncp"].to_numpy()) < 1) > 0.998


def test_lgd_is_what_was_not_recovered_and_stays_inside_bounds():
    lgd = loss_given_default(
        np.array([100.0, 100.0, 100.0, 0.0]),
        np.array([30.0, 150.0, 0.0, 5.0]),
        np.array([5.0, 0, 9, 0]),
    )
    assert lgd[:3].tolist() == [0.75, 0.0, 1.0]
    assert np.isnan(lgd[3])


def test_mean_lgd_is_weighted_by_exposure_and_its_interval_covers():
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(200):
        exposure = rng.lognormal(9, 0.7, 300)
        lgd = rng.beta(4, 1, 300)
        result = mean_lgd(lgd, exposure)
        held += result.low <= 0.8 <= result.high
    assert held >= 180
    groups = lgd_by(lgd, exposure, np.repeat(["A", "B"], 150))
    assert [group.name for group in groups] == ["A", "B"]
    total = sum(group.mean * group.exposure for group in groups) / exposure.sum()
    assert total == pytest.approx(np.average(lgd, weights=exposure))


def test_yield_of_loans_that_all_pay_is_their_rate():
    amount, rate = np.array([1000.0, 5000.0]), np.array([0.1, 0.2])
    interest = np.array([150.0, 1800.0])
    both = realised_yield(amount + interest, amount, interest, rate)
    assert both == pytest.approx(1950 / (1500 + 9000))


def test_price_and_burden_responses_are_recovered():
    rng = np.random.default_rng(3)
    rows = 60_000
    pd = expit(rng.normal(-2, 1, rows))
    apr, burden = rng.normal(0, 0.03, rows), rng.normal(0, 0.02, rows)
    bad = rng.random(rows) < expit(logit(pd) + 6 * apr + 2 * burden)
    result = fit_pd_response(bad, pd, apr, burden)
    assert abs(result.price.value - 6) < 3 * result.price.error
    assert abs(result.burden.value - 2) < 3 * result.burden.error
    assert result.price.error < 0.6
    assert abs(result.level.value) < 3 * result.level.error


def test_a_declared_slope_is_taken_as_it_is_and_sharpens_the_other():
    rng = np.random.default_rng(3)
    rows = 60_000
    pd = expit(rng.normal(-2, 1, rows))
    apr = rng.normal(0, 0.03, rows)
    burden = 0.6 * apr + rng.normal(0, 0.004, rows)  # a dearer loan takes more of an income
    bad = rng.random(rows) < expit(logit(pd) + 6 * apr + 2 * burden)
    free = fit_pd_response(bad, pd, apr, burden)
    held = fit_pd_response(bad, pd, apr, burden, declared={"burden": 2.0})
    assert (held.burden.value, held.burden.error) == (2.0, 0.0)
    assert held.price.error < free.price.error / 2
    assert abs(held.price.value - 6) < 3 * held.price.error
    same = fit_pd_response(bad, pd, apr, np.zeros(rows), declared={"burden": 2.0})
    assert same.burden.value == 2.0


def test_a_price_that_never_varied_measures_nothing():
    with pytest.raises(BadInput, match="price is the same"):
        fit_pd_response(np.arange(200) % 2, np.full(200, 0.5), np.zeros(200), np.ones(200))


def test_folds_are_stable_and_even_and_no_row_is_scored_by_its_own_fit():
    assert fold_of_rows(10, 5).tolist() == fold_of_rows(10, 5).tolist()
    assert np.bincount(fold_of_rows(50_000, 5)) == pytest.approx(10_000, rel=0.05)
    assert not np.array_equal(fold_of_rows(100, 5), fold_of_rows(100, 5, seed=1))
    frame = pl.DataFrame({"row": np.arange(100)})
    seen = []

    def fit(train, bad):
        known = set(train["row"].to_list())

        def predict(rows):
            seen.append(known.isdisjoint(rows["row"].to_list()))
            return np.full(rows.height, bad.mean())

        return predict

    pd = cross_fit(frame, np.arange(100) % 4 == 0, fit, fold=fold_of_rows(100, 5))
    assert all(seen)
    assert np.isfinite(pd).all()
