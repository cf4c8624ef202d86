"""Work in the background about incidents: who is late is told, and thresholds are replayed."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from equipoise.errors import EquipoiseError, GateRefused
from equipoise.service.contexts.incidents.chasing import chase_all
from equipoise.service.contexts.incidents.events import ThresholdNotReplayed, ThresholdReplayed
from equipoise.service.contexts.incidents.following import SYSTEM
from equipoise.service.contexts.incidents.leading import act
from equipoise.service.contexts.incidents.models import Incident
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import LONG, every, job


@every(minutes=5)
@job(attempts=1)
def chase_late() -> int:
    """Tell whoever has something late of an incident or its post-mortem, once; how many were."""
    return chase_all(clock.now())


@job(queue=LONG)
def replay_threshold(incident: str, indicator: str, after: float) -> None:
    """Hold a proposed threshold against the workspace's history, and record the figures; where it
    cannot be, why. Nothing is recorded of one that is proposed no more."""
    from equipoise.workspace.watches import replay_threshold as replayed  # which no server loads

    event: ThresholdReplayed | ThresholdNotReplayed
    try:
        of = replayed(Path(settings.CONFIGURATION.workspace), indicator, after)
    except EquipoiseError as error:
        event = ThresholdNotReplayed(
            by=SYSTEM, indicator=indicator, after=after, reason=str(error)[:500]
        )
    else:
        event = ThresholdReplayed(
            by=SYSTEM,
            indicator=indicator,
            before=of.before.at,
            after=of.after.at,
            history=of.history,
            lead_before=of.before.lead_days,
            lead_after=of.after.lead_days,
            saw_before=of.before.saw,
            saw_after=of.after.saw,
            events=of.before.of,
            false_before=of.before.false_a_year,
            false_after=of.after.false_a_year,
        )
    try:
        with transaction.atomic():
            row = Incident.objects.select_for_update().get(pk=incident)
            act(incident, row.serial, event)
    except GateRefused:
        return  # written anew or accepted meanwhile: another replay is under way, or none is needed
