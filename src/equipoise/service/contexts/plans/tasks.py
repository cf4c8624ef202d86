"""Scheduled work about plans."""

from __future__ import annotations

from django.db import transaction

from equipoise.service.contexts.plans.calling import call_due
from equipoise.service.contexts.plans.following import follow
from equipoise.service.contexts.plans.models import PlanRun
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import every, job


@every(minutes=1)
@job(attempts=1)
def call_people() -> int:
    """Call whoever is due in every run under way; how many were."""
    runs = PlanRun.objects.filter(closed_at=None).order_by("began_at")
    return sum(_call(each) for each in runs.values_list("pk", flat=True))


def _call(run_id: str) -> int:
    with transaction.atomic():
        row = PlanRun.objects.select_for_update().get(pk=run_id)
        return 0 if row.closed_at else call_due(follow(row), clock.now())
