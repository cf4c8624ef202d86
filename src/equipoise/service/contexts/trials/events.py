"""What the record is told of trials, and of those that ended without anybody ending them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from equipoise.service.contexts.registry.models import Pointer
from equipoise.service.contexts.registry.services import chain_of
from equipoise.service.contexts.trials.models import Arm, Trial
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

SYSTEM = "system.trials"


def tell(trial: Trial, kind: str, by: Principal | None, told: dict[str, Any]) -> None:
    """An event in the strategy's chain, which tells the trial with its arms, and the pointer; by
    the service itself where `by` is None."""
    who = {**by.signature, "person": by.person} if by else {"by": SYSTEM}
    known = {"trial": trial.pk, **told, **who}
    rows = (
        trial,
        *Arm.objects.filter(trial=trial),
        *Pointer.objects.filter(strategy=trial.strategy),
    )
    record.append(record.event(chain_of(trial.strategy), kind, known, rows=rows))


def close_overtaken() -> int:
    """Say of trials whose champion is no longer in force that they ended; how many were."""
    count = 0
    for open_ in Trial.objects.filter(ended_at=None):
        with transaction.atomic():
            # the pointer first, as whoever ends a trial takes it
            pointer = Pointer.objects.select_for_update().filter(strategy=open_.strategy).first()
            trial = Trial.objects.select_for_update().get(pk=open_.pk)
            if trial.ended_at is None and (pointer is None or pointer.trial != trial.pk):
                trial.ended_at = timezone.now()
                trial.save(update_fields=["ended_at"])
                in_force = pointer.version.digest if pointer else None
                tell(trial, "trial.overtaken", None, {"in_force": in_force})
                count += 1
    return count
