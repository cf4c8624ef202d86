"""Fit experience: measure what the data can tell, keep what is assumed, name where each is from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.experience.acceptance import AcceptanceSlope
from equipoise.experience.document import (
    MEASURED,
    CheckSection,
    ExperienceDocument,
    WaitingSection,
)
from equipoise.experience.dropoff import StepDropOff
from equipoise.experience.log import CaseLog, Where, prepare
from equipoise.experience.measures import FrameMeasures, LogMeasures
from equipoise.experience.observed import measured_check, past_offers
from equipoise.experience.result import ExperienceFit, FittedCheck, FittedStep, FittedTakeUp
from equipoise.experience.tables import plain
from equipoise.experience.takeup import COEFFICIENTS, fit_take_up
from equipoise.progress import Progress, Silent


def fit_experience(
    document: ExperienceDocument,
    events: pl.DataFrame | None = None,
    cases: pl.DataFrame | None = None,
    frame: pl.DataFrame | None = None,
    progress: Progress | None = None,
    *,
    where: Where | None = None,
) -> ExperienceFit:
    """Resolve every quantity of experience.yaml and describe the event log.

    `events` and `cases` are an event log's frames (case, activity, lifecycle, time in UTC,
    resource; case), needed when the document has a log. `frame` holds the applications from
    which take-up and checks are measured. `where` gives places in the document's file, as
    `Loaded.span` does, for error messages. Raises BadInput or Faults when something that is to
    be measured cannot be.
    """
    steps = progress if progress is not None else Silent()
    with steps.step("reading the event log"):
        log = _log(document, events, where)
        measures = None if log is None else FrameMeasures(log, cases)
    return fit_experience_on(document, measures, frame, steps, where=where)


def fit_experience_on(
    document: ExperienceDocument,
    log: LogMeasures | None,
    frame: pl.DataFrame | None = None,
    progress: Progress | None = None,
    *,
    where: Where | None = None,
) -> ExperienceFit:
    """`fit_experience` of a log whose events may lie elsewhere."""
    steps = progress if progress is not None else Silent()
    with steps.step("waiting, drop-off and acceptance"):
        lost = _drop_offs(document, log)
        slope, offer_part = _acceptance(document, log)
        hazard = waiting_hazard(document.waiting, log)
        tables = _tables(log, lost, offer_part)
    acceptance = _or_measured(
        document.waiting.acceptance_per_day, None if slope is None else slope.per_day
    )
    with steps.step("take-up and checks"):
        take_up, left_out = _take_up(document, acceptance, slope, frame, where)
        checks = tuple(_checks(document, frame, where))
    return ExperienceFit(
        steps=tuple(_steps(document, lost)),
        checks=checks,
        hazard_per_day=hazard,
        acceptance_per_day=acceptance,
        take_up=take_up,
        tables=tables,
        notes=(*_counted_twice(document), *_notes(log, left_out)),
    )


def _log(
    document: ExperienceDocument, events: pl.DataFrame | None, where: Where | None
) -> CaseLog | None:
    if document.log is None:
        return None
    if events is None:
        raise BadInput(
            "the document names an event log and none was read",
            where=where("log", "path") if where else None,
            field="log.path",
            mend="give the log's events",
        )
    return prepare(document, events, where)


def _source(log: LogMeasures) -> str:
    return f"event log {Path(log.section.path).name}"


def _drop_offs(document: ExperienceDocument, log: LogMeasures | None) -> dict[str, StepDropOff]:
    if log is None:
        return {}
    measured = log.drop_offs(document.activities(), _source(log))
    return {entry.activity: entry for entry in measured}


def _steps(document: ExperienceDocument, lost: dict[str, StepDropOff]) -> Iterator[FittedStep]:
    for step in document.steps:
        measured = lost[step.activity].drop_off if step.activity in lost else None
        yield FittedStep(
            name=step.name,
            minutes=step.minutes,
            questions=step.questions,
            activity=step.activity,
            drop_off=_or_measured(step.drop_off, measured),
        )


def _acceptance(
    document: ExperienceDocument, log: LogMeasures | None
) -> tuple[AcceptanceSlope | None, dict[str, Any]]:
    if log is None or log.section.offer is None:
        return None, {}
    part = log.offer_tables()
    slope = _slope(document, log)
    if slope is not None:
        part["acceptance_slope"] = {
            "intercept": slope.intercept.model_dump(),
            "per_day": slope.per_day.model_dump(),
            "offers": slope.n,
        }
    return slope, part


def _slope(document: ExperienceDocument, log: LogMeasures) -> AcceptanceSlope | None:
    wanted = document.waiting.acceptance_per_day, document.take_up.intercept
    try:
        return log.slope(_source(log))
    except BadInput:
        # a log too small for a slope is no fault when everything it would give is declared
        if MEASURED in wanted:
            raise
        return None


_PHASES = {"before_offer": " before an offer", "after_offer": " after an offer", "any": ""}


def waiting_hazard(waiting: WaitingSection, log: LogMeasures | None) -> Quantity:
    """Leaving per day of waiting for the lender: as declared, or measured in the log.

    Raises BadInput where it is to be measured and cannot be.
    """
    wanted = waiting.hazard_per_day
    if isinstance(wanted, Quantity) or log is None:
        return _or_measured(wanted, None)
    phase = waiting.phase
    source = f"{_source(log)}, waiting for the lender{_PHASES[phase]}"
    return log.hazard(phase, waiting.from_day, source)


def _tables(
    log: LogMeasures | None, lost: dict[str, StepDropOff], offer_part: dict[str, Any]
) -> dict[str, Any]:
    if log is None:
        return {}
    rows = [asdict(entry) | {"drop_off": entry.drop_off.model_dump()} for entry in lost.values()]
    return log.tables() | offer_part | plain({"drop_off_by_step": rows})


def _take_up(
    document: ExperienceDocument,
    acceptance: Quantity,
    slope: AcceptanceSlope | None,
    frame: pl.DataFrame | None,
    where: Where | None,
) -> tuple[FittedTakeUp, int]:
    section = document.take_up
    declared = {name: getattr(section, name) for name in COEFFICIENTS}
    if declared["waiting"] is None:
        declared["waiting"] = acceptance
    left_out = 0
    if section.observed is not None:
        fixed = {name: q.value for name, q in declared.items() if isinstance(q, Quantity)}
        if len(fixed) < len(COEFFICIENTS):
            past, left_out = past_offers(section.observed, frame, where)
            declared |= fit_take_up(past, section.reference_apr, "past offers", fixed)
    elif slope is not None:
        declared["intercept"] = _or_measured(declared["intercept"], slope.intercept)
    resolved = {name: _or_measured(quantity, None) for name, quantity in declared.items()}
    return FittedTakeUp(reference_apr=section.reference_apr, **resolved), left_out


def _checks(
    document: ExperienceDocument, frame: pl.DataFrame | None, where: Where | None
) -> Iterator[FittedCheck]:
    for index, check in enumerate(document.checks):
        sensitivity, false_alarm = _revealed(check, index, frame, where)
        yield FittedCheck(
            name=check.name,
            minutes=check.minutes,
            cost=check.cost,
            drop_off=check.drop_off,
            sensitivity=sensitivity,
            false_alarm=false_alarm,
            questions=check.questions,
            underwriter_hours=check.underwriter_hours,
            manual=check.manual,
        )


def _revealed(
    check: CheckSection, index: int, frame: pl.DataFrame | None, where: Where | None
) -> tuple[Quantity, Quantity]:
    if check.observed is None or MEASURED not in (check.sensitivity, check.false_alarm):
        return _or_measured(check.sensitivity, None), _or_measured(check.false_alarm, None)
    measured = measured_check(check, index, check.observed, frame, where)
    return (
        _or_measured(check.sensitivity, measured.sensitivity),
        _or_measured(check.false_alarm, measured.false_alarm),
    )


def _or_measured(declared: Quantity | str, measured: Quantity | None) -> Quantity:
    if isinstance(declared, Quantity):
        return declared
    if measured is None:
        raise BadInput(
            "a quantity is to be measured and nothing here measures it",
            mend="declare it as assumed, with its source",
        )
    return measured


def _counted_twice(document: ExperienceDocument) -> Iterator[str]:
    if document.log is None or document.log.offer is None:
        return
    after_offer = {document.log.offer.sent, document.log.offer.returned}
    for step in document.steps:
        if step.drop_off == MEASURED and step.activity in after_offer:
            yield (
                f"step '{step.name}' measures who leaves after the offer, and so does a take-up "
                "measured on the same log: keep one of them"
            )


def _notes(log: LogMeasures | None, left_out: int) -> Iterator[str]:
    if left_out:
        yield f"{left_out} past offers were left out because a value is missing"
    if log is None:
        return
    yield (
        "measured on an event log as it happened: associations, not the outcome of an experiment"
    )
    if log.unmatched:
        yield f"{log.unmatched} complete events have no start before them: no work time"
    if log.negative:
        yield f"{log.negative} steps end before they start and were left out"
    if log.closed_by_clock:
        yield (
            f"{log.closed_by_clock} cases were closed by the clock: they count as lost at their "
            "step, and in no hazard per day, since nobody knows when the customer left"
        )
    if log.without_events:
        yield f"{log.without_events} cases have no events and were left out"
