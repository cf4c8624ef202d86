"""Whole reviews of a file of applicants: two strategies compared, one strategy audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.progress import Progress, Silent
from equipoise.review.applicants import Applicants, applicants_of, decided, read_applicants
from equipoise.review.comparing import Comparison, compare_strategies
from equipoise.review.fairness import (
    AuditSection,
    FairnessAudit,
    audit_fairness,
    with_default_bands,
)
from equipoise.review.fairness.groups import grouped
from equipoise.review.recourse_audit import RecourseAudit, audit_recourse
from equipoise.strategy.engine import Strategy

ROW = "its row"
NOTHING_CHANGES = (
    "Ways back were not looked for: no field of the contract says what an applicant can change "
    "(`change` in contract.yaml)."
)


@dataclass(frozen=True, slots=True)
class Audited:
    """Fairness between groups and, where it was looked for, who has no way back."""

    fairness: FairnessAudit
    recourse: RecourseAudit | None
    bands: dict[str, tuple[float, ...]]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.fairness.as_dict(),
            "bands": {name: list(edges) for name, edges in self.bands.items()},
            "notes": [*self.fairness.notes, *self.notes],
            "recourse": None if self.recourse is None else self.recourse.as_dict(),
        }


def compare_on(
    one: Strategy,
    two: Strategy,
    source: Path | str,
    by: Sequence[str] = (),
    *,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> Comparison:
    """Both strategies on one file. Segments are `by`, or every field of few values.

    A number named in `by` is cut at its quartiles. Raises BadInput where the strategies are of
    different contracts, or the file is not of theirs.
    """
    steps = progress or Silent()
    contract = _shared_contract(one, two)
    with steps.step("Reading the applications"):
        people = read_applicants(contract, source, by)
    with steps.step("Deciding twice"):
        # both answer in the order of the file: its rows tell people apart even without ids
        a, b = (decided(each, people, str(source)).with_row_index(ROW) for each in (one, two))
        a, b = (frame.drop("id").rename({ROW: "id"}) for frame in (a, b))
    with steps.step("Comparing"):
        return compare_strategies(a, b, _segments(people), confidence)


def compare_records(
    one: Strategy,
    two: Strategy,
    by_day: Mapping[date, Sequence[Mapping[str, Any]]],
    *,
    confidence: float = 0.95,
) -> Comparison:
    """Both strategies on applications at hand, each decided as of its day. Results of checks count
    for neither. Raises BadInput where the strategies are of different contracts, or where an
    application is not of theirs."""
    contract = _shared_contract(one, two)
    days = sorted(by_day)
    people = applicants_of(contract, [each for day in days for each in by_day[day]])
    a, b = (_decided_by_day(each, people, days, by_day) for each in (one, two))
    return compare_strategies(a, b, _segments(people), confidence)


def _decided_by_day(
    strategy: Strategy,
    people: Applicants,
    days: Sequence[date],
    by_day: Mapping[date, Sequence[Mapping[str, Any]]],
) -> pl.DataFrame:
    parts, start = [], 0
    for day in days:
        count = len(by_day[day])
        part = Applicants(people.frame[start : start + count], pl.DataFrame(), None)
        parts.append(decided(strategy, part, at=day).drop("id"))
        start += count
    return pl.concat(parts, how="diagonal_relaxed").with_row_index("id")


def _shared_contract(one: Strategy, two: Strategy) -> Contract:
    contract, other = one.content.contract, two.content.contract
    if (contract.name, contract.version) != (other.name, other.version):
        raise BadInput(
            f"the strategies decide on different applications: {contract.name} v{contract.version}"
            f" and {other.name} v{other.version}",
            field="contract",
            mend="compare strategies that were sealed for the same contract",
        )
    return contract


def audit_on(
    strategy: Strategy,
    source: Path | str,
    section: AuditSection | None = None,
    *,
    by: Sequence[str] = (),
    sample: int = 300,
    seed: int = 0,
    progress: Progress | None = None,
) -> Audited:
    """Fairness of a strategy on a file, between the groups of its protected fields or of `by`.

    Ways back are looked for among at most `sample` of those turned down; 0 for none. Raises
    BadInput where no field says who belongs to which group.
    """
    steps = progress or Silent()
    contract = strategy.content.contract
    section = section or AuditSection()
    with steps.step("Reading the applications"):
        people = read_applicants(contract, source, by or section.groups, audit=True)
    if not people.segments.width:
        raise BadInput(
            "nothing says who belongs to which group: the file has none of the contract's "
            "protected fields",
            field=", ".join(contract.protected),
            mend="add a protected field to the file, or name other fields with --by",
        )
    section = with_default_bands(people.segments, section)
    with steps.step("Deciding"):
        answers = decided(strategy, people, str(source))
    recourse: RecourseAudit | None = None
    notes: tuple[str, ...] = ()
    if sample and not any(field.change for field in contract.fields):
        notes = (NOTHING_CHANGES,)
    elif sample:
        recourse = _ways_back(strategy, people, section, (sample, seed), steps)
        answers = answers.with_columns(recourse.has_way_back)
    with steps.step("Comparing groups"):
        fairness = audit_fairness(answers, people.segments, section)
    return Audited(fairness, recourse, dict(section.bands), notes)


def _ways_back(
    strategy: Strategy,
    people: Applicants,
    section: AuditSection,
    drawn: tuple[int, int],
    steps: Progress,
) -> RecourseAudit:
    sample, seed = drawn
    alone = section.model_copy(update={"intersections": ()})
    labels = [column.alias(name) for name, column in grouped(people.segments, alone)]
    return audit_recourse(
        strategy, people.frame, by=pl.DataFrame(labels), sample=sample, seed=seed,
        confidence=section.confidence, progress=steps,
    )  # fmt: skip


def _segments(people: Applicants) -> pl.DataFrame | None:
    if not people.segments.width:
        return None
    section = with_default_bands(people.segments, AuditSection(intersections=()))
    columns = [column.alias(name) for name, column in grouped(people.segments, section)]
    return pl.DataFrame(columns).with_row_index("id")
