"""What the event log shows, as plain lists and numbers for the report and for JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from equipoise.experience.acceptance import acceptance_by_band
from equipoise.experience.competing import cause_specific_hazards, cumulative_incidence
from equipoise.experience.dropoff import gaps, hazard_by_day, hazard_per_day
from equipoise.experience.log import ACCEPTED, CANCELLED, DECLINED, OPEN, CaseLog, in_days
from equipoise.experience.steps import Sessions, bottleneck, resource_table, step_table
from equipoise.experience.turns import CUSTOMER, LENDER, spells, waiting_table

CAUSES = (ACCEPTED, DECLINED, CANCELLED)
BANDS = (0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 60.0)
TO_OFFER = (0.0, 0.25, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)
DAYS = 35
RESOURCES = 25
MOST_DAYS = 120


def log_tables(log: CaseLog, sessions: Sessions) -> dict[str, Any]:
    """Counts, steps, resources, who waits for whom, daily hazards, competing ends by day."""
    waits = gaps(log)
    slowest = bottleneck(sessions)
    days = (in_days(pl.col("stop") - pl.col("start"))).alias("days")
    ends = log.cases.select("outcome", days)
    return plain(
        {
            "counts": counts(log),
            "steps": step_table(sessions).to_dicts(),
            "bottleneck": None
            if slowest is None
            else {"activity": slowest[0], "share_of_queue_time": slowest[1]},
            "resources": resource_table(sessions).head(RESOURCES).to_dicts(),
            "waits": waiting_table(log).to_dicts(),
            "hazard_by_day": {
                turn: [
                    asdict(day) for day in hazard_by_day(waits.filter(pl.col("turn") == turn), DAYS)
                ]
                for turn in (CUSTOMER, LENDER)
            },
            "hazard_by_phase": hazard_by_phase(log),
            "ends_from_application": competing_curves(ends, "days"),
        }
    )


def hazard_by_phase(log: CaseLog) -> list[dict[str, Any]]:
    """Leaving per day of waiting: for whom, before or after the offer, from day 0 or day 1.

    The two starting days side by side show how much is an answer to the first contact.
    """
    rows = []
    for (turn, phase), waits in sorted(spells(log).group_by("turn", "phase")):
        for first_day in (0.0, 1.0):
            if (waits["days"] > first_day).any():
                hazard = hazard_per_day(waits, "", first_day, log.section.close_after_days)
                rows.append(
                    {"waits_for": turn, "phase": phase, "from_day": first_day}
                    | hazard.model_dump(include={"value", "low", "high"})
                )
    return rows


def counts(log: CaseLog) -> dict[str, Any]:
    """How large the log is, when it was kept, and how its cases ended."""
    by_outcome = dict(log.cases.group_by("outcome").len().iter_rows())
    return {
        "cases": log.cases.height,
        "events": log.events.height,
        "from": str(log.events["time"].min()),
        "until": str(log.events["time"].max()),
        **{name: int(by_outcome.get(name, 0)) for name in (*CAUSES, OPEN)},
        "closed_by_clock": int(log.cases["by_clock"].sum()),
    }


def offer_tables(table: pl.DataFrame) -> dict[str, Any]:
    """Acceptance by days to the offer, and competing ends from the offer and from its return."""
    returned = table.filter(pl.col("days_from_return") >= 0)
    return plain(
        {
            "acceptance_by_days_to_offer": [
                asdict(band) for band in acceptance_by_band(table, "days_to_offer", TO_OFFER)
            ],
            "ends_from_offer": competing_curves(table, "days_to_end"),
            "ends_from_return": competing_curves(returned, "days_from_return"),
            "hazards_from_return": hazard_bands(returned, "days_from_return"),
        }
    )


def competing_curves(table: pl.DataFrame, column: str) -> list[dict[str, Any]]:
    """Day by day: at risk, and the incidence of each end with its 95 % interval."""
    time, cause = times_and_causes(table, column)
    curves = cumulative_incidence(time, cause, len(CAUSES))
    if curves.times.size == 0:
        return []
    last = last_day_drawn(float(curves.times[-1]))
    return [
        on_day(float(day), int((time >= day).sum()), partial(curves.at, float(day)))
        for day in range(last + 1)
    ]


def last_day_drawn(last_end: float) -> int:
    """How far a curve goes: to the last end, in days, and no further than this."""
    return min(math.ceil(last_end), MOST_DAYS)


def on_day(
    day: float, at_risk: int, at: Callable[[int], tuple[float, float, float]]
) -> dict[str, Any]:
    """A day's row; `at` gives the incidence of a cause (1, 2, 3) by then: value, low, high."""
    row: dict[str, Any] = {"day": day, "at_risk": at_risk}
    for index, name in enumerate(CAUSES):
        value, low, high = at(index + 1)
        row[name] = {"value": value, "low": low, "high": high}
    return row


def hazard_bands(table: pl.DataFrame, column: str) -> dict[str, list[dict[str, Any]]]:
    """Cause-specific hazards per day by band of waiting, for each end."""
    time, cause = times_and_causes(table, column)
    return {
        name: [asdict(band) for band in cause_specific_hazards(time, cause, index + 1, BANDS)]
        for index, name in enumerate(CAUSES)
    }


def times_and_causes(
    table: pl.DataFrame, column: str
) -> tuple[
    np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    np.ndarray[tuple[int, ...], np.dtype[np.int64]],
]:
    """Durations and causes (0 open, then in the order of CAUSES) of a frame with outcome."""
    codes = {OPEN: 0, **{name: index + 1 for index, name in enumerate(CAUSES)}}
    cause = table["outcome"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    return table[column].to_numpy().astype(np.float64), cause


def plain(table: dict[str, Any]) -> dict[str, Any]:
    """The table as JSON holds it: infinities, which have no number, become None."""
    return {str(key): _plain(item) for key, item in table.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
