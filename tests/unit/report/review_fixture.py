"""A comparison and an audit with planted answers, as the two commands print them under --json."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from equipoise.review.comparing import compare_strategies
from equipoise.review.comparing.comparison import NamedStrategy, StrategiesCompared
from equipoise.review.continuous import StandingResult
from equipoise.review.fairness import AuditSection, audit_fairness
from equipoise.review.trials.trial_result import TrialResult

COMMANDS = ["equipoise compare a.json b.json people.parquet"]
PEOPLE = 400


def strategy(version: int, choose: str) -> dict[str, Any]:
    return {"name": "harbour", "version": version, "choose": choose, "digest": f"{version}" * 64}


def comparison() -> StrategiesCompared:
    """300 served by both, 40 by A alone, 10 by B alone, 50 by neither."""
    rng = np.random.default_rng(1)
    ids = [str(at) for at in range(PEOPLE)]
    a = ["approve"] * 340 + ["decline"] * 60
    b = ["approve"] * 300 + ["decline"] * 40 + ["approve"] * 10 + ["decline"] * 50
    bad = [float(x) for x in rng.random(PEOPLE) < 0.1]
    bad[340:345] = [None] * 5  # type: ignore[list-item]

    def decisions(outcome: list[str], loss: float) -> pl.DataFrame:
        lent = np.array([each == "approve" for each in outcome], dtype=float)
        return pl.DataFrame(
            {
                "id": ids, "outcome": outcome, "pd": rng.uniform(0.01, 0.2, PEOPLE), "bad": bad,
                "apr": [0.1 if x else None for x in lent],
                "expected_loss": lent * loss * rng.uniform(0.9, 1.1, PEOPLE),
                "exposure": lent * 1000.0, "profit": lent * 50.0, "price": lent * 0.1,
                "booked": lent, "good_customers_served": lent * 0.9, "wait_days": lent,
                "checks": lent * 2, "journeys": lent,
                "reasons": [[] if x else ["DTI_HIGH"] for x in lent],
            },
            strict=False,
        )  # fmt: skip

    segments = pl.DataFrame({"id": ids, "region": ["north", "south"] * (PEOPLE // 2)})
    result = compare_strategies(decisions(a, 20.0), decisions(b, 15.0), segments)
    one, two = (NamedStrategy(**strategy(at, how)) for at, how in ((1, "cutoff"), (2, "balance")))
    return StrategiesCompared(one, two, "people.parquet", "USD", result)


def audit() -> dict[str, Any]:
    """Approval fails for the south, price passes; the west is too small to tell."""
    rng = np.random.default_rng(2)
    region = ["north"] * 1000 + ["south"] * 1000 + ["west"] * 12
    share = {"north": 0.9, "south": 0.4, "west": 0.9}
    outcome = ["approve" if rng.random() < share[each] else "decline" for each in region]
    decisions = pl.DataFrame(
        {
            "outcome": outcome,
            "apr": [0.1 + 0.001 * rng.standard_normal() for _ in region],
            "pd": rng.uniform(0.01, 0.2, len(region)),
        }
    )
    result = audit_fairness(decisions, pl.DataFrame({"region": region}), AuditSection())
    segment = {"column": "region", "measure": "no way back", "people": 37, "value": 0.27,
               "low": 0.15, "high": 0.43}  # fmt: skip
    return {
        "strategy": strategy(1, "table"),
        "file": "people.parquet",
        **result.as_dict(),
        "bands": {"age": [32.0, 41.0]},
        "recourse": {
            "turned_down": 700, "sampled": 74, "no_way_back": {"value": 0.2, "low": 0.1,
            "high": 0.3}, "segments": [{**segment, "group": "north"},
                                       {**segment, "group": "south"}],
        },
        "parity": {
            "goal": "booked", "label": "Loans booked", "people": 2012,
            "rows": [
                {"column": "region", "group": "south", "within": 0.05, "given_up": 31.5,
                 "given_up_low": 31.4, "given_up_high": 31.6, "multiplier": 812.0},
                {"column": "region", "group": "west", "within": 0.05, "given_up": None,
                 "given_up_low": None, "given_up_high": None, "multiplier": None},
            ],
        },
    }  # fmt: skip


def trial() -> TrialResult:
    """A trial of two challengers: one does harm, one has hardly begun; an arm is short."""
    days = [f"2026-0{month}-{day:02d}" for month in (3, 4) for day in range(1, 31)]
    differences = [0.03 + 0.01 / (at + 1) for at in range(len(days))]
    widths = [0.3 / (at + 1) ** 0.6 for at in range(len(days))]
    known = {
        "name": "bad",
        "higher_is_better": False,
        "tolerated": 0.01,
        "champion": {"outcomes": 4000, "mean": 0.05},
        "challenger": {"outcomes": 1000, "mean": 0.08},
        "difference": differences[-1],
        "low": differences[-1] - widths[-1],
        "high": differences[-1] + widths[-1],
        "found": "harm",
        "since": "2026-04-28",
        "days": days,
        "differences": differences,
        "lows": [d - w for d, w in zip(differences, widths, strict=True)],
        "highs": [d + w for d, w in zip(differences, widths, strict=True)],
    }
    minutes = {**known, "name": "minutes <i>", "tolerated": None, "found": "worse"}
    unknown = {
        "name": "take up",
        "higher_is_better": True,
        "tolerated": None,
        "champion": {"outcomes": 40, "mean": 0.6},
        "challenger": {"outcomes": 0, "mean": None},
        **dict.fromkeys(("difference", "low", "high", "since")),
        "found": "too_few",
        **{name: [] for name in ("days", "differences", "lows", "highs")},
    }
    look = {
        "file": "trial.csv",
        "until": "2026-04-30",
        "confidence": 0.95,
        "planned_outcomes": 3000,
        "applicants": {"champion": 4000, "dearer": 1000, "faster": 3},
        "sample_ratio": {"evidence": 4.0e7, "broken": True},
        "stopped": True,
        "challengers": [
            {
                "challenger": "dearer",
                "answer": "stop_for_harm",
                "measures": [known, minutes, unknown],
            },
            {"challenger": "faster", "answer": "go_on", "measures": [unknown]},
        ],
    }
    return TrialResult.model_validate(look)


def standing() -> StandingResult:
    """Too far from the frontier: riskier people took 3 points, dearer loans gave 1 back."""
    parts = {
        "risk": {"population": 0.004, "costs": 0.0},
        "experience": {"population": -1.5, "costs": 0.0},
        "goal_today": {"population": -1.5, "costs": 0.0},
        "goal_reachable": {"population": 0.5, "costs": -0.75},
        "proven": {"population": 0.0, "costs": 0.0},
        "distance": {"population": 0.03, "costs": -0.01},
    }
    before = {
        "risk": 0.05, "experience": 30.0, "goal_today": 30.0, "goal_reachable": 40.0,
        "proven": 0.0, "distance": 0.25,
    }  # fmt: skip
    return StandingResult(
        workspace="harbour",
        on="2026-11-30T090000Z",
        applicants=100_000,
        sample=10_000,
        goal="good_customers_served",
        risk_measure="expected_loss_rate",
        experience_measure="good_customers_served",
        figures={name: value + sum(parts[name].values()) for name, value in before.items()},
        since="2026-10-31T090000Z",
        before=before,
        parts=parts,
        keep_within=0.05,
        draft="standings/strategy.draft.yaml",
        draft_reaches=38.5,
    )
