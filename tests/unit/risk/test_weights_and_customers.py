"""Sample weights count rows; one customer's loans are never on both sides of a comparison."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.special import expit
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.risk import RiskDocument, cross_fitted_pd, fit_risk
from equipoise.risk import validation as v
from equipoise.risk.calibration import calibration_in_the_large
from equipoise.risk.customers import first_rows, fold_of_customers
from equipoise.risk.grounds import learning_ground
from equipoise.risk.split import inner_folds

QUICK = [
    {"name": "card", "kind": "scorecard"},
    {"name": "trees", "kind": "boosted", "leaves": [4], "max_rounds": 60, "learning_rate": 0.1},
]


def lender(**parts: Any) -> Contract:
    fields = [
        {"name": "bad", "type": "integer", "use": "target"},
        {"name": "x", "type": "number"},
        {"name": "kind", "type": "string"},
        {"name": "person", "type": "integer", "use": "identifier"},
        {"name": "day", "type": "date", "use": "date" if parts.get("date") else "ignore"},
        {"name": "stands_for", "type": "number", "use": "weight" if "weight" in parts else "audit"},
    ]
    target = {"field": "bad", "event": 1, "window_months": 12}
    return Contract.model_validate({"name": "l", "target": target, "fields": fields, **parts})


def sample(rows: int = 3000, seed: int = 0, persons: int | None = None) -> pl.DataFrame:
    """A fifth of the good and all of the bad loans of a lender, with the weights that say so."""
    rng = np.random.default_rng(seed)
    x, kind = rng.normal(size=rows * 4), rng.choice(["a", "b"], rows * 4)
    bad = rng.random(rows * 4) < expit(-2.5 + x + (kind == "a"))
    kept = np.flatnonzero(bad | (rng.random(rows * 4) < 0.2))[:rows]
    day = np.datetime64("2022-01-01") + np.sort(rng.integers(0, 700, kept.size))
    return pl.DataFrame(
        {
            "bad": bad[kept].astype(int),
            "x": x[kept],
            "kind": kind[kept],
            "person": rng.integers(0, persons or 10**9, kept.size),
            "day": pl.Series(day).cast(pl.Date),
            "stands_for": np.where(bad[kept], 1.0, 5.0),
        }
    )


def test_weighted_measures_are_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    bad, pd = rng.random(500) < 0.3, np.round(rng.uniform(0.01, 0.99, 500), 2)
    weight = rng.uniform(0.2, 5, 500)
    assert v.auc(bad, pd, weight) == pytest.approx(
        metrics.roc_auc_score(bad, pd, sample_weight=weight)
    )
    assert v.brier(bad, pd, weight) == pytest.approx(
        metrics.brier_score_loss(bad, pd, sample_weight=weight)
    )
    assert v.log_loss(bad, pd, weight) == pytest.approx(
        metrics.log_loss(bad, pd, sample_weight=weight)
    )
    false, true, _ = metrics.roc_curve(bad, pd, sample_weight=weight)
    assert v.ks(bad, pd, weight) == pytest.approx(np.max(true - false))


@pytest.mark.parametrize("measure", [v.auc, v.gini, v.ks, v.brier, v.log_loss])
def test_a_weight_of_three_is_three_rows(measure: Any) -> None:
    rng = np.random.default_rng(1)
    bad, pd = rng.random(300) < 0.3, rng.uniform(0.01, 0.99, 300)
    times = rng.integers(1, 4, 300)
    again = np.repeat(np.arange(300), times)
    weighted = measure(bad, pd, weight=times.astype(float))
    assert weighted == pytest.approx(measure(bad[again], pd[again]), abs=1e-12)
    large = calibration_in_the_large(bad, pd, times.astype(float))
    assert large == pytest.approx(calibration_in_the_large(bad[again], pd[again]), abs=1e-9)
    h = v.h_measure(bad, pd, weight=times.astype(float))
    assert h == pytest.approx(v.h_measure(bad[again], pd[again]), abs=1e-12)


def test_weights_add_no_information_to_an_interval_and_customers_take_some_away() -> None:
    rng = np.random.default_rng(2)
    bad, pd = rng.random(400) < 0.3, rng.uniform(size=400)
    plain = v.auc_interval(bad, pd)
    assert v.auc_interval(bad, pd, weight=np.full(400, 9.0)) == pytest.approx(plain, abs=2e-3)
    five = np.repeat(np.arange(400), 5)
    naive = v.auc_interval(bad[five], pd[five])
    whose = v.auc_interval(bad[five], pd[five], customer=five)
    assert whose == pytest.approx(plain, abs=2e-3)
    assert naive[1] - naive[0] < 0.5 * (plain[1] - plain[0])


def test_the_models_learn_the_lenders_level_from_a_weighted_sample() -> None:
    frame = sample()
    document = RiskDocument.model_validate({"models": QUICK, "split": {"kind": "random"}})
    fitted = fit_risk(document, lender(weight="stands_for"), frame)
    plain = fit_risk(document, lender(), frame)
    weight = frame["stands_for"].to_numpy()
    truth = float(np.average(frame["bad"], weights=weight))
    columns = np.column_stack([frame["x"], frame["kind"] == "a"])
    peer = LogisticRegression().fit(columns, frame["bad"], sample_weight=weight)
    theirs = peer.predict_proba(columns)[:, 1]
    for name in ("card", "trees"):
        pd = fitted.pd(frame, name)
        assert float(np.average(pd, weights=weight)) == pytest.approx(truth, abs=0.015)
        assert float(np.average(plain.pd(frame, name), weights=weight)) > 1.5 * truth
        assert np.corrcoef(pd, theirs)[0, 1] > 0.93
    assert any("'stands_for'" in note for note in fitted.validation["notes"])
    scaled = frame.with_columns(pl.col("stands_for") / 1e4)
    again = fit_risk(document, lender(weight="stands_for"), scaled)
    assert again.pd(frame, "card") == pytest.approx(fitted.pd(frame, "card"), abs=1e-9)


def test_one_customers_loans_stand_on_one_side_and_in_one_fold() -> None:
    frame, contract = sample(persons=700), lender(customer="person")
    ground = learning_ground(RiskDocument(split={"kind": "random"}), contract, frame)
    whose = frame["person"].to_numpy()
    sides = ground.split.train, ground.split.test
    assert not set(whose[sides[0]]) & set(whose[sides[1]])
    fold = fold_of_customers(frame.height, first_rows(contract, frame), 5)
    assert pl.DataFrame({"p": whose, "f": fold}).group_by("p").n_unique()["f"].max() == 1
    for train, valid in inner_folds(frame.height, None, customers=first_rows(contract, frame)):
        assert not set(whose[train]) & set(whose[valid])


def test_out_of_time_customers_of_the_test_leave_training_unless_too_few_would_stay() -> None:
    document = RiskDocument(split={"kind": "out_of_time"})
    for persons, taken in ((8000, True), (700, False)):
        frame, contract = sample(persons=persons), lender(customer="person", date="day")
        split = learning_ground(document, contract, frame).split
        whose = frame["person"].to_numpy()
        assert bool(set(whose[split.train]) & set(whose[split.test])) is not taken
        (note,) = split.notes
        assert ("taken out of training" in note) is taken
        assert ("flatters" in note) is not taken


def test_without_repeats_a_customer_field_changes_nothing() -> None:
    frame = sample().with_columns(person=pl.int_range(3000))
    document = RiskDocument.model_validate({"models": QUICK[:1], "split": {"kind": "random"}})
    with_field, without = lender(customer="person"), lender()
    ours, plain = (fit_risk(document, each, frame) for each in (with_field, without))
    assert ours.model.digest == plain.model.digest
    folds = [cross_fitted_pd(ours, document, each, frame) for each in (with_field, without)]
    assert np.array_equal(*folds)


def test_a_missing_customer_is_nobody_elses() -> None:
    frame = pl.DataFrame({"person": [7, None, 7, None]})
    assert first_rows(lender(customer="person"), frame).tolist() == [0, 1, 0, 3]  # type: ignore[union-attr]


def test_a_model_that_cannot_be_told_from_chance_is_the_first_thing_said() -> None:
    frame = sample()
    coin = np.random.default_rng(3).random(frame.height) < 0.3
    noise = frame.with_columns(bad=pl.Series(coin.astype(int)))
    document = RiskDocument.model_validate({"models": QUICK[:1], "split": {"kind": "random"}})
    said = fit_risk(document, lender(), noise).validation["notes"][0]
    assert "does not discriminate" in said and "holds 0.5" in said and "left to chance" in said
    assert not fit_risk(document, lender(), frame).validation["cautions"]


def test_a_direction_against_the_data_is_said_with_what_became_of_the_fact() -> None:
    frame = sample()
    document = RiskDocument.model_validate(
        {"models": QUICK, "split": {"kind": "random"}, "monotone": {"x": "decreasing"}}
    )
    notes = fit_risk(document, lender(), frame).validation["notes"]
    (said,) = [note for note in notes if "declared decreasing" in note]
    assert "'card' left it out" in said and "the opposite" in said


def test_check_refuses_what_fit_would() -> None:
    with pytest.raises(BadInput, match="the test rows hold"):
        learning_ground(RiskDocument(split={"kind": "random"}), lender(), sample(100))
