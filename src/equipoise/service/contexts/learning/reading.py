"""What others may know: rankings, experiments planned, and what was measured and proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from equipoise.errors import BadInput, EquipoiseError
from equipoise.review.learning.proposing import Measurement
from equipoise.service.contexts.learning import document
from equipoise.service.contexts.learning.models import (
    RUNNING,
    UNFINISHED,
    Answer,
    Plan,
    Proposal,
    Ranking,
    said,
)

if TYPE_CHECKING:
    from equipoise.review.learning.result_document import LearningResult

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class RankingSummary:
    """A ranking and how far it is: `done` of its present `step`, 0..1."""

    id: int
    asked_by: str
    by: str
    state: str
    step: str
    done: float
    fault: str
    made_at: datetime

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in (*UNFINISHED, RUNNING)


@dataclass(frozen=True, slots=True)
class Planned:
    """An experiment that is planned: of which input, under which name, by whom."""

    ranking: int
    input: str
    experiment: str
    planned_by: str
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was measured and proposed, what stands in experience.yaml now, and what became of it.

    `trial` is the one whose arms it was read from, None where it was measured elsewhere. `now` is
    None where nothing can be told, and `obstacle` then says why.
    """

    id: int
    input: str
    value: float
    low: float
    high: float
    outcomes: int
    known_on: date
    source: str
    trial: int | None
    proposed_by: str
    proposed_at: datetime
    state: str
    answered_by: str
    answered_at: datetime | None
    reason: str
    now: str | None
    obstacle: str

    @property
    def open(self) -> bool:
        """Whether it waits for another person."""
        return self.state == Answer.OPEN


def newest() -> list[RankingSummary]:
    """Rankings, the newest first."""
    return [_summary(each) for each in Ranking.objects.order_by("-pk")[:_SHOWN]]


def ranking(ranking_id: int) -> RankingSummary:
    """One ranking. Raises DoesNotExist."""
    return _summary(Ranking.objects.get(pk=ranking_id))


def result(ranking_id: int) -> LearningResult | None:
    """What a ranking found; None where it is not done."""
    text = Ranking.objects.filter(pk=ranking_id).values_list("result", flat=True).first()
    return _read(text) if text else None


def planned_outcomes(ranking_id: int, name: str) -> int:
    """Of how many outcomes of a challenger an experiment of a ranking was planned. Raises BadInput
    where the ranking names none."""
    ranked = result(ranking_id)
    experiment = ranked.assumption(name).experiment if ranked else None
    if experiment is None or experiment.outcomes < 1:
        raise BadInput("the ranking names no experiment for this", field=name)
    return experiment.outcomes


def plans() -> list[Planned]:
    """Experiments planned, the newest first."""
    return [
        Planned(each.ranking_id, each.input, each.experiment, each.planned_by, each.planned_at)
        for each in Plan.objects.order_by("-pk")[:_SHOWN]
    ]


def proposals() -> list[Proposed]:
    """What was proposed: open ones first, then the newest."""
    rows = [*Proposal.objects.filter(state=Answer.OPEN).order_by("-pk")[:_SHOWN]]
    rows += Proposal.objects.exclude(state=Answer.OPEN).order_by("-pk")[:_SHOWN]
    return [_proposed(each) for each in rows]


def measurement_of(row: Proposal) -> Measurement:
    """What a proposal says was measured."""
    return Measurement(
        row.input, row.value, row.low, row.high, row.outcomes, row.known_on, row.source
    )


def people_in(
    rankings: Iterable[RankingSummary], planned: Iterable[Planned], proposed: Iterable[Proposed]
) -> set[str]:
    """Everybody who did something there, by id."""
    some = {each.asked_by for each in rankings} | {each.planned_by for each in planned}
    for each in proposed:
        some |= {each.proposed_by, each.answered_by}
    return some - {""}


@lru_cache(maxsize=8)
def _read(text: str) -> LearningResult:
    from equipoise.review.learning.result_document import LearningResult

    return LearningResult.model_validate_json(text, strict=True)


def _proposed(row: Proposal) -> Proposed:
    now, obstacle = None, ""
    if row.state == Answer.OPEN:
        try:
            was = document.proposed(measurement_of(row)).was
            now = was if isinstance(was, str) else f"{was.value:g}" if was else "–"
        except EquipoiseError as error:
            obstacle = error.message
    return Proposed(
        row.pk, row.input, row.value, row.low, row.high, row.outcomes, row.known_on, row.source,
        row.trial_id, row.proposed_by, row.proposed_at, row.state, row.answered_by,
        row.answered_at, row.reason, now, obstacle,
    )  # fmt: skip


def _summary(row: Ranking) -> RankingSummary:
    return RankingSummary(
        row.pk, row.asked_by, row.by, said(row.state, begun=row.begun), row.step, row.share,
        row.fault, row.made_at,
    )  # fmt: skip
