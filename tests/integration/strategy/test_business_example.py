"""The second product: a loan to small businesses, from nothing to a sealed strategy."""

from __future__ import annotations

from pathlib import Path

import pytest
from first_ideas import DAY, inside

from equipoise.simulation import businesses
from equipoise.strategy import Strategy
from equipoise.strategy.estimating import estimate
from equipoise.workspace import balance_workspace, fit_workspace, new_business
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import check_workspace_strategy, seal_workspace


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = new_business(Path(tmp_path_factory.mktemp("business") / "b"), 8000, 7)
    fit_workspace(workspace)
    return workspace


def test_its_documents_hold_and_its_strategy_may_be_sealed(lender: Workspace) -> None:
    assert check_workspace_strategy(lender).faults == ()


def test_a_better_policy_is_found(lender: Workspace) -> None:
    result = balance_workspace(lender).as_dict()
    served = "good_customers_served"
    better = result["recommended"]["same_risk"]["measures"][served]
    assert better > result["champion"]["measures"][served]


def test_nine_in_ten_businesses_get_an_answer_within_what_they_were_shown(
    lender: Workspace,
) -> None:
    strategy = Strategy(seal_workspace(lender)[0])
    product = strategy.content.strategy.product
    assert product is not None
    assert product.whom == "business"
    people = businesses(100, 99)[0].select([*strategy.compiled.program.inputs])
    held = 0
    for row in people.to_dicts():
        shown = estimate(strategy, {name: row[name] for name in product.asks_first}, at=DAY)
        held += shown is not None and inside(shown, strategy, row)
    assert held >= 0.9 * people.height
