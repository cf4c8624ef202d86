"""PSI and CSI of a fit, on a lender whose last month has other applicants: worked by hand."""

from __future__ import annotations

from math import log
from typing import Any

import polars as pl
import pytest

from equipoise.contract import Contract
from equipoise.risk import RiskDocument, fit_risk

CONTRACT = Contract.model_validate(
    {
        "name": "lender",
        "id": "id",
        "date": "applied",
        "target": {"field": "defaulted", "event": True, "window_months": 12},
        "fields": [
            {"name": "id", "type": "integer", "use": "identifier"},
            {"name": "applied", "type": "date", "use": "date"},
            {"name": "defaulted", "type": "boolean", "use": "target"},
            {"name": "owner", "type": "boolean"},
        ],
    }
)
CHI2_95_ONE_DEGREE = 3.841459  # any table of the distribution
TRAINING = [f"2020-{month:02}" for month in range(1, 9)]


def month(label: str, owners: int) -> pl.DataFrame:
    """A hundred applicants of a month: of owners every 12th defaults, of others every 4th."""
    owner = [at < owners for at in range(100)]
    bad = [at % 12 == 0 if owns else at % 4 == 0 for at, owns in enumerate(owner)]
    return pl.DataFrame({"applied": [f"{label}-15"] * 100, "owner": owner, "defaulted": bad})


@pytest.fixture(scope="module")
def judged() -> dict[str, Any]:
    """Half of the applicants own, in each month of training and in the first of the test; in the
    last month 80 of 100 do."""
    parts = [*(month(label, 50) for label in [*TRAINING, "2020-09"]), month("2020-10", 80)]
    frame = pl.concat(parts).with_columns(pl.col("applied").str.to_date()).with_row_index("id")
    document = RiskDocument.model_validate(
        {
            "models": [{"name": "card", "kind": "scorecard"}],
            "split": {"kind": "out_of_time", "from": "2020-09-01"},
        }
    )
    return fit_risk(document, CONTRACT, frame).validation["models"][0]


# shares 0.5 and 0.5 became 0.65 and 0.35 (130 of 200), and in the last month 0.8 and 0.2
OVERALL = 0.15 * log(0.65 / 0.5) - 0.15 * log(0.35 / 0.5)  # 0.092856
LAST = 0.3 * log(0.8 / 0.5) - 0.3 * log(0.2 / 0.5)  # 0.415888


def test_psi_holds_the_test_against_training(judged: dict[str, Any]) -> None:
    assert judged["psi"]["index"] == pytest.approx(OVERALL, rel=1e-12)
    assert judged["psi"]["index"] == pytest.approx(0.092856, abs=5e-7)
    assert judged["psi"]["rows"] == 200
    assert judged["psi"]["bound"] == pytest.approx(CHI2_95_ONE_DEGREE * (1 / 800 + 1 / 200))
    assert judged["psi"]["verdict"] == "stable"  # past its bound, within the band


def test_psi_of_each_month_names_the_one_that_shifted(judged: dict[str, Any]) -> None:
    bound = CHI2_95_ONE_DEGREE * (1 / 800 + 1 / 100)
    still, shifted = judged["psi_by_month"]
    assert still == {
        "month": "2020-09",
        "index": pytest.approx(0, abs=1e-15),
        "bound": pytest.approx(bound),
        "rows": 100,
        "verdict": "stable",
    }
    assert shifted == {
        "month": "2020-10",
        "index": pytest.approx(LAST, rel=1e-12),
        "bound": pytest.approx(bound),
        "rows": 100,
        "verdict": "major",
    }


def test_csi_of_a_characteristic_is_that_of_its_bins(judged: dict[str, Any]) -> None:
    [owner] = judged["csi"]
    assert owner["feature"] == "owner"
    assert owner["index"] == pytest.approx(OVERALL, rel=1e-12)
    assert owner["bound"] == pytest.approx(CHI2_95_ONE_DEGREE * (1 / 800 + 1 / 200))
    assert owner["rows"] == 200
    assert owner["by_month"] == {
        "2020-09": pytest.approx(0, abs=1e-15),
        "2020-10": pytest.approx(LAST, rel=1e-12),
    }
