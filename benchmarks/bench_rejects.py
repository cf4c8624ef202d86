"""Reject inference on the synthetic lender, whose would-be outcomes are known in truth."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import expit

from benchmarks.table import Result
from equipoise.risk.accepted_only import Inferred, inferred_pds
from equipoise.risk.scorecard_fit import fit_scorecard
from equipoise.risk.validation import auc
from equipoise.simulation import simulate

KNOWN_AT_ONCE = (
    "monthly_income", "debt_payments", "dti", "bureau_score", "utilisation", "enquiries",
    "months_since_delinquency", "amount_asked", "months_employed", "employment_type",
    "home_ownership", "purpose",
)  # fmt: skip


def run(short: bool = False) -> list[Result]:
    """How far each reading's PD of those not booked is from their true one, and its ranking."""
    lender = simulate(20_000 if short else 100_000, seed=7)
    applications = lender.applications()
    truth = expit(lender.known_truth()["log_odds"].to_numpy())
    would = np.random.default_rng(1).random(truth.size) < truth
    booked = applications["booked"].fill_null(value=False).to_numpy()
    outcome = applications["default_12m"]
    known, bad = outcome.is_not_null().to_numpy(), outcome.fill_null(value=False).to_numpy()
    frame = applications.select(KNOWN_AT_ONCE)
    card = fit_scorecard(frame.filter(pl.Series(known)), bad[known]).card
    base = card.pd_frame(frame).to_numpy()
    readings = inferred_pds(
        frame, bad, known, booked, base,
        multiple=2.0, correlations=(-0.3, 0.3), directions={},
    )  # fmt: skip
    true = float(truth[~booked].mean())
    results = []
    for each in (Inferred("base", "as booked ones", base), *readings):
        level = float(each.pd[~booked].mean())
        results.append(
            Result(
                name=f"{each.name}: mean PD of those not booked",
                ours=level,
                unit="share",
                peer=true,
                peer_name="in truth",
                note=f"AUC on all {auc(would, each.pd):.3f}; in truth {auc(would, truth):.3f}",
            )
        )
    return results
