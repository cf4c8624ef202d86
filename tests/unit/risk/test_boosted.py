"""Boosted trees: one record as the frame, saved and loaded to the bit, directions kept."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from equipoise.errors import BadInput, GateRefused
from equipoise.risk import boosted_fit
from equipoise.risk.boosted import Boosted
from equipoise.risk.boosted_fit import (
    MANY_ROWS,
    BoostedOptions,
    clear_directions,
    fit_boosted,
    paced,
    refit_boosted,
)
from equipoise.risk.monotone import Certificate, Counterexample
from equipoise.risk.split import inner_folds
from equipoise.risk.validation import auc

QUICK = BoostedOptions(leaves=(4, 8), max_rounds=300, learning_rate=0.1, patience=20)


def applicants(rows: int = 3000, seed: int = 0):
    rng = np.random.default_rng(seed)
    debt, income = rng.uniform(0, 1, rows), rng.lognormal(0, 0.6, rows)
    sector = rng.choice(["farm", "shop", "mine"], rows)
    raw = -2 + 2.5 * debt - 0.8 * np.log(income) + (sector == "mine")
    frame = pl.DataFrame(
        {
            "debt": pl.Series(debt).set(pl.Series(rng.random(rows) < 0.1), None),
            "income": income,
            "sector name": sector,
            "constant": np.ones(rows),
        }
    )
    return frame, rng.random(rows) < expit(raw)


@pytest.fixture(scope="module")
def fitted():
    frame, bad = applicants()
    options = replace(QUICK, directions={"debt": 1, "income": -1})
    return fit_boosted(frame, bad, inner_folds(frame.height, None), options, window_months=12)


def test_ranks_and_is_calibrated_on_fresh_rows(fitted):
    frame, bad = applicants(seed=1)
    pd = fitted.model.pd_frame(frame).to_numpy()
    assert auc(bad, pd) > 0.72
    assert pd.mean() == pytest.approx(bad.mean(), abs=0.025)
    assert fitted.dropped == {"constant": "is the same in every row"}


def test_the_level_is_that_of_all_rows_not_of_the_months_tried_last():
    frame, bad = applicants(4000)
    months = np.arange(4000) // 500
    lately = months >= 4
    bad = bad & ~(lately & (np.random.default_rng(5).random(4000) < 0.3))  # fewer, by chance or not
    result = fit_boosted(frame, bad, inner_folds(4000, months), QUICK)
    assert result.model.pd_frame(frame).to_numpy().mean() == pytest.approx(bad.mean(), rel=1e-6)


def test_certificate_holds_and_says_for_what(fitted):
    assert fitted.certificate.holds
    assert fitted.certificate.directions == {"debt": 1, "income": -1}


def test_one_record_equals_its_row_in_a_frame(fitted):
    frame, _ = applicants(200, seed=2)
    pds = fitted.model.pd_frame(frame).to_list()
    assert [fitted.model.pd(record) for record in frame.iter_rows(named=True)] == pds


def test_saved_and_loaded_it_is_the_same_model(fitted, tmp_path):
    frame, _ = applicants(100, seed=3)
    fitted.model.save(tmp_path)
    again = Boosted.load(tmp_path / "boosted.json")
    assert again == fitted.model
    assert again.pd_frame(frame).equals(fitted.model.pd_frame(frame))
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".txt"}


def test_an_altered_model_is_refused(fitted, tmp_path):
    fitted.model.save(tmp_path)
    sidecar = tmp_path / "boosted.json"
    data = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**data, "shift": data["shift"] + 0.1}))
    with pytest.raises(BadInput, match="altered"):
        Boosted.load(sidecar)
    (tmp_path / "boosted.lgb.txt").unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        Boosted.load(sidecar)


def test_values_that_training_never_saw_are_flagged(fitted):
    known = {"debt": 0.5, "income": 1.0, "sector name": "mine"}
    assert fitted.model.unseen(known) == []
    assert fitted.model.unseen({**known, "debt": None}) == []  # missing in training too
    assert fitted.model.unseen({**known, "income": None}) == ["income"]
    assert fitted.model.unseen({**known, "sector name": "moon"}) == ["sector name"]
    missing = fitted.model.pd({**known, "sector name": None})
    assert fitted.model.pd({**known, "sector name": "moon"}) == missing


def test_contributions_sum_to_the_log_odds_less_a_constant(fitted):
    frame, _ = applicants(300, seed=4)
    pd = fitted.model.pd_frame(frame).to_numpy()
    rest = np.log(pd / (1 - pd)) - fitted.model.risks(frame).sum(axis=1)
    assert np.ptp(rest) < 1e-6


def test_a_refit_keeps_features_level_and_directions(fitted):
    frame, bad = applicants(seed=5)
    again = refit_boosted(fitted.model, frame, bad, leaves=fitted.leaves, rounds=fitted.rounds)
    assert again.features == fitted.model.features
    assert (again.slope, again.shift) == (fitted.model.slope, fitted.model.shift)
    assert again.directions == fitted.model.directions
    assert again.model_text != fitted.model.model_text


def test_directions_that_are_plain_are_found_and_others_are_not():
    rng = np.random.default_rng(6)
    rising, hump, noise = rng.normal(size=(3, 8000))
    bad = rng.random(8000) < expit(-1 + rising - hump**2)
    result = clear_directions({"rising": rising, "hump": hump, "noise": noise}, bad)
    assert result == {"rising": 1}


def test_a_broken_direction_is_refused_not_registered(monkeypatch):
    broken = Certificate(False, {"debt": 1}, 1, 2, 1, Counterexample(0, "debt", {}, {}, 1.0, 0.0))
    monkeypatch.setattr(boosted_fit, "certify", lambda *_: broken)
    frame, bad = applicants(500)
    with pytest.raises(GateRefused, match="'debt'"):
        fit_boosted(frame, bad, inner_folds(500, None), QUICK)


def test_bad_targets_and_useless_features_are_refused():
    frame, bad = applicants(300)
    with pytest.raises(BadInput, match="only one class"):
        fit_boosted(frame, np.ones(300), inner_folds(300, None), QUICK)
    with pytest.raises(BadInput, match="no feature"):
        fit_boosted(frame.select("constant"), bad, inner_folds(300, None), QUICK)
    with pytest.raises(BadInput, match="lacks 'income'"):
        fit_boosted(frame, bad, inner_folds(300, None), QUICK).model.pd_frame(frame.drop("income"))


def test_the_fit_is_the_same_twice():
    frame, bad = applicants(800)
    first, second = (fit_boosted(frame, bad, inner_folds(800, None), QUICK) for _ in range(2))
    assert first.model.digest == second.model.digest


def test_many_rows_are_learnt_from_in_larger_steps_and_a_faster_rate_stays_as_asked():
    assert paced(BoostedOptions(), MANY_ROWS - 1).learning_rate == 0.03
    assert paced(BoostedOptions(), MANY_ROWS).learning_rate == pytest.approx(0.09)
    assert paced(BoostedOptions(learning_rate=0.08), MANY_ROWS).learning_rate == 0.1
    assert paced(BoostedOptions(learning_rate=0.3), MANY_ROWS).learning_rate == 0.3
