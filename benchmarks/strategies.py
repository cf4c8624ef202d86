"""The strategy that benchmarks decide with: 20 rules, a scorecard, 20 treatments, `balance`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import yaml

from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.workspace import balance_workspace, fit_workspace, new_demo
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import STRATEGY, seal_workspace
from equipoise.workspace.taking import from_frontier

SEED = 7
# Each fires for some applicants and not for many, as a lender's own rules do.
RULES = (
    "dti > 0.60",
    "months_since_delinquency < 3 AND pd > 0.15",
    "bureau_score < 480",
    "enquiries >= 12",
    "utilisation > 0.98 AND dti > 0.45",
    "monthly_income < 700",
    "amount_asked > 10 * monthly_income",
    "region = 'capital' AND amount_asked > 34500",
    "term_asked >= 60 AND utilisation > 0.95",
    "months_employed < 2 AND amount_asked > 15000",
    "employment_type = 'temporary' AND amount_asked > 25000",
    "channel = 'branch' AND amount_asked > 34000",
    "purpose = 'car' AND months_employed < 3",
    "home_ownership = 'rent' AND dti > 0.55",
    "debt_payments > 0.7 * monthly_income",
    "enquiries >= 8 AND bureau_score < 560",
    "thin AND amount_asked > 20000",
    "pd > 0.40",
    "utilisation > 0.9 AND months_since_delinquency < 6",
    "amount_to_yearly_income > 0.9 AND dti > 0.4",
)
FIELDS = (
    "dti", "months_since_delinquency", "bureau_score", "enquiries", "utilisation",
    "monthly_income", "amount_asked", "region", "term_asked", "months_employed", "employment_type",
    "channel", "purpose", "home_ownership", "debt_payments", "thin", "pd",
    "amount_to_yearly_income",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """A fitted workspace, its sealed strategy, and applications to decide."""

    workspace: Workspace
    strategy: Strategy
    sealed: Path
    applications: pl.DataFrame


def prepare(folder: Path, applicants: int = 20_000) -> Ground:
    """A synthetic lender, fitted and balanced; its recommended point under 20 rules, sealed."""
    workspace = new_demo(folder, applicants, SEED)
    fit_workspace(workspace)
    balance_workspace(workspace)
    with_rules(workspace, 20)
    from_frontier(workspace)
    _, path = seal_workspace(workspace)
    frame = workspace.applications(workspace.contract().value).frame
    return Ground(workspace, load_strategy(path), path, frame)


def with_rules(workspace: Workspace, count: int) -> None:
    """Write `count` rules into strategy.yaml: those above, then stricter and stricter ones."""
    path = workspace.folder / STRATEGY
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    conditions = list(RULES[:count])
    conditions += [
        f"dti > {0.60 - k / 1000:g} AND amount_asked > {34000 - 100 * k}"
        for k in range(1, count - len(conditions) + 1)
    ]
    document["rules"] = [
        {
            "name": f"rule_{at}",
            "when": condition,
            "outcome": "refer" if at % 3 else "decline",
            "reason": "LARGE_AND_THIN" if at % 3 else "DEBTS_TOO_HIGH",
        }
        for at, condition in enumerate(conditions)
    ]
    document["texts"].pop("LATE_LATELY", None)
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
