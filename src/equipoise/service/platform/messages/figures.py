"""How many messages stand where, read from the database when asked for."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.platform import clock
from equipoise.service.platform.messages.models import Message, State
from equipoise.service.platform.messages.reading import counts, unreachable


class Messages(Collector):
    """Messages by state, how long the oldest waits, and how many addresses are not there."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure once."""
        by_state = GaugeMetricFamily(
            "equipoise_messages", "Messages to people, by state", labels=["state"]
        )
        for state, count in counts().items():
            by_state.add_metric([state], count)
        yield by_state
        first = Message.objects.filter(state=State.QUEUED).aggregate(first=Min("made_at"))["first"]
        oldest = (clock.now() - first).total_seconds() if first else 0.0
        meaning = "Seconds the oldest message waits"
        yield GaugeMetricFamily("equipoise_messages_oldest_seconds", meaning, value=oldest)
        meaning = "Addresses and numbers that nothing more goes to, as it came back"
        yield GaugeMetricFamily("equipoise_messages_unreachable", meaning, value=unreachable())
