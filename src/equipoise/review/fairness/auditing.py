"""The audit itself: every group against its reference, on every measure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import FloatArray
from equipoise.review.fairness import intervals
from equipoise.review.fairness.document import AuditMeasure, AuditSection
from equipoise.review.fairness.findings import FairnessAudit, Finding, Segment, Side
from equipoise.review.fairness.groups import grouped
from equipoise.review.fairness.intervals import UNKNOWN, Interval, Within
from equipoise.review.fairness.values import absent, strata, taken
from equipoise.review.fairness.verdict import UNSETTLED, answer, times_more

REPAID_NOTE = (
    "Who repaid is known only where an outcome was seen; among people once declined it is not, "
    "so approval of those who repaid and calibration speak of the observed alone."
)
THIN_OVERLAP = 0.8


def audit_fairness(
    decisions: pl.DataFrame, groups: pl.DataFrame, section: AuditSection | None = None
) -> FairnessAudit:
    """Compare decision, price, waiting and documents asked between groups.

    `decisions` has a row per applicant with `outcome` and any of grade, pd, apr (a fraction a
    year), amount, wait_days, minutes, questions, checks, has_way_back, bad; `groups` the same rows
    in the same order with the columns to compare by. A measure whose columns are not there is left
    out, and `left_out` says so. Raises BadInput for frames that do not fit.
    """
    section = section or AuditSection()
    _check(decisions, groups)
    left_out = {m.name: why for m in section.measures if (why := absent(m, decisions))}
    used = [each for each in section.measures if each.name not in left_out]
    values = {each.name: taken(each, decisions) for each in used}
    given_risk = any(each.given_risk for each in used)
    none = np.zeros(decisions.height, dtype=np.intp)
    risk = strata(decisions, section.risk_bands) if given_risk else none
    findings: list[Finding] = []
    segments: list[Segment] = []
    for column, labels in grouped(groups, section):
        split = _Split.of(column, labels, section)
        for measure in used:
            work = _Work(split, measure, values[measure.name], risk, section)
            findings.extend(work.findings())
            segments.extend(work.segments())
    notes = (REPAID_NOTE,) if any(m.among in ("repaid", "observed") for m in used) else ()
    return FairnessAudit(
        decisions.height,
        section.confidence,
        section.min_cell,
        section.measures,
        tuple(findings),
        tuple(segments),
        left_out,
        notes,
    )


@dataclass(frozen=True, slots=True)
class _Split:
    """Everybody's group in one column, and the group the others are compared with."""

    column: str
    names: list[str]
    code: NDArray[np.intp]
    reference: int

    @classmethod
    def of(cls, column: str, labels: pl.Series, section: AuditSection) -> _Split:
        names = sorted(labels.unique().to_list())
        code = np.searchsorted(np.array(names), labels.to_numpy()).astype(np.intp)
        wanted = section.references.get(column)
        if wanted is None:
            return cls(column, names, code, int(np.bincount(code).argmax()))
        if wanted not in names:
            raise BadInput(
                f"'{wanted}', the reference of '{column}', does not occur",
                field=column,
                mend=did_you_mean(wanted, names),
            )
        return cls(column, names, code, names.index(wanted))


@dataclass(frozen=True, slots=True)
class _Work:
    """One measure over one split."""

    split: _Split
    measure: AuditMeasure
    values: FloatArray
    risk: NDArray[np.intp]
    section: AuditSection

    def findings(self) -> Iterator[Finding]:
        compared = [k for k in range(len(self.split.names)) if k != self.split.reference]
        if not compared:
            return
        # Bonferroni: all intervals of the column hold together.
        level = 1 - (1 - self.section.confidence) / len(compared)
        for k in compared:
            yield self._finding(k, level)

    def segments(self) -> Iterator[Segment]:
        if self.measure.given_risk:
            return
        for k, name in enumerate(self.split.names):
            mine = self._of(k)
            side = Side(name, mine.size, self._level(mine, self.section.confidence))
            yield Segment(self.split.column, self.measure.name, side)

    def _finding(self, k: int, level: float) -> Finding:
        split, measure = self.split, self.measure
        mine, theirs = self._of(k), self._of(split.reference)
        one = Side(split.names[k], mine.size, self._level(mine, level))
        other = Side(split.names[split.reference], theirs.size, self._level(theirs, level))
        contrast = self._gap(k, mine, theirs, level)
        overlap = contrast.overlap if measure.given_risk else None
        gap = contrast.ratio if measure.scale == "ratio" else contrast.difference
        verdict = answer(gap, measure)
        why = self._why(one, other, gap, overlap)
        least = min(mine.size, theirs.size)
        times = times_more(gap, measure)
        if least < self.section.min_cell:
            verdict = UNSETTLED
            floor = self.section.min_cell / least if least else math.inf
            times = max(times, floor) if times and math.isfinite(floor) else None
        needed = None
        if verdict == UNSETTLED and times is not None:
            needed = math.ceil(times * (mine.size + theirs.size))
        return Finding(
            split.column, measure.name, one, other, contrast.difference, contrast.ratio,
            verdict, needed, overlap, why,
        )  # fmt: skip

    def _gap(self, k: int, mine: FloatArray, theirs: FloatArray, level: float) -> Within:
        if self.measure.given_risk:
            strata = [self._strata(each) for each in (k, self.split.reference)]
            within = intervals.shares_within if self.measure.is_share else intervals.means_within
            return within(strata[0], strata[1], level)
        if self.measure.is_share:
            one, other = (self._level(each, level) for each in (mine, theirs))
            return Within(
                intervals.difference_of_shares(one, other),
                intervals.ratio_of_shares(one, other),
                1.0,
            )
        difference = intervals.difference_of_means(mine, theirs, level)
        signed = self.measure.column == "pd_error"
        ratio = UNKNOWN if signed else intervals.ratio_of_means(mine, theirs, level)
        return Within(difference, ratio, 1.0)

    def _why(self, one: Side, other: Side, gap: Interval, overlap: float | None) -> str:
        for side in (one, other):
            if side.people < self.section.min_cell:
                return f"'{side.group}' has {side.people} people, under {self.section.min_cell}"
        if not gap.known:
            return "no gap can be estimated from these people"
        if overlap is not None and overlap < THIN_OVERLAP:
            return f"only {overlap:.0%} of the people are of a risk that both groups have"
        return ""

    def _of(self, k: int) -> FloatArray:
        mine = (self.split.code == k) & np.isfinite(self.values)
        return np.asarray(self.values[mine], dtype=np.float64)

    def _strata(self, k: int) -> list[FloatArray]:
        mine = (self.split.code == k) & np.isfinite(self.values) & (self.risk >= 0)
        values, risk = self.values[mine], self.risk[mine]
        return [values[risk == s] for s in range(int(self.risk.max()) + 1)]

    def _level(self, values: FloatArray, level: float) -> Interval:
        if self.measure.is_share:
            return intervals.share(float(values.sum()), values.size, level)
        return intervals.mean(values, level)


def _check(decisions: pl.DataFrame, groups: pl.DataFrame) -> None:
    if "outcome" not in decisions.columns:
        raise BadInput("the decisions have no column 'outcome'", field="outcome")
    if decisions.height == 0:
        raise BadInput("there are no decisions to audit", mend="give a file with applications")
    if decisions.height != groups.height:
        raise BadInput(
            f"{decisions.height} decisions but {groups.height} applications",
            mend="give both in the same order, one row per applicant",
        )
    if groups.width == 0:
        raise BadInput("no column says who belongs to which group", field="groups")
