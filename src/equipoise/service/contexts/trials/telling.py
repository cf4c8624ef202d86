"""What the record is told of trials, and of those that ended without anybody ending them."""

from __future__ import annotations

from typing import TypedDict

from django.db import transaction
from django.db.models import Model

from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.trials.events import TrialEvent, TrialOvertaken
from equipoise.service.contexts.trials.models import Arm, Trial
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal

SYSTEM = "system.trials"


class SignedTrial(TypedDict):
    """What every event about a trial says; see `events.TrialEvent`."""

    trial: int
    by: str
    key: str | None
    person: str


def signed(trial: Trial, by: Principal) -> SignedTrial:
    """Which trial it was, and who did it."""
    return {"trial": trial.pk, "by": by.id, "key": by.key or None, "person": by.person}


def tell(trial: Trial, event: TrialEvent, *rows: Model) -> None:
    """An event in the strategy's chain, which tells the trial with its arms and `rows` besides, and
    the pointer."""
    every = (trial, *Arm.objects.filter(trial=trial), *rows)
    registry.tell_trial(trial.strategy, event, every)


def close_overtaken() -> None:
    """Say of trials whose champion is no longer in force that they ended."""
    for open_ in Trial.objects.filter(ended_at=None):
        with transaction.atomic():
            # the champion first, as whoever ends a trial takes it
            champion = registry.hold_champion(open_.strategy)
            trial = Trial.objects.select_for_update().get(pk=open_.pk)
            if trial.ended_at is None and (champion is None or champion.trial != trial.pk):
                trial.ended_at = clock.now()
                trial.save(update_fields=["ended_at"])
                in_force = champion.digest if champion else None
                tell(trial, TrialOvertaken(trial=trial.pk, by=SYSTEM, in_force=in_force))
