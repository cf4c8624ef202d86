"""The event log: who did what, when, in the form of a workflow system's log."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.simulation.columns import application_ids, names, times
from equipoise.simulation.history import History
from equipoise.simulation.menu import MenuTable
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.way import STAYED

SCHEDULE, START, COMPLETE = "schedule", "start", "complete"
APPLICANT, SYSTEM = "applicant", "system"
STAFF = {"clerk": 12, "underwriter": 4}  # people in each role
HOURS_TO_ANSWER = 20.0


def event_frame(parameters: Parameters, menu: MenuTable, history: History) -> pl.DataFrame:
    """Events of the first applications, sorted by application and time.

    The applicant's part of a step is scheduled when asked, started when begun, complete when
    submitted. What staff do with it is the activity `<step>_review`: scheduled when it joins their
    queue, started when picked up. An application ends with one complete event of the system:
    `declined_by_policy`, `abandoned`, `stopped_by_checks`, or `offer_made` and then the applicant's
    `offer_accepted` or `offer_rejected`.
    """
    parts = list(_steps(parameters, history)) + list(_ends(history))
    # the order of the parts breaks ties between events of one moment
    log = pl.concat(parts).sort("row", "hours", maintain_order=True)
    rows = log["row"].to_numpy()
    return pl.DataFrame(
        {
            "application_id": application_ids(rows, history.first),
            "activity": log["activity"],
            "lifecycle": log["lifecycle"],
            "time": times(parameters.calendar.first_date, log["hours"].to_numpy()),
            "resource": log["resource"],
            "treatment": names(history.assignment.choice[rows], menu.names),
        }
    )


def _steps(parameters: Parameters, history: History) -> Iterator[pl.DataFrame]:
    head = _head(history)
    left_at, waiting = history.way.left_at[:head], history.way.left_waiting[:head]
    left_time = history.way.left_time[:head]
    yield _part(
        np.ones(head, dtype=bool),
        "application_started",
        COMPLETE,
        history.started[:head],
        APPLICANT,
    )
    for position, (name, step) in enumerate(parameters.steps.items()):
        at = history.steps[name]
        asked = at.asked & ((left_at == STAYED) | (left_at >= position))
        answered = asked & ((left_at != position) | waiting)
        tired = (left_at == position) & waiting
        yield _part(asked, name, SCHEDULE, at.asked_at, SYSTEM)
        yield _part(answered, name, START, at.begun, APPLICANT)
        yield _part(answered, name, COMPLETE, at.submitted, APPLICANT)
        if step.staff is not None:
            review = f"{name}_review"
            picked_up = answered & ~(tired & (at.picked_up > left_time))
            yield _part(answered, review, SCHEDULE, at.submitted, SYSTEM)
            for part in (
                _part(picked_up, review, START, at.picked_up, step.staff),
                _part(answered & ~tired, review, COMPLETE, at.done, step.staff),
            ):
                yield _staffed(part, step.staff, history.first)


def _ends(history: History) -> Iterator[pl.DataFrame]:
    head = _head(history)
    way = history.way
    offered, left = history.offers.made[:head], way.left_at[:head] != STAYED
    completed, passed = way.completed[:head], way.passed[:head]
    booked, decided = history.loans.booked[:head], way.end_time[:head]
    yield _part(~offered, "declined_by_policy", COMPLETE, history.started[:head], SYSTEM)
    yield _part(left, "abandoned", COMPLETE, way.left_time[:head], SYSTEM)
    yield _part(completed & ~passed, "stopped_by_checks", COMPLETE, decided, SYSTEM)
    yield _part(passed, "offer_made", COMPLETE, decided, SYSTEM)
    answer = decided + HOURS_TO_ANSWER
    yield _part(booked, "offer_accepted", COMPLETE, answer, APPLICANT)
    yield _part(passed & ~booked, "offer_rejected", COMPLETE, answer, APPLICANT)


def _head(history: History) -> int:
    return len(next(iter(history.steps.values())).begun)


def _staffed(part: pl.DataFrame, role: str, first: int) -> pl.DataFrame:
    """Share the work of a role evenly among its people."""
    person = (pl.col("row") + first) * 7 % STAFF[role] + 1
    return part.with_columns(resource=pl.format("{}_{}", pl.lit(role), person))


def _part(
    which: BoolArray, activity: str, lifecycle: str, hours: FloatArray, resource: str
) -> pl.DataFrame:
    rows = np.flatnonzero(which)
    return pl.DataFrame({"row": rows, "hours": hours[rows]}).with_columns(
        activity=pl.lit(activity), lifecycle=pl.lit(lifecycle), resource=pl.lit(resource)
    )
