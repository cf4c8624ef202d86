"""What the balance promises on the synthetic lender, against the truth that only it knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.simulation import read_truth, simulate
from equipoise.workspace import balance_workspace, fit_workspace, new_demo


@dataclass(frozen=True)
class Kept:
    """Ratios of truth to promise of the recommended policy."""

    budget: float  # true expected loss rate over the budget: today's rate, as estimated
    value: float  # true good customers served over those promised


def kept(folder: Path, applicants: int, seed: int) -> Kept:
    """Run the main job and ask the truth what the recommended policy would have done."""
    workspace = new_demo(folder, applicants, seed)
    fit_workspace(workspace)
    result = balance_workspace(workspace).as_dict()
    chosen = pl.read_parquet(workspace.build / "choices.parquet")
    lender = simulate(applicants, seed)
    position = {name: index for index, name in enumerate(lender.menu.names)}
    choice = np.array([position[name] for name in chosen["recommended"]])
    rows = chosen["row"].to_numpy() - 1
    everyone = np.zeros(applicants, dtype=np.intp)
    everyone[rows] = choice
    truth = read_truth(folder / "data").of_choice(everyone, lender.treatments)
    promised = result["recommended"]["same_risk"]["measures"]
    rate = truth.expected_loss.sum() / truth.exposure.sum()
    served = truth.good_customers_served.sum()
    return Kept(
        budget=float(rate / result["champion"]["measures"]["expected_loss_rate"]),
        value=float(served / promised["good_customers_served"]),
    )


def test_the_recommended_policy_keeps_its_promise_on_the_true_population(tmp_path):
    one = kept(tmp_path / "lender", 20_000, 1)
    assert one.budget < 1.05
    assert one.value == pytest.approx(1, abs=0.04)


@pytest.mark.slow
def test_over_twenty_seeds_the_budget_holds_in_eighteen_and_value_within_two_per_cent(tmp_path):
    rows = [kept(tmp_path / str(seed), 100_000, seed) for seed in range(20)]
    report = "\n".join(f"seed {seed}: {one}" for seed, one in enumerate(rows))
    assert sum(one.budget <= 1 for one in rows) >= 18, report
    assert all(abs(one.value - 1) <= 0.02 for one in rows), report
