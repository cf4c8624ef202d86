"""What trials do with a strategy's champion and its challengers.

A trial is in force while the pointer to the champion names it, so that whatever moves the pointer
ends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from equipoise.authority.gates import refuse
from equipoise.record.events import Event
from equipoise.service.contexts.registry.gates import CHECKS, all_gates, results
from equipoise.service.contexts.registry.models import Pointer, Version
from equipoise.service.contexts.registry.publishing import refuse_given_up
from equipoise.service.contexts.registry.reading import with_file
from equipoise.service.contexts.registry.telling import chain_of
from equipoise.service.platform.record import services as record


@dataclass(frozen=True, slots=True)
class Champion:
    """The version in force of a strategy, and the trial in force against it, if any."""

    digest: str
    trial: int | None


def check_challenger(version_id: int, *, again: bool) -> None:
    """Whether a version may serve a share of applicants: it passes what a publication passes.
    Raises NotPassed, and GateRefused where it was given up before, unless `again` says that this
    is known."""
    version = Version.objects.get(pk=version_id)
    if not again:
        refuse_given_up(version)
    refuse(results(with_file(version), all_gates(version.strategy)))


def check_shadow(version_id: int) -> None:
    """Whether a version may be watched: it can decide. Raises NotPassed."""
    refuse(results(with_file(Version.objects.get(pk=version_id)), CHECKS))


def hold_champion(strategy: str) -> Champion | None:
    """The strategy's champion, which stays it until the transaction of whoever asks ends; None
    where none is in force."""
    row = Pointer.objects.select_for_update().filter(strategy=strategy).first()
    return Champion(row.version.digest, row.trial) if row else None


def name_trial(strategy: str, trial: int | None) -> None:
    """From now on this trial is in force against the champion; None: none is."""
    Pointer.objects.filter(strategy=strategy).update(trial=trial)


def tell_trial(strategy: str, event: Event, rows: Iterable[models.Model]) -> None:
    """An event about a trial in the strategy's chain, which tells these rows and the pointer."""
    every = (*rows, *Pointer.objects.filter(strategy=strategy))
    record.append(record.event(chain_of(strategy), event, rows=every))
