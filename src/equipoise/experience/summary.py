"""The journey in one page: time per step, who leaves where, how applications end, acceptance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.documents import Quantity
from equipoise.experience.result import ExperienceFit
from equipoise.experience.tables import CAUSES


def journey_summary(fit: ExperienceFit) -> dict[str, Any]:
    """Plain lists and numbers for a page; what the log cannot show is left out.

    `steps`: the lender's steps with mean hours of queue and work (calendar and business) and
    `rework`, the share of cases that repeat them; then the journey's steps with `drop_off` and
    its interval. `competing`: incidence of each end by days since the application.
    `acceptance`: share accepted by mean days to the offer, 95 % interval and number answered.
    """
    return {
        "steps": [*_lender_steps(fit), *_journey_steps(fit)],
        "competing": _competing(fit.tables.get("ends_from_application", [])),
        "acceptance": [
            {
                "days": band["mean_days"],
                "rate": band["share"],
                "low": band["low"],
                "high": band["high"],
                "n": band["accepted"] + band["cancelled"],
            }
            for band in fit.tables.get("acceptance_by_days_to_offer", [])
            if band["accepted"] + band["cancelled"] > 0
        ],
        "notes": list(fit.notes),
    }


def _lender_steps(fit: ExperienceFit) -> Iterator[dict[str, Any]]:
    for row in fit.tables.get("steps", []):
        yield {
            "name": row["activity"],
            "queue_hours": _hours(row["queue_mean"]),
            "work_hours": _hours(row["work_mean"]),
            "queue_business_hours": _hours(row["queue_business_mean"]),
            "work_business_hours": _hours(row["work_business_mean"]),
            "rework": row["repeated"],
        }


def _journey_steps(fit: ExperienceFit) -> Iterator[dict[str, Any]]:
    for step in fit.steps:
        yield _leaving(step.name, step.drop_off)
    for check in fit.checks:
        yield _leaving(check.name, check.drop_off)


def _leaving(name: str, drop_off: Quantity) -> dict[str, Any]:
    return {
        "name": name,
        "drop_off": drop_off.value,
        "drop_low": drop_off.value if drop_off.low is None else drop_off.low,
        "drop_high": drop_off.value if drop_off.high is None else drop_off.high,
        "provenance": drop_off.provenance,
    }


def _competing(curve: list[dict[str, Any]]) -> dict[str, list[float]]:
    if not curve:
        return {}
    return {
        "days": [row["day"] for row in curve],
        **{name: [row[name]["value"] for row in curve] for name in CAUSES},
    }


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / 60
