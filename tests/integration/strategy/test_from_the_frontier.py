"""Taking a point: valued as the balance valued it, and refused where nothing is proved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from equipoise.errors import BadInput
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import read_balance
from equipoise.workspace.taking import from_frontier


def test_today_is_valued_as_the_balance_valued_it(lender: Workspace) -> None:
    balance = read_balance(lender).as_dict()
    taken = from_frontier(lender)
    for measure, total in balance["champion"]["measures"].items():
        assert taken.today[measure] == pytest.approx(total, rel=1e-9, abs=1e-9), measure


@pytest.mark.parametrize("model", ["scorecard", "boosted"])
def test_limits_hold_as_scored_and_with_the_balances_model_as_it_values_the_choice(
    lender: Workspace, model: str
) -> None:
    path = lender.folder / "strategy.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nmodel: scorecard", f"\nmodel: {model}"), encoding="utf-8")
    balance = read_balance(lender).as_dict()
    taken = from_frontier(lender)
    assert (taken.model, taken.balance_model) == (model, "boosted")
    axis, one = taken.axis, 1 / balance["applicants"]  # prices meet a limit up to one applicant
    least = balance["champion"]["measures"]["profit"]
    for policy in ["balance", *(["balance_out_of_fold"] if model == "boosted" else [])]:
        assert getattr(taken, policy)[axis] <= taken.level * (1 + one), policy
        assert getattr(taken, policy)["profit"] >= least * (1 - one), policy


@pytest.mark.parametrize("beside", [0.5, 1.5])
def test_a_level_outside_of_the_frontier_is_refused(lender: Workspace, beside: float) -> None:
    balance = read_balance(lender).as_dict()
    axis = balance["axes"]["x"]["measure"]
    levels = [point["measures"][axis] for point in balance["frontier"]]
    level = beside * (min(levels) if beside < 1 else max(levels))
    written = (lender.folder / "strategy.yaml").read_bytes()
    with pytest.raises(BadInput, match="outside the frontier"):
        from_frontier(lender, f"x={level}")
    assert (lender.folder / "strategy.yaml").read_bytes() == written


def test_a_menu_that_changed_since_the_balance_is_refused(lender: Workspace) -> None:
    path = lender.folder / "treatments.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# another thought\n", encoding="utf-8")
    with pytest.raises(BadInput, match="changed since the workspace was balanced"):
        from_frontier(lender)


def test_a_balance_of_another_time_is_refused(lender: Workspace) -> None:
    path = lender.build / "balance.json"
    balance = json.loads(path.read_text(encoding="utf-8"))
    balance["documents"]["risk.yaml"] = "0" * 64
    path.write_text(json.dumps(balance), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        from_frontier(lender)
    assert refused.value.where is not None
    assert Path(refused.value.where.file).name == "risk.yaml"
    assert "equipoise balance" in str(refused.value)
