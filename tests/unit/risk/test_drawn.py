"""Models that see a part of the rows whole: who is drawn, and at whose level the model stands."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from equipoise.contract import Contract, check
from equipoise.risk import RiskDocument, fit_risk_on
from equipoise.risk.drawn import drawn
from equipoise.risk.fit import checked_features
from equipoise.risk.grounds import learning_ground
from equipoise.risk.table import FrameTable


def test_every_outcome_and_month_gives_the_same_share():
    rng = np.random.default_rng(0)
    rows = np.sort(rng.choice(200_000, 100_000, replace=False))
    bad, months = rng.random(rows.size) < 0.07, rng.integers(0, 12, rows.size)
    taken = drawn(rows, bad, months, 20_000, seed=1)
    assert taken.size == pytest.approx(20_000, abs=24)
    assert np.all(np.diff(taken) > 0)
    at = np.searchsorted(rows, taken)
    assert np.array_equal(rows[at], taken)
    for month in range(12):
        for flag in (False, True):
            stratum = (months == month) & (bad == flag)
            assert (stratum[at]).sum() == pytest.approx(0.2 * stratum.sum(), abs=1)


def test_whoever_is_drawn_is_so_by_number_and_seed_alone():
    rows, bad = np.arange(10_000), np.arange(10_000) % 9 == 0
    taken = drawn(rows, bad, None, 1_000, seed=1)
    assert np.array_equal(taken, drawn(rows, bad, None, 1_000, seed=1))
    assert not np.array_equal(taken, drawn(rows, bad, None, 1_000, seed=2))
    assert np.array_equal(rows, drawn(rows, bad, None, 10_000, seed=1))
    assert np.array_equal(rows, drawn(rows, bad, None, None, seed=1))


class Apart(FrameTable):
    """A table of which few rows may come whole."""

    most_whole: int | None = 1_500


def test_trees_taught_on_a_part_stand_at_the_level_of_all_and_say_so():
    rng = np.random.default_rng(4)
    debt, income = rng.uniform(0, 1, 6_000), rng.lognormal(0, 0.6, 6_000)
    bad = rng.random(6_000) < expit(-2.5 + 3 * debt - np.log(income))
    fields = [{"name": name, "type": "number"} for name in ("debt", "income")]
    contract = Contract.model_validate(
        {
            "name": "lender",
            "target": {"field": "bad", "event": 1, "window_months": 12},
            "fields": [*fields, {"name": "bad", "type": "integer", "use": "target"}],
        }
    )
    document = RiskDocument.model_validate({"models": [{"kind": "boosted", "name": "trees"}]})
    frame = check(
        contract, pl.DataFrame({"debt": debt, "income": income, "bad": bad.astype(np.int64)})
    ).frame
    features = checked_features(document, contract)
    table = Apart(features.frame(frame))
    fit = fit_risk_on(document, contract, frame, features=features, table=table)
    (entry,) = fit.validation["models"]
    assert any("drawn alike from each outcome and month" in note for note in entry["notes"])
    assert entry["n_train"] > 4_000
    train = learning_ground(document, contract, frame).split.train
    assert table.pd(fit.model)[train].mean() == pytest.approx(bad[train].mean(), abs=1e-6)
