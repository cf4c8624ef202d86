"""Those not booked: the bound against known normal integrals, the readings against known truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import multivariate_normal, norm

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.risk import RiskDocument, fit_risk
from equipoise.risk.accepted_only import bivariate_normal, inferred_pds, pd_if_not_booked
from equipoise.risk.scorecard_fit import fit_scorecard


@pytest.mark.parametrize("rho", [-0.9, -0.4, 0.0, 0.5, 0.9])
def test_the_bivariate_normal_is_scipys(rho: float) -> None:
    points = [(-2.0, 1.0), (0.3, -0.7), (1.5, 1.5), (0.0, 0.0), (-1.2, -2.4)]
    theirs = [multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf(each) for each in points]
    a, b = np.array(points).T
    assert bivariate_normal(a, b, rho) == pytest.approx(theirs, abs=2e-5)


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.4])
def test_the_bound_finds_the_pd_of_the_left_out_where_rho_is_true(rho: float) -> None:
    rng = np.random.default_rng(0)
    unseen = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], 400_000)
    bad, booked = unseen[:, 0] < norm.ppf(0.15), unseen[:, 1] < norm.ppf(0.6)
    result = pd_if_not_booked(np.array([bad[booked].mean()]), np.array([0.6]), rho)
    assert result[0] == pytest.approx(bad[~booked].mean(), abs=0.004)


def selected(rows: int = 8000, rho: float = -0.4) -> dict[str, Any]:
    """Applicants booked by facts and by something unseen that goes with default."""
    rng = np.random.default_rng(1)
    x, z = rng.normal(size=rows), rng.normal(size=rows)
    unseen = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], rows)
    bad = unseen[:, 0] < -1.2 + 0.6 * x
    booked = unseen[:, 1] < 0.3 - 0.7 * x + 0.5 * z
    return {"frame": pl.DataFrame({"x": x, "z": z}), "bad": bad, "booked": booked}


def test_readings_lie_around_the_truth_and_the_true_correlation_finds_it() -> None:
    people = selected()
    frame, bad, booked = people["frame"], people["bad"], people["booked"]
    card = fit_scorecard(frame.filter(pl.Series(booked)), bad[booked]).card
    base = card.pd_frame(frame).to_numpy()
    result = inferred_pds(
        frame, bad & booked, booked, booked, base,
        multiple=2.0, correlations=(-0.4, 0.4), directions={},
    )  # fmt: skip
    levels = {each.name: each.pd[~booked].mean() for each in result}
    truth, plain = bad[~booked].mean(), base[~booked].mean()
    # booked ones like them look far better than they are; augmentation by their own PD adds nothing
    assert plain < 0.75 * truth
    assert levels["fuzzy augmentation"] == pytest.approx(plain, rel=0.1)
    assert levels["parcelling"] > 1.5 * plain
    assert levels["selection, rho -0.4"] == pytest.approx(truth, rel=0.2)
    assert levels["selection, rho 0.4"] < plain
    for each in result:
        assert np.all((each.pd > 0) & (each.pd < 1))
        if each.name.startswith("selection"):
            assert np.array_equal(each.pd[booked], np.clip(base[booked], 1e-6, 1 - 1e-6))


def test_without_anybody_left_out_nothing_can_be_inferred() -> None:
    people = selected(500)
    everybody = np.ones(500, dtype=bool)
    with pytest.raises(BadInput, match="0 applications were not booked"):
        inferred_pds(
            people["frame"], people["bad"], everybody, everybody, np.full(500, 0.1),
            multiple=2.0, correlations=(0.3,), directions={},
        )  # fmt: skip


def contract() -> Contract:
    fields = [
        {"name": "bad", "type": "boolean", "use": "target"},
        {"name": "x", "type": "number"},
        {"name": "z", "type": "number"},
        {"name": "lent", "type": "boolean", "use": "outcome"},
    ]
    target = {"field": "bad", "event": True, "window_months": 12}
    return Contract.model_validate({"name": "l", "target": target, "fields": fields})


def test_that_outcomes_are_of_the_booked_alone_is_the_first_thing_said() -> None:
    people = selected(3000)
    booked = pl.Series("lent", people["booked"])
    seen = pl.Series("bad", people["bad"]).set(~booked, None)
    frame = people["frame"].with_columns(seen, booked)
    parts = {"models": [{"name": "card", "kind": "scorecard"}], "split": {"kind": "random"}}
    silent = RiskDocument.model_validate(parts)
    said = fit_risk(silent, contract(), frame).validation["notes"][0]
    share = 1 - booked.mean()  # type: ignore[operator]
    assert f"({share:.0%}) have no outcome" in said and "accepted applicants alone" in said
    named = RiskDocument.model_validate({**parts, "accepted_only": {"booked": "lent"}})
    said = fit_risk(named, contract(), frame).validation["notes"][0]
    assert said.startswith("outcomes are known for the booked alone") and f"{share:.0%}" in said
    whole = frame.drop_nulls("bad")
    assert not fit_risk(silent, contract(), whole).validation["cautions"]
    refused = fit_risk(silent, contract(), whole, without_outcome=900).validation["cautions"][0]
    assert "900 are refused by the check" in refused
