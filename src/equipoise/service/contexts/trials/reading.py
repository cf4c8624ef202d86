"""What others may know of trials: which there are, who is tried, what may be said by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from equipoise.service.contexts.registry.reading import in_force, summaries, trial_of
from equipoise.service.contexts.trials import shadows
from equipoise.service.contexts.trials.guarding import USUAL, WATCHABLE, declared
from equipoise.service.contexts.trials.guardrails import Guardrail, Then
from equipoise.service.contexts.trials.models import Arm, ArmRole, Ask, Breach, Look, Trial
from equipoise.service.contexts.trials.offers import KnownOffers, known_offers
from equipoise.service.contexts.trials.watching import PLANNED

__all__ = ["PLANNED", "USUAL", "WATCHABLE", "ArmSummary", "Asked", "Broken", "Guardrail",
           "KnownOffers", "Then", "TrialSummary", "asked", "broken", "declared", "in_force", "look",
           "named", "newest", "offers", "shadow", "trial"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArmSummary:
    """A version on trial."""

    id: int
    version_id: int
    number: int
    digest: str
    role: str
    share: float

    @property
    def is_shadow(self) -> bool:
        """Whether it serves nobody."""
        return self.role == ArmRole.SHADOW


@dataclass(frozen=True, slots=True)
class TrialSummary:
    """A trial with its arms; `open` while it is in force."""

    id: int
    strategy: str
    experiment: str
    champion: str
    begun_at: datetime
    ended_at: datetime | None
    open: bool
    arms: tuple[ArmSummary, ...]
    guardrails: tuple[Guardrail, ...]

    @property
    def champion_share(self) -> float:
        """What is left of applicants to the champion."""
        return 1 - sum(each.share for each in self.arms)


@dataclass(frozen=True, slots=True)
class Broken:
    """A guardrail that a version on trial broke: the difference and its interval as they were then,
    shown first by the outcomes of the day `since`; `stopped` where it serves nobody new for it."""

    version_id: int
    number: int
    measure: str
    bound: float
    difference: float
    low: float
    high: float
    since: date
    at: datetime
    stopped: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What one person asked, and what another answered, if anybody has."""

    id: int
    what: str
    version_id: int | None
    reason: str
    asked_by: str
    asked_at: datetime
    answered_by: str
    answered_at: datetime | None
    agreed: bool | None


def newest(most: int) -> list[TrialSummary]:
    """The newest trials."""
    return [_summary(each) for each in Trial.objects.order_by("-pk")[:most]]


def trial(trial_id: int) -> TrialSummary:
    """One trial. Raises DoesNotExist."""
    return _summary(Trial.objects.get(pk=trial_id))


def named(experiment: str) -> TrialSummary | None:
    """The trial of that experiment's name; None where there was none."""
    row = Trial.objects.filter(experiment=experiment).first()
    return None if row is None else _summary(row)


def offers(trial_id: int) -> KnownOffers:
    """The offers of its arms whose answers are known; see `offers.known_offers`."""
    return known_offers(Trial.objects.get(pk=trial_id))


def look(trial_id: int) -> tuple[Mapping[str, Any], datetime] | None:
    """What may be said of it (`review.trials.trial_result`) and as of when; None before that."""
    row = Look.objects.filter(pk=trial_id).first()
    return None if row is None else (row.result, row.at)


def asked(trial_id: int) -> list[Asked]:
    """What was asked of two people, the newest first."""
    return [
        Asked(each.pk, each.what, each.version_id, each.reason, each.asked_by, each.asked_at,
              each.answered_by, each.answered_at, each.agreed)
        for each in Ask.objects.filter(trial_id=trial_id).order_by("-pk")[:20]
    ]  # fmt: skip


def broken(shown: TrialSummary) -> list[Broken]:
    """The guardrails of a trial that were broken, the first first."""
    numbers = {arm.id: arm for arm in shown.arms}
    rows = Breach.objects.filter(arm__in=list(numbers)).order_by("pk")
    return [
        Broken(
            version_id=numbers[row.arm_id].version_id,
            number=numbers[row.arm_id].number,
            measure=row.measure,
            bound=row.bound,
            difference=row.difference,
            low=row.low,
            high=row.high,
            since=row.since,
            at=row.at,
            stopped=row.then == Then.STOP,
        )
        for row in rows
    ]


def shadow(arm_id: int) -> Mapping[str, Any]:
    """How a shadow's answers stand to those that were served; see `shadows.comparison`."""
    return shadows.comparison(Arm.objects.get(pk=arm_id))


def _summary(row: Trial) -> TrialSummary:
    arms = list(Arm.objects.filter(trial=row).order_by("place"))
    versions = summaries([each.version_id for each in arms])
    open_ = row.ended_at is None and trial_of(row.strategy) == row.pk
    return TrialSummary(
        row.pk, row.strategy, row.experiment, row.champion, row.begun_at, row.ended_at, open_,
        tuple(
            ArmSummary(each.pk, each.version_id, versions[each.version_id].number,
                       versions[each.version_id].digest, each.role, each.share)
            for each in arms if each.version_id in versions
        ),
        declared(row),
    )  # fmt: skip
