"""The journey in one page: time per step, who leaves where, how applications end, acceptance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.documents import Nothing, Quantity
from equipoise.experience.journey_result import (
    AcceptanceBand,
    CompetingEnds,
    JourneyResult,
    JourneyStep,
)
from equipoise.experience.result import ExperienceFit
from equipoise.experience.tables import CAUSES


def journey_summary(fit: ExperienceFit) -> JourneyResult:
    """The lender's steps, then those of journeys and their checks; what no log shows is left out.

    Incidence of each end is by days since the application, acceptance by mean days to the offer.
    """
    return JourneyResult(
        steps=(*_lender_steps(fit), *_journey_steps(fit)),
        competing=_competing(fit.tables.get("ends_from_application", [])),
        acceptance=tuple(
            AcceptanceBand(
                days=band["mean_days"],
                rate=band["share"],
                low=band["low"],
                high=band["high"],
                n=band["accepted"] + band["cancelled"],
            )
            for band in fit.tables.get("acceptance_by_days_to_offer", [])
            if band["accepted"] + band["cancelled"] > 0
        ),
        notes=fit.notes,
    )


def _lender_steps(fit: ExperienceFit) -> Iterator[JourneyStep]:
    for row in fit.tables.get("steps", []):
        yield JourneyStep(
            name=row["activity"],
            queue_hours=_hours(row["queue_mean"]),
            work_hours=_hours(row["work_mean"]),
            queue_business_hours=_hours(row["queue_business_mean"]),
            work_business_hours=_hours(row["work_business_mean"]),
            rework=row["repeated"],
        )


def _journey_steps(fit: ExperienceFit) -> Iterator[JourneyStep]:
    for step in fit.steps:
        yield _leaving(step.name, step.drop_off)
    for check in fit.checks:
        yield _leaving(check.name, check.drop_off)


def _leaving(name: str, drop_off: Quantity) -> JourneyStep:
    return JourneyStep(
        name=name,
        drop_off=drop_off.value,
        drop_low=drop_off.value if drop_off.low is None else drop_off.low,
        drop_high=drop_off.value if drop_off.high is None else drop_off.high,
        provenance=drop_off.provenance,
    )


def _competing(curve: list[dict[str, Any]]) -> CompetingEnds | Nothing:
    if not curve:
        return Nothing()
    shares = {name: tuple(row[name]["value"] for row in curve) for name in CAUSES}
    return CompetingEnds(days=tuple(row["day"] for row in curve), **shares)


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / 60
