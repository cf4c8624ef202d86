"""Emergency plans as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Has the record tell versions of the plans, their switches and their runs."""

    name = "equipoise.service.contexts.plans"
    label = "plans"

    def ready(self) -> None:
        from equipoise.service.contexts.plans.models import (
            PlanRun,
            PlansVersion,
            Prepared,
            ResourceCheck,
        )
        from equipoise.service.platform.record import rows

        rows.record(PlansVersion, "digest", "brought_by", "approved_by")
        rows.record(Prepared, "plan", "switch", "strategy", "base", "digest", "version_id")
        rows.record(ResourceCheck, "plan", "resource", "amount", "checked_by")
        rows.record(PlanRun, "version_id", "plan", "drill", "serial", "closed_at")
