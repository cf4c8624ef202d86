"""The how-to "bring your own scorecard" does what it says, from the card's file to decisions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from equipoise.cli import main
from equipoise.errors import BadInput
from equipoise.strategy.engine import load_strategy
from equipoise.workspace import Workspace, balance_workspace

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "bring-your-own-scorecard.md"
ROWS = 1200


def block(language: str) -> str:
    match = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    return match.group(1)


def loans(rows: int = ROWS) -> pl.DataFrame:
    rng = np.random.default_rng(11)
    income, amount = rng.lognormal(8.1, 0.4, rows), rng.lognormal(9, 0.5, rows)
    late, home = rng.poisson(0.5, rows), rng.choice(["RENT", "OWN", "MORTGAGE"], rows)
    odds = -2.6 + 0.5 * np.log(amount / income) + 0.8 * late + 0.4 * (home == "RENT")
    return pl.DataFrame(
        {
            "customer": np.arange(rows),
            "loan_amount": amount.round(0),
            "monthly_income": income.round(0),
            "late_payments": late,
            "home": home,
            "sex": rng.choice(["f", "m"], rows),
            "outcome": np.where(rng.random(rows) < 1 / (1 + np.exp(-odds)), "bad", "good"),
        }
    )


def run(*words: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code in (0, None), words


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own-card")
    loans().write_csv(folder / "loans.csv")
    made = folder / "my-lender"
    run("new", str(made), "--from", str(folder / "loans.csv"), "--target", "outcome")
    (made / "card.csv").write_text(block("csv"))
    risk = yaml.safe_load((made / "risk.yaml").read_text())
    (made / "risk.yaml").write_text(yaml.safe_dump({**risk, **yaml.safe_load(block("yaml"))}))
    strategy = (made / "strategy.yaml").read_text()
    (made / "strategy.yaml").write_text(strategy.replace("model: scorecard", "model: ours"))
    for line in block("sh").splitlines():
        run(*line.replace("my-lender", str(made)).split()[1:])
    return made


def by_hand(row: dict[str, object]) -> float:
    """The page's card, worked out without us."""
    points = 180.0
    late, home = int(str(row["late_payments"])), row["home"]
    amount, income = float(str(row["loan_amount"])), float(str(row["monthly_income"]))
    points += 40 if late < 1 else 22 if late < 2 else 0
    points += {"RENT": 12, "OWN": 25, "MORTGAGE": 25, None: 12}[home]  # type: ignore[index]
    points += 60 if amount < 6000 else 48 if amount < 12000 else 30
    return points + (10 if income < 2500 else 24 if income < 4000 else 38)


def test_the_card_is_judged_beside_ours_and_used(lender: Path) -> None:
    fit = json.loads((lender / "build" / "fit.json").read_text())
    ours, challenger = fit["models"]
    assert (ours["name"], ours["kind"], ours["used_for_pd"]) == ("ours", "external", True)
    assert challenger["kind"] == "scorecard"
    assert 0.5 < ours["auc"] < 0.9
    assert fit["comparison"]["a"] == "ours"
    assert any("card.csv" in note and "as delivered" in note for note in fit["notes"])
    assert {row["feature"] for row in ours["csi"]} == set(ours["features"])
    shares = [sum(bin_["share"] for bin_ in each["bins"]) for each in ours["characteristics"]]
    assert shares == pytest.approx([1.0] * 4)


def test_the_sealed_card_decides_by_its_own_points(lender: Path) -> None:
    strategy = load_strategy(next((lender / "sealed").glob("*.json")))
    rows = loans(60).drop("outcome", "sex").to_dicts()
    decided = [strategy.decide(row) for row in rows]
    scored = [(row, one) for row, one in zip(rows, decided, strict=True) if one.trace.points]
    assert len(scored) > 50
    for row, one in scored:
        assert one.trace.points == by_hand(row)
        odds = 4 * 2 ** ((one.trace.points - 290) / 20)
        assert one.trace.pd == pytest.approx(1 / (1 + odds), rel=3e-4)
    assert "points" in strategy.sql("duckdb")


def test_a_card_that_changed_since_the_fit_is_seen(lender: Path) -> None:
    card = lender / "card.csv"
    before = card.read_text()
    card.write_text(before.replace("base,,,,180", "base,,,,181"))
    try:
        with pytest.raises(BadInput, match="changed since the workspace was fitted") as refused:
            balance_workspace(Workspace(lender))
    finally:
        card.write_text(before)
    assert "card.csv" in str(refused.value)
