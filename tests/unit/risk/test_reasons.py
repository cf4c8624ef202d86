"""Reasons are measured against the cut-off, once per concept, for both kinds of model."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.risk.boosted_fit import BoostedOptions, fit_boosted
from equipoise.risk.reasons import AtCutoff, at_cutoff, ranked, reasons
from equipoise.risk.scorecard_fit import fit_scorecard


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    rows = 4000
    frame = pl.DataFrame(
        {
            "utilisation": rng.uniform(0, 1, rows),
            "balance": rng.uniform(0, 1, rows),
            "age_of_file": rng.uniform(0, 1, rows),
            "sector": rng.choice(["farm", "shop", "mine"], rows),
        }
    )
    raw = (
        -2
        + 2.5 * frame["utilisation"].to_numpy()
        + 1.5 * frame["balance"].to_numpy()
        - 2.5 * frame["age_of_file"].to_numpy()
        + (frame["sector"] == "mine").to_numpy()
    )
    return frame, rng.random(rows) < expit(raw)


@pytest.fixture(scope="module", params=["scorecard", "boosted"])
def model(request, data):
    frame, bad = data
    if request.param == "scorecard":
        return fit_scorecard(frame, bad).card
    half = np.arange(frame.height) < frame.height // 2
    folds = [(np.flatnonzero(half), np.flatnonzero(~half))]
    options = BoostedOptions(leaves=(4,), max_rounds=200, patience=20)
    return fit_boosted(frame, bad, folds, options).model


BAD_CASE = {"utilisation": 0.98, "balance": 0.97, "age_of_file": 0.9, "sector": "shop"}


def test_the_heaviest_reason_comes_first_and_strengths_give_none(model, data):
    frame, _ = data
    result = reasons(model, BAD_CASE, at_cutoff(model, frame, 0.3))
    assert [reason.feature for reason in result][:2] == ["utilisation", "balance"]
    assert "age_of_file" not in [reason.feature for reason in result]
    assert all(reason.shortfall > 0 for reason in result)


def test_a_concept_is_named_once_and_sums_its_features(model, data):
    frame, _ = data
    reference = at_cutoff(model, frame, 0.3)
    alone = {each.feature: each.shortfall for each in reasons(model, BAD_CASE, reference)}
    result = reasons(model, BAD_CASE, reference, {"utilisation": "debts", "balance": "debts"})
    debts = [reason for reason in result if reason.concept == "debts"]
    assert len(debts) == 1
    assert debts[0].feature == "utilisation"
    assert debts[0].shortfall == pytest.approx(alone["utilisation"] + alone["balance"])


def test_shortfalls_add_up_to_the_distance_from_the_cutoff(model, data):
    frame, _ = data
    reference = at_cutoff(model, frame, 0.3)
    contributions = model.risks(frame)
    pd = model.pd_frame(frame).to_numpy()
    means = np.array([reference.means[name] for name in model.features])
    distance = (contributions - means).sum(axis=1)
    raw = np.log(pd / (1 - pd)) - np.log(0.3 / 0.7)
    assert np.corrcoef(distance, raw)[0, 1] > 0.999
    assert abs(np.median(distance - raw)) < 0.05


def test_the_reference_follows_the_cutoff(model, data):
    frame, _ = data
    lenient, strict = at_cutoff(model, frame, 0.5), at_cutoff(model, frame, 0.05)
    assert sum(lenient.means.values()) > sum(strict.means.values())
    assert AtCutoff.from_dict(lenient.as_dict()) == lenient
    with pytest.raises(BadInput):
        at_cutoff(model, frame, 1.2)


def test_four_reasons_at_most():
    reference = AtCutoff(0.1, dict.fromkeys("abcdefg", 0.0), 10)
    result = ranked(list("abcdefg"), np.arange(7.0), reference)
    assert [reason.feature for reason in result] == ["g", "f", "e", "d"]
