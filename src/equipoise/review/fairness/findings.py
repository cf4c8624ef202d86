"""What an audit found, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from equipoise.review.fairness.document import AuditMeasure
from equipoise.review.fairness.intervals import Interval
from equipoise.review.fairness.verdict import Answer, together


@dataclass(frozen=True, slots=True)
class Side:
    """One group in one comparison: how many people, and their share or mean."""

    group: str
    people: int
    level: Interval

    def as_dict(self) -> dict[str, Any]:
        return {"group": self.group, "people": self.people, **self.level.as_dict()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One group against its reference on one measure.

    `people_needed` are the group and its reference together, in the proportion they have now, that
    would settle an open answer were the estimate the truth. `overlap` is the share of people in
    strata where both groups are, for measures given risk. `why` says what stands in the way.
    """

    column: str
    measure: str
    group: Side
    reference: Side
    difference: Interval
    ratio: Interval
    answer: Answer
    people_needed: int | None = None
    overlap: float | None = None
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "measure": self.measure,
            "group": self.group.as_dict(),
            "reference": self.reference.as_dict(),
            "difference": self.difference.as_dict(),
            "ratio": self.ratio.as_dict(),
            "answer": self.answer,
            "people_needed": self.people_needed,
            "overlap": self.overlap,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Segment:
    """The level of one group on one measure, without comparing."""

    column: str
    measure: str
    side: Side

    def as_dict(self) -> dict[str, Any]:
        return {"column": self.column, "measure": self.measure, **self.side.as_dict()}


@dataclass(frozen=True, slots=True)
class FairnessAudit:
    """All findings, the level of each group, what was left out and why. It changes no decision.

    `segments` hold each group's share with no way back, observed minus predicted bad rate, and the
    rest, with intervals at the audit's confidence one by one.
    """

    applicants: int
    confidence: float
    min_cell: int
    measures: tuple[AuditMeasure, ...]
    findings: tuple[Finding, ...]
    segments: tuple[Segment, ...]
    left_out: dict[str, str]
    notes: tuple[str, ...]

    @property
    def answer(self) -> Answer:
        return together([each.answer for each in self.findings])

    @property
    def answers(self) -> dict[str, Answer]:
        """One answer per measure."""
        names = [each.name for each in self.measures if each.name not in self.left_out]
        of = {name: [f.answer for f in self.findings if f.measure == name] for name in names}
        return {name: together(answers) for name, answers in of.items()}

    def as_dict(self) -> dict[str, Any]:
        return {
            "answer": self.answer,
            "answers": self.answers,
            "applicants": self.applicants,
            "confidence": self.confidence,
            "min_cell": self.min_cell,
            "measures": [each.model_dump() for each in self.measures],
            "findings": [each.as_dict() for each in self.findings],
            "segments": [each.as_dict() for each in self.segments],
            "left_out": self.left_out,
            "notes": list(self.notes),
        }
