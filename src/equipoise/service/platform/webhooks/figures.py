"""What waits to be delivered, read from the database when asked for."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.platform.webhooks.models import Delivery, State, Webhook


class Deliveries(Collector):
    """How much waits and since when, what was given up, and which addresses are switched off."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure once."""
        waiting = Delivery.objects.filter(state=State.WAITING, webhook__switched_off="")
        first = waiting.aggregate(first=Min("made_at"))["first"]
        oldest = (timezone.now() - first).total_seconds() if first else 0.0
        dead = Delivery.objects.filter(state=State.DEAD).count()
        off = Webhook.objects.exclude(switched_off="").count()
        for name, meaning, value in (
            ("waiting", "Webhook messages that wait", waiting.count()),
            ("oldest_seconds", "Seconds the oldest of them waits", oldest),
            ("dead", "Webhook messages given up, and not replayed", dead),
            ("switched_off", "Webhook addresses that are switched off", off),
        ):
            yield GaugeMetricFamily(f"equipoise_webhooks_{name}", meaning, value=value)
