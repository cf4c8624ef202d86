"""Jobs as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Brings the length of the queue into the metrics, and what is late into readiness."""

    name = "equipoise.service.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        from equipoise.service.platform.jobs.clock import jumped
        from equipoise.service.platform.jobs.figures import Queue, lateness
        from equipoise.service.platform.operations import health, metrics

        metrics.on_asking("jobs", Queue())
        metrics.on_asking("checks", health.Checks())
        health.register("work", lateness)
        health.register("clock", jumped)
