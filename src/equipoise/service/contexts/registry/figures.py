"""Whether there is a strategy to decide by: asked by readiness, and read for the metrics."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.contexts.registry.default import is_in_force
from equipoise.service.contexts.registry.models import Pointer
from equipoise.service.platform.operations.health import Amiss


def in_force() -> Amiss | None:
    """What to say where no strategy is in force: people and pages are answered, but nothing can be
    decided. Where only the default is not, requests that name another are."""
    if not Pointer.objects.exists():
        return Amiss("no strategy is in force: publish one", stops=True)
    if not is_in_force():
        return Amiss("the default strategy is not in force: who names none is not decided")
    return None


class InForce(Collector):
    """What decides now."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Strategies in force, and 1 where requests that name none are decided, else 0."""
        yield GaugeMetricFamily(
            "equipoise_strategies_in_force", "Strategies in force", value=Pointer.objects.count()
        )
        yield GaugeMetricFamily(
            "equipoise_default_strategy_in_force",
            "1 where the strategy that answers without a name is in force, else 0",
            value=int(is_in_force()),
        )
