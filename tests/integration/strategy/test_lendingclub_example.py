"""The sealed strategies that the LendingClub example carries: whole, of each kind, made again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from equipoise.review.reviews import compare_on
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.workspace import balance_workspace, fit_workspace, new_lendingclub
from equipoise.workspace.strategies import STRATEGY, seal_workspace
from equipoise.workspace.taking import from_frontier

EXAMPLE = Path(__file__).parents[3] / "examples" / "lendingclub"
LOANS = "lendingclub_2018/lendingclub_2018.parquet"


def carried() -> dict[str, Strategy]:
    """The sealed strategies by kind; loading refuses one whose digest is not that of its bytes."""
    rows = [load_strategy(path) for path in sorted((EXAMPLE / "sealed").glob("*.json"))]
    return {each.content.strategy.choose: each for each in rows}


def test_the_example_carries_a_sealed_strategy_of_each_kind_and_links_to_them():
    kinds = carried()
    assert set(kinds) == {"cutoff", "table", "balance"}
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!http|\.\.)([^)#]+)\)", readme)
    assert len(linked) == 6
    for target in linked:
        assert (EXAMPLE / target).is_file(), target
    for each in kinds.values():
        assert f"{each.digest[:12]}.json" in readme


def test_the_example_says_what_its_strategies_come_to_on_the_real_loans(shared_data):
    kinds, readme = carried(), (EXAMPLE / "README.md").read_text(encoding="utf-8")
    result = compare_on(kinds["table"], kinds["balance"], str(shared_data / LOANS), ())
    result = result.changes["good_customers_served"]
    assert f"| {result.a:,.0f} | {result.b:,.0f} |" in readme
    assert f"{result.low:,.0f} to {result.high:,.0f}" in readme


@pytest.mark.slow
def test_made_again_from_the_same_data_the_seals_have_the_same_digests(shared_data, tmp_path):
    workspace = new_lendingclub(tmp_path / "lc", shared_data)
    fit_workspace(workspace, threads=1)
    balance_workspace(workspace)
    path, collected = workspace.folder / STRATEGY, {}
    collected["cutoff"] = seal_workspace(workspace)[0].digest
    text = path.read_text(encoding="utf-8").replace("choose: cutoff", "choose: table")
    path.write_text(text.replace("\nversion: 1", "\nversion: 2", 1), encoding="utf-8")
    collected["table"] = seal_workspace(workspace)[0].digest
    from_frontier(workspace, "x=0.05", None)
    collected["balance"] = seal_workspace(workspace)[0].digest
    assert collected == {kind: each.digest for kind, each in carried().items()}
