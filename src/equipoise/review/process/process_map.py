"""The process map: funnel, edges, ranked moves and what else a log tells, in one result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.experience.acceptance import offers
from equipoise.experience.calls import call_table
from equipoise.experience.document import ExperienceDocument, WaitingSection
from equipoise.experience.fit import waiting_hazard
from equipoise.experience.log import CaseLog, Where, prepare
from equipoise.experience.measures import FrameMeasures
from equipoise.experience.tables import counts, plain
from equipoise.progress import Progress, Silent
from equipoise.review.process.first_offers import OfferBand, first_offer_bands
from equipoise.review.process.follows import follows
from equipoise.review.process.funnel import StepRow, funnel
from equipoise.review.process.moves import Move, moves
from equipoise.review.process.stays import stays, steps_of
from equipoise.review.process.versions import VersionRow, compare_versions


@dataclass(frozen=True, slots=True)
class Versions:
    """Which versions are compared: two values of a column, and after how many days."""

    column: str
    before: str
    after: str
    within_days: float = 30.0


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """What an event log shows of the journey.

    `steps`, `moves` and `edges` are of everybody first, then by each column asked for. `stays`
    holds the persons (columns as of `stays`) and is no part of `as_dict`; `calls` are the rows of
    `call_table`, each with the plain comparison that falls into the survivorship trap. `time_zone`
    is that of the log's calendar: moments of `stays` are UTC, and its days are the lender's.
    """

    counts: Mapping[str, Any]
    hazard: Quantity | None
    steps: tuple[StepRow, ...]
    moves: tuple[Move, ...]
    edges: pl.DataFrame
    versions: tuple[VersionRow, ...]
    first_offers: tuple[OfferBand, ...]
    calls: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    stays: pl.DataFrame
    time_zone: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it: no person is named."""
        return plain(
            {
                "counts": dict(self.counts),
                "hazard_per_day": None if self.hazard is None else self.hazard.model_dump(),
                "steps": [_step(each) for each in self.steps],
                "moves": [asdict(each) for each in self.moves],
                "edges": self.edges.to_dicts(),
                "versions": [_version(each) for each in self.versions],
                "first_offers": [asdict(each) for each in self.first_offers],
                "calls": [dict(each) for each in self.calls],
                "notes": list(self.notes),
            }
        )


def map_process(
    document: ExperienceDocument,
    events: pl.DataFrame,
    cases: pl.DataFrame | None = None,
    *,
    steps: Sequence[str] = (),
    by: Sequence[str] = (),
    decides: Mapping[str, str] | None = None,
    versions: Versions | None = None,
    offer_minutes: Sequence[float] = (),
    progress: Progress | None = None,
    where: Where | None = None,
) -> ProcessMap:
    """Map an event log; `events` and `cases` are its frames, as `fit_experience` takes them.

    `steps` are activities in order, those of `steps_of` where none is named. `by` names columns of
    the cases (a channel, tier, segment or version); `decides` is explained at `moves`,
    `offer_minutes` (edges) at `first_offer_bands`. Raises BadInput and Faults as `prepare`,
    `stays`, `funnel`, `moves`, `first_offer_bands` and `compare_versions` do.
    """
    said = progress if progress is not None else Silent()
    with said.step("reading the event log"):
        log = prepare(document, events, where)
    return map_log(
        log,
        document.waiting,
        cases,
        steps=steps or steps_of(log, document),
        by=by,
        decides=decides,
        versions=versions,
        offer_minutes=offer_minutes,
        progress=said,
    )


def map_log(
    log: CaseLog,
    waiting: WaitingSection,
    cases: pl.DataFrame | None = None,
    *,
    steps: Sequence[str],
    by: Sequence[str] = (),
    decides: Mapping[str, str] | None = None,
    versions: Versions | None = None,
    offer_minutes: Sequence[float] = (),
    progress: Progress | None = None,
) -> ProcessMap:
    """Map a log that is ready, as of `case_log`; else as `map_process`."""
    said = progress if progress is not None else Silent()
    with said.step("who was where"):
        rows = stays(log, steps, cases)
        measures = FrameMeasures(log, cases)
    hazard = _hazard(waiting, measures)
    source = f"event log {log.section.path.rsplit('/', 1)[-1]}"
    with said.step("funnel and map"):
        everybody = (None, *by)
        table = [row for each in everybody for row in funnel(rows, each, source)]
        ranked = [
            move
            for each in everybody
            for move in moves(
                rows, hazard, by=each, decides=decides, phase=waiting.phase, source=source
            )
        ]
        edges = pl.concat(
            follows(log, each, cases).with_columns(by=pl.lit(each, dtype=pl.String))
            for each in everybody
        )
    compared: list[VersionRow] = []
    if versions is not None:
        compared = compare_versions(
            log, rows, versions.column, versions.before, versions.after,
            within_days=versions.within_days, cases=cases,
        )  # fmt: skip
    return ProcessMap(
        counts=counts(log),
        hazard=hazard,
        steps=tuple(table),
        moves=tuple(ranked),
        edges=edges.select("by", "group", "activity", "followed_by", "times", "cases", "days_p50"),
        versions=tuple(compared),
        first_offers=tuple(first_offer_bands(log, offer_minutes)) if offer_minutes else (),
        calls=_calls(log),
        notes=tuple(_notes(log, measures, hazard, versions)),
        stays=rows,
        time_zone=log.section.calendar.time_zone,
    )


def _hazard(waiting: WaitingSection, measures: FrameMeasures) -> Quantity | None:
    try:
        return waiting_hazard(waiting, measures)
    except BadInput:
        return None  # nobody waits for the lender in this log: nothing to be made faster


def _calls(log: CaseLog) -> tuple[Mapping[str, Any], ...]:
    if log.section.offer is None:
        return ()
    return tuple(call_table(log, offers(log)))


def _notes(
    log: CaseLog, measures: FrameMeasures, hazard: Quantity | None, versions: Versions | None
) -> Iterator[str]:
    yield "measured on an event log as it happened: observational, not the outcome of an experiment"
    if hazard is None:
        yield "nobody is seen to wait for the lender: name log.waits_for to rank what is slow"
    if log.section.calls and log.section.offer is not None:
        yield (
            "cases with calls were there to be called: of them more are accepted whatever a call "
            "does (survivorship); compare at equal waiting"
        )
    if versions is not None:
        yield (
            f"'{versions.after}' came after '{versions.before}': whoever came later may differ in "
            "other ways too; a trial tells what the version does"
        )
    if measures.closed_by_clock:
        yield f"{measures.closed_by_clock} cases were closed by the clock and count as lost"
    if measures.without_events:
        yield f"{measures.without_events} cases have no events and were left out"


def _step(row: StepRow) -> dict[str, Any]:
    row_dict = asdict(row)
    row_dict["drop_off"] = None if row.drop_off is None else row.drop_off.model_dump()
    return row_dict


def _version(row: VersionRow) -> dict[str, Any]:
    row_dict = asdict(row)
    for name in ("since", "first_look"):
        row_dict[name] = None if row_dict[name] is None else row_dict[name].isoformat()
    return row_dict
