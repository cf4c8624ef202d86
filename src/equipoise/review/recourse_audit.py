"""Who has no way back: the share of those turned down with none found, by segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.errors import BadInput, did_you_mean
from equipoise.progress import Progress, Silent
from equipoise.review.fairness import AuditSection
from equipoise.review.fairness.findings import Segment, Side
from equipoise.review.fairness.groups import grouped
from equipoise.review.fairness.intervals import Interval, share
from equipoise.strategy.decision import DECLINE, REFER
from equipoise.strategy.engine import Strategy
from equipoise.strategy.recourse.finding import has_way_back

NO_WAY_BACK, OUTCOME = "no way back", "outcome"
EACH_TOLD = 20


@dataclass(frozen=True, slots=True)
class RecourseAudit:
    """Shares with no way back among a random sample of those declined or referred.

    `has_way_back` has a value per applicant, in order: null for those who were not turned down or
    not drawn. `fairness` reads it as the column of that name.
    """

    applicants: int
    turned_down: int
    sampled: int
    seed: int
    confidence: float
    without: Interval
    segments: tuple[Segment, ...]
    has_way_back: pl.Series

    def as_dict(self) -> dict[str, Any]:
        return {
            "applicants": self.applicants,
            "turned_down": self.turned_down,
            "sampled": self.sampled,
            "seed": self.seed,
            "confidence": self.confidence,
            "no_way_back": self.without.as_dict(),
            "segments": [each.as_dict() for each in self.segments],
        }


def audit_recourse(
    strategy: Strategy,
    applicants: pl.DataFrame,
    *,
    by: Sequence[str] | pl.DataFrame = (),
    sample: int = 1000,
    seed: int = 0,
    at: date | None = None,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> RecourseAudit:
    """The share with no way back among those declined or referred, overall and by segment.

    `by` names columns of `applicants` to split by, or is a frame of such columns with the same
    rows; those declined and those referred are always told apart, as the column `outcome`. At most
    `sample` of those turned down are searched, drawn with `seed` without replacement. Intervals
    are Wilson's, each at `confidence`. A search can miss a way where outcomes jump, so a share is
    of those for whom none was found. Raises BadInput for columns that are not there, or not groups.
    """
    answers = strategy.decide_frame(applicants, at=at)
    groups = pl.DataFrame([*_groups(applicants, by), answers[OUTCOME]])
    turned_down = np.flatnonzero(answers[OUTCOME].is_in([DECLINE, REFER]).to_numpy())
    drawn = np.sort(
        np.random.default_rng(seed).permutation(turned_down)[:sample],
    )
    with_way_back = _searched(strategy, applicants[drawn], at, progress or Silent())
    none = ~with_way_back
    return RecourseAudit(
        applicants=applicants.height,
        turned_down=turned_down.size,
        sampled=drawn.size,
        seed=seed,
        confidence=confidence,
        without=share(float(none.sum()), drawn.size, confidence),
        segments=tuple(_segments(groups[drawn], none, confidence)),
        has_way_back=_spread(with_way_back, drawn, applicants.height),
    )


def _groups(applicants: pl.DataFrame, by: Sequence[str] | pl.DataFrame) -> list[pl.Series]:
    if isinstance(by, pl.DataFrame):
        if by.width and by.height != applicants.height:
            raise BadInput(
                f"{by.height} rows of segments but {applicants.height} applicants",
                mend="give both in the same order, one row per applicant",
            )
        return [column for column in by if column.name != OUTCOME]
    for name in by:
        if name not in applicants.columns:
            raise BadInput(
                f"the applicants have no column '{name}' to split by",
                field=name,
                mend=did_you_mean(name, applicants.columns),
            )
    return [applicants[name] for name in dict.fromkeys(by) if name != OUTCOME]


def _searched(
    strategy: Strategy, people: pl.DataFrame, at: date | None, progress: Progress
) -> NDArray[np.bool_]:
    with_way_back = np.zeros(people.height, dtype=np.bool_)
    with progress.step("Looking for ways back") as step:
        for row, record in enumerate(strategy.records(people) if people.height else ()):
            with_way_back[row] = has_way_back(strategy, record, at=at) is True
            if row % EACH_TOLD == 0:
                step.advance(row, people.height)
    return with_way_back


def _segments(
    groups: pl.DataFrame, none: NDArray[np.bool_], confidence: float
) -> Iterator[Segment]:
    for column, labels in grouped(groups, AuditSection(intersections=())):
        for name in sorted(labels.unique().to_list()):
            mine = none[(labels == name).to_numpy()]
            level = share(float(mine.sum()), mine.size, confidence)
            yield Segment(column, NO_WAY_BACK, Side(name, mine.size, level))


def _spread(ways: NDArray[np.bool_], drawn: NDArray[np.intp], height: int) -> pl.Series:
    values: list[bool | None] = [None] * height
    for row, has in zip(drawn.tolist(), ways.tolist(), strict=True):
        values[row] = has
    return pl.Series("has_way_back", values, dtype=pl.Boolean)
