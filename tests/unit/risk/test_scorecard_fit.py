"""Fitting a card: known structure is found, useless features are named, peers agree."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.risk.binning import BinOptions, find_bins, with_evidence
from equipoise.risk.characteristic import Categorical, Numeric
from equipoise.risk.scorecard import Scorecard
from equipoise.risk.scorecard_fit import (
    ScorecardOptions,
    correlations,
    fit_scorecard,
    logistic_newton,
)
from equipoise.risk.screening import information_value, screen
from equipoise.risk.validation import auc


def applicants(rows: int = 3000, seed: int = 0):
    rng = np.random.default_rng(seed)
    debt, income = rng.uniform(0, 1, rows), rng.lognormal(0, 0.6, rows)
    sector = rng.choice(["farm", "shop", "mine", "sea"], rows, p=[0.4, 0.3, 0.25, 0.05])
    raw = -1.8 + 2 * debt - 0.8 * np.log(income) + 0.8 * (sector == "mine")
    missing = pl.Series(rng.random(rows) < 0.1)
    frame = pl.DataFrame(
        {
            "debt": pl.Series(debt).set(missing, None),
            "debt_again": pl.Series(debt * 2 + 1).set(missing, None),
            "income": income,
            "sector": sector,
            "noise": rng.normal(size=rows),
            "constant": np.ones(rows),
            "empty": pl.Series([None] * rows, dtype=pl.Float64),
            "number": [f"id-{at}" for at in range(rows)],
        }
    )
    return frame, rng.random(rows) < expit(raw)


def test_card_ranks_nearly_as_well_as_the_truth_and_names_what_it_left_out():
    frame, bad = applicants()
    fitted = fit_scorecard(frame, bad)
    fresh, outcome = applicants(seed=1)
    assert auc(outcome, fitted.card.pd_frame(fresh).to_numpy()) > 0.70
    assert {"debt", "income", "sector"} >= set(fitted.card.features) - {"debt_again", "noise"}
    dropped = fitted.dropped
    assert "same in every row" in dropped["constant"]
    assert "no value" in dropped["empty"]
    assert "identifier" in dropped["number"]
    twin = "debt_again" if "debt" in fitted.card.features else "debt"
    assert "says the same" in dropped[twin]


def test_every_coefficient_is_positive_on_weight_of_evidence_so_points_follow_risk():
    frame, bad = applicants()
    for each in fit_scorecard(frame, bad).card.characteristics:
        assert each.coefficient > 0
        known = [a for a in each.all_attributes() if a.bad_rate is not None and a.share > 0.02]
        by_rate = sorted(known, key=lambda a: a.bad_rate)
        points = [attribute.points for attribute in by_rate]
        assert points == sorted(points, reverse=True)


def test_mean_pd_of_the_training_rows_is_their_bad_rate():
    frame, bad = applicants()
    pd = fit_scorecard(frame, bad).card.pd_frame(frame)
    assert pd.mean() == pytest.approx(bad.mean(), abs=2e-3)


def test_a_declared_direction_holds_in_every_bin():
    rng = np.random.default_rng(2)
    x = rng.uniform(-1, 1, 4000)
    bad = rng.random(4000) < expit(-2 + 3 * x**2 + x)
    frame = pl.DataFrame({"x": x})
    card = fit_scorecard(frame, bad, ScorecardOptions(directions={"x": 1})).card
    points = [attribute.points for attribute in card.characteristics[0].attributes]
    assert points == sorted(points, reverse=True)


def test_special_codes_get_points_of_their_own():
    rng = np.random.default_rng(3)
    x = rng.uniform(0, 1, 4000)
    coded = rng.random(4000) < 0.2
    bad = rng.random(4000) < np.where(coded, 0.5, expit(-2 + x))
    frame = pl.DataFrame({"x": np.where(coded, -9999.0, x)})
    card = fit_scorecard(frame, bad, ScorecardOptions(special={"x": (-9999.0,)})).card
    each = card.characteristics[0]
    assert isinstance(each, Numeric)
    assert each.special[0][1].bad_rate == pytest.approx(0.5, abs=0.05)
    assert card.points({"x": -9999.0}) < min(card.points({"x": v}) for v in (0.0, 0.5, 1.0))
    assert all(edge > 0 for edge in each.edges)


def test_a_category_unseen_in_training_gets_the_declared_answer():
    frame, bad = applicants()
    record = {**frame.row(0, named=True), "sector": "moon"}
    neutral = fit_scorecard(frame, bad).card
    refusing = fit_scorecard(frame, bad, ScorecardOptions(unseen="refuse")).card
    assert neutral.pd(record) is not None
    assert refusing.pd(record) is None
    assert refusing.pd_frame(pl.DataFrame([record])).to_list() == [None]


def test_bins_hold_as_much_information_as_optbinnings():
    from optbinning import OptimalBinning

    frame, bad = applicants()
    for name, kind in (("income", "numerical"), ("debt", "numerical"), ("sector", "categorical")):
        column = frame[name]
        present = column.is_not_null().to_numpy()
        values = column.drop_nulls()
        options = BinOptions(min_bin_size=0.05 * present.sum() / present.size, rare=0.05)
        ours = with_evidence(
            find_bins(values, bad[present], options), values, bad[present], np.ones(present.sum())
        )
        peer = OptimalBinning(dtype=kind, max_n_bins=8, min_bin_size=0.05)
        peer.fit(values.to_numpy(), bad[present].astype(int))
        theirs = float(peer.binning_table.build()["IV"].iloc[-1])
        # theirs may cut anywhere, ours at even ranks and around common values
        assert ours.information_value > 0.94 * theirs


def test_newton_equals_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(4)
    X = rng.normal(size=(800, 4))
    y = rng.random(800) < expit(X @ [1, -1, 0.5, 0])
    weight = rng.uniform(0.5, 2, 800)
    ours, errors = logistic_newton(X, y, weight)
    peer = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(X, y, sample_weight=weight)
    assert ours == pytest.approx(peer.coef_[0], abs=1e-5)
    assert np.all(errors > 0)


def test_a_weight_of_two_is_a_row_given_twice():
    frame, bad = applicants(1500)
    rng = np.random.default_rng(8)
    twice = rng.random(bad.size) < 0.4
    again = np.concatenate([np.arange(bad.size), np.flatnonzero(twice)])
    weighted = fit_scorecard(frame, bad, weight=1.0 + twice).card
    doubled = fit_scorecard(frame[again], bad[again]).card
    assert weighted.features == doubled.features
    points = weighted.points_frame(frame).to_numpy()
    assert points == pytest.approx(doubled.points_frame(frame).to_numpy(), abs=1e-3)
    ours = auc(bad, weighted.pd_frame(frame).to_numpy(), 1.0 + twice)
    theirs = auc(bad[again], doubled.pd_frame(frame[again]).to_numpy())
    assert ours == pytest.approx(theirs, abs=1e-12)
    assert points != pytest.approx(fit_scorecard(frame, bad).card.points_frame(frame), abs=0.5)


def test_no_more_characteristics_than_asked_for_and_p_values_thin_them_out():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(2000, 8))
    bad = rng.random(2000) < expit(-1.5 + X[:, :6].sum(axis=1) * 0.4)
    frame = pl.DataFrame({f"x{at}": X[:, at] for at in range(8)})
    assert (
        len(fit_scorecard(frame, bad, ScorecardOptions(max_characteristics=3)).card.features) == 3
    )
    strict = fit_scorecard(frame, bad, ScorecardOptions(max_p_value=0.001, min_information_value=0))
    assert not {"x6", "x7"} & set(strict.card.features)


def test_three_thousand_columns_are_screened_and_noise_mostly_goes():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(2000, 3000))
    bad = rng.random(2000) < expit(-1.5 + X[:, 7] + X[:, 1234])
    frame = pl.DataFrame({f"x{at}": X[:, at] for at in range(3000)})
    result = screen(frame, frame.columns, bad, keep=60)
    assert result.kept[:2] in (["x7", "x1234"], ["x1234", "x7"])
    assert len(result.kept) + len(result.dropped) == 3000
    by_chance = sum("chance" in reason for reason in result.dropped.values())
    assert by_chance > 2700


def test_a_target_with_one_class_and_features_that_say_nothing_are_refused():
    frame, bad = applicants(500)
    with pytest.raises(BadInput, match="only one class"):
        fit_scorecard(frame, np.zeros(500))
    with pytest.raises(BadInput, match="no feature can be used"):
        fit_scorecard(frame.select("constant", "empty", "number"), bad)


def test_high_cardinality_is_pooled_not_memorised():
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 400, 5000)
    bad = rng.random(5000) < 0.2
    frame = pl.DataFrame({"code": [f"c{c}" for c in codes], "x": rng.normal(size=5000)})
    card = fit_scorecard(frame, bad).card
    fresh = rng.random(5000) < 0.2
    assert abs(auc(fresh, card.pd_frame(frame).to_numpy()) - 0.5) < 0.03
    for each in card.characteristics:
        if isinstance(each, Categorical):
            assert sum(len(group) for group in each.groups) < 100


def test_information_value_of_a_worked_table():
    goods, bads = np.array([400.0, 300, 300]), np.array([20.0, 30, 50])
    shares = (goods / 1000 - bads / 100) * np.log((goods / 1000) / (bads / 100))
    assert information_value(goods, bads) == pytest.approx(shares.sum())


def test_fit_is_the_same_twice():
    frame, bad = applicants(1500)
    assert fit_scorecard(frame, bad).card == fit_scorecard(frame, bad).card
    card = fit_scorecard(frame, bad).card
    assert Scorecard.from_json(card.to_json()) == card


def test_lendingclub_out_of_time_reaches_the_bar(shared_data):
    frame = pl.read_parquet(shared_data / "lendingclub_2018" / "lendingclub_2018.parquet")
    month = frame["issue_d"].str.split("/").list.get(1).cast(pl.Int32).to_numpy()
    bad = frame["loan_status"].to_numpy()
    price = ("grade", "sub_grade", "installment", "derived_apr")
    features = frame.drop(*price, "id", "issue_d", "loan_status")
    card = fit_scorecard(features.filter(month <= 9), bad[month <= 9]).card
    assert auc(bad[month > 9], card.pd_frame(features.filter(month > 9)).to_numpy()) >= 0.645


@pytest.mark.filterwarnings("error")
def test_a_characteristic_constant_among_the_rows_selected_on_correlates_with_none():
    rng = np.random.default_rng(0)
    first = rng.normal(size=500)
    matrix = np.column_stack([first, np.full(500, 0.3), first + rng.normal(size=500)])
    result = correlations(matrix)
    assert result[1].tolist() == [0.0, 1.0, 0.0]
    assert result[0, 2] == pytest.approx(np.corrcoef(matrix[:, 0], matrix[:, 2])[0, 1])


def test_among_many_rows_all_are_counted_and_only_cuts_of_many_values_are_sought_in_a_sample():
    rng = np.random.default_rng(8)
    rows = 120_000
    whole, fine = rng.integers(0, 30, rows).astype(float), rng.normal(size=rows)
    bad = rng.random(rows) < expit(-2.5 + 0.05 * whole + 0.5 * fine)
    fitted = fit_scorecard(pl.DataFrame({"whole": whole, "fine": fine}), bad)
    assert fitted.notes == [
        "characteristics chosen on a random 100,000 of 120,000 training rows",
        "cuts of 1 characteristics with over 100,000 different values each sought at quantile "
        "points of those rows",
    ]
    for each in fitted.card.characteristics:
        column = {"whole": whole, "fine": fine}[each.name]
        inside = np.searchsorted(each.edges, column, side="right")
        for at, attribute in enumerate(each.attributes):
            assert attribute.share == pytest.approx((inside == at).mean(), abs=1e-12)
            assert attribute.bad_rate == pytest.approx(bad[inside == at].mean(), abs=1e-12)
    (edges,) = [each.edges for each in fitted.card.characteristics if each.name == "whole"]
    alone = find_bins(pl.Series("whole", whole), bad, BinOptions())
    assert isinstance(alone, Numeric)
    assert edges == alone.edges


def test_points_are_those_of_the_exact_optimum():
    frame, bad = applicants(rows=5000)
    card = fit_scorecard(frame, bad).card
    columns = np.column_stack(
        [
            np.array([a.woe for a in each.all_attributes()] + [np.nan])[
                each.locate(frame[each.name])
            ]
            for each in card.characteristics
        ]
    )
    beta = np.array([card.intercept, *(each.coefficient for each in card.characteristics)])
    design = np.column_stack([np.ones(len(columns)), columns])
    slope = design.T @ (~bad - expit(design @ beta)) - np.append(0.0, beta[1:])
    assert np.abs(slope).max() < 1e-7
