"""A lender's own file, from a draft to a balance, and an appetite nobody can meet."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from equipoise.balance import Infeasible
from equipoise.workspace import Workspace, balance_workspace, fit_workspace, new_from_file


@pytest.fixture(scope="module")
def lender(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(5)
    n = 2500
    income, amount = rng.lognormal(8, 0.4, n), rng.lognormal(9, 0.5, n)
    late = rng.poisson(0.4, n)
    odds = -2.2 + 0.5 * np.log(amount / income) + 0.8 * late
    pl.DataFrame(
        {
            "customer": np.arange(n),
            "loan_amount": amount.round(0),
            "monthly_income": income.round(0),
            "late_payments": late,
            "sex": rng.choice(["f", "m"], n),
            "outcome": np.where(rng.random(n) < 1 / (1 + np.exp(-odds)), "bad", "good"),
        }
    ).write_csv(folder / "loans.csv")
    workspace, _ = new_from_file(folder / "lender", folder / "loans.csv", "outcome", None)
    fit_workspace(workspace)
    return workspace


def test_a_drafted_workspace_fits_and_balances_without_editing(lender):
    result = balance_workspace(lender).as_dict()
    assert result["certificate"]["violation"] <= 1e-9
    best = result["recommended"]["same_risk"]
    assert best["y"] >= result["champion"]["y"]
    assert best["x"] <= result["champion"]["x"]
    kinds = {each["provenance"] for each in result["provenance"]}
    assert {"measured", "assumed"} <= kinds


def test_a_protected_field_reaches_no_model(lender):
    card = (lender.build / "risk" / "scorecard.json").read_text()
    assert '"sex"' not in card


def test_an_appetite_nobody_can_meet_names_the_limit_and_what_could_hold(lender):
    path = lender.folder / "appetite.yaml"
    before = path.read_text()
    path.write_text(before.replace("at_least: today", "at_least: 1.0e+12"))
    try:
        with pytest.raises(Infeasible) as refused:
            balance_workspace(Workspace(lender.folder))
    finally:
        path.write_text(before)
    assert refused.value.exit_code == 1
    assert refused.value.clashing == ("profit",)
    assert 0 < refused.value.nearest["profit"] < 1e12
