"""How long the queue is, how long jobs have waited, and whether anybody works: read when asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.platform.jobs.models import Due
from equipoise.service.platform.operations.health import Amiss

_LATE = 60.0  # seconds


def lateness() -> Amiss | None:
    """What to say where no worker does what is due, else None."""
    first = Due.objects.aggregate(first=Min("next"))["first"]
    if first is None:
        return Amiss("no worker has run yet")
    late = (timezone.now() - first).total_seconds()
    if late <= _LATE:
        return None
    return Amiss(f"background work is {late:.0f} s late: is a worker running?")


class Queue(Collector):
    """What stands on each queue."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Jobs waiting, seconds the oldest that is due has waited, running, given up."""
        from equipoise.service.platform.jobs.queue import ready, stored

        waiting = GaugeMetricFamily(
            "equipoise_jobs_waiting", "Jobs that are due and wait", labels=["queue"]
        )
        oldest = GaugeMetricFamily(
            "equipoise_jobs_oldest_seconds", "Seconds the oldest of them waits", labels=["queue"]
        )
        now = timezone.now()
        due = ready(now).order_by().values("queue_name")
        for row in due.annotate(count=Count("id"), first=Min("enqueued_at")):
            waiting.add_metric([row["queue_name"]], row["count"])
            oldest.add_metric([row["queue_name"]], (now - row["first"]).total_seconds())
        yield waiting
        yield oldest
        for name, meaning, status in (
            ("equipoise_jobs_running", "Jobs being worked at", Status.RUNNING),
            ("equipoise_jobs_given_up", "Jobs given up and not yet forgotten", Status.FAILED),
        ):
            yield GaugeMetricFamily(name, meaning, value=stored().filter(status=status).count())
