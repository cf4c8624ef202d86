"""The synthetic lender's event log with a bottleneck and a useless step planted in it."""

from __future__ import annotations

from typing import Any

import polars as pl

from equipoise.experience import ExperienceDocument
from equipoise.simulation import Lender, read_parameters, simulate
from equipoise.simulation.parameters import Parameters

SLOW_STEP, SLOW_CHANNEL, SLOWER = "income_proof", "mobile", 3.0
USELESS = "employer_letter"


def planted(applicants: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events and cases; waits at SLOW_STEP are SLOWER times as long in SLOW_CHANNEL.

    USELESS is asked of everybody and stops nobody. The same seed gives the same applicants, so the
    channel's cases are taken from a lender whose queue there is longer for all.
    """
    usual, slow = (
        simulate(applicants, seed, _slower(_with_useless_step(read_parameters()), slower))
        for slower in (1.0, SLOWER)
    )
    return _events(usual, slow), _cases(usual)


def _slower(parameters: Parameters, times: float) -> Parameters:
    plain: dict[str, Any] = parameters.model_dump(exclude_none=True)
    plain["steps"][SLOW_STEP]["queue_hours"] *= times
    return Parameters.model_validate(plain)


def _with_useless_step(parameters: Parameters) -> Parameters:
    plain: dict[str, Any] = parameters.model_dump(exclude_none=True)
    steps: dict[str, Any] = {}
    for name, step in plain["steps"].items():
        steps[name] = step
        if name == "identity_check":
            steps[USELESS] = {
                "minutes": 5.0, "cost": 0.0, "drop_off": 0.12, "applicant_delay_hours": 4.0,
                "stops": {
                    kind: {"sensitivity": 0.0, "false_alarm": 0.0}
                    for kind in ("ordinary", "misreport", "fraud")
                },
            }  # fmt: skip
    for journey in plain["journeys"].values():
        journey["steps"].insert(2, USELESS)
    return Parameters.model_validate(plain | {"steps": steps})


def _events(usual: Lender, slow: Lender) -> pl.DataFrame:
    channel = usual.applications().select("application_id", "channel")
    mine = pl.col("channel") == SLOW_CHANNEL
    parts = [
        lender.events().join(channel, on="application_id").filter(which)
        for lender, which in ((usual, ~mine), (slow, mine))
    ]
    return (
        pl.concat(parts)
        .sort("application_id", maintain_order=True)
        .select(
            "activity", "lifecycle", "resource",
            case="application_id",
            time=pl.col("time").dt.replace_time_zone("UTC"),
        )
    )  # fmt: skip


def _cases(lender: Lender) -> pl.DataFrame:
    known = lender.applications()
    stops = [name for name in known.columns if name.endswith("_stop")]
    return known.select("channel", "tier", "region", *stops, case="application_id")


def document_of_lender() -> ExperienceDocument:
    """What the log's activities mean, as the example workspace has it, with the useless step."""
    steps = ("application_form", "identity_check", USELESS, "income_proof", "bank_statements")
    asked = (*steps, "underwriter_review")
    log = {
        "path": "data/events.parquet",
        "columns": {"case": "application_id"},
        "start": "application_started",
        "offer": {
            "sent": "offer_made", "accepted": "offer_accepted", "cancelled": "offer_rejected"
        },
        "ends": {
            "accepted": ["offer_accepted"],
            "declined": ["declined_by_policy", "stopped_by_checks"],
            "cancelled": ["abandoned", "offer_rejected"],
        },
        "waits_for": {
            "customer": [*(f"{step}:schedule" for step in asked), "offer_made"],
            "lender": [f"{step}:complete" for step in asked],
        },
    }  # fmt: skip
    return ExperienceDocument.model_validate(
        {
            "log": log,
            "waiting": {"hazard_per_day": "measured"},
            "take_up": {"reference_apr": 0.12, "price": -30.0},
        }
    )


def accepted_without_it(applicants: int, seed: int) -> int:
    """How many of the same applicants take an offer where USELESS is not asked of them."""
    total = 0
    for slower in (1.0, SLOWER):
        known = simulate(applicants, seed, _slower(read_parameters(), slower)).applications()
        mine = (pl.col("channel") == SLOW_CHANNEL) == (slower == SLOWER)
        total += known.filter(mine & pl.col("booked")).height
    return total
