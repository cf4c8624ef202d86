"""Plans that begin by themselves: a trigger that says so, at the severity that it names."""

from __future__ import annotations

from django.db import transaction

from equipoise.errors import GateRefused
from equipoise.service.contexts.plans import reading as plans
from equipoise.service.contexts.plans import services as running
from equipoise.service.contexts.watch.events import AlertPlanBegun
from equipoise.service.contexts.watch.folding import SYSTEM
from equipoise.service.contexts.watch.models import Alert
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.platform.record import services as record

_ITSELF = Principal(SYSTEM, SYSTEM, Role.NONE)
_RINGS = ("firing", "acknowledged")


def begin_triggered() -> int:
    """Begin each plan in force that an alert triggers by itself, once for each time that the alert
    was opened; how many were. One that is under way already is not begun again."""
    version = plans.in_force()
    triggers = [
        (plan.name, trigger.indicator, trigger.at)
        for plan in (version.document.plans if version else ())
        for trigger in plan.triggers
        if trigger.starts
    ]
    if not triggers:
        return 0
    rows = Alert.objects.filter(stage__in=_RINGS, inhibited_by="", silenced_until=None)
    believed = rows.filter(indicator__in=[each[1] for each in triggers])
    return sum(
        _begun(alert, plan)
        for alert, indicator, severity in believed.values_list("pk", "indicator", "severity")
        for plan, triggered, at in triggers
        if triggered == indicator and severity in (at, "red")
    )


def _begun(alert: str, plan: str) -> bool:
    with transaction.atomic():
        row = Alert.objects.select_for_update().get(pk=alert)
        before = record.history(alert, AlertPlanBegun)
        if any((e.event.plan, e.event.episode) == (plan, row.episode) for e in before):
            return False
        try:
            run = running.begin(plan, f"{row.indicator}: {row.severity}", _ITSELF)
        except GateRefused:
            return False
        begun = AlertPlanBegun(plan=plan, run=run, episode=row.episode)
        record.append(record.event(alert, begun))
    return True
