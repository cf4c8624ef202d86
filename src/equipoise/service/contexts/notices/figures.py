"""How many notices stand where, and how many are late, read from the database when asked for."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.contexts.notices.reading import NoticeState, counts, late
from equipoise.service.platform.operations.health import Amiss


class Notices(Collector):
    """Notices by state, and those that are late."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure once."""
        by_state = GaugeMetricFamily(
            "equipoise_notices", "Letters that applicants are owed, by state", labels=["state"]
        )
        for state, count in counts().items():
            by_state.add_metric([state], count)
        yield by_state
        meaning = "Letters that are not made though their last day is over"
        yield GaugeMetricFamily("equipoise_notices_late", meaning, value=late())


def amiss() -> Amiss | None:
    """The check for readiness: letters that are late, or cannot be made."""
    lacking, overdue = counts()[NoticeState.LACKING], late()
    if not lacking and not overdue:
        return None
    return Amiss(f"letters to applicants: {lacking} cannot be made, {overdue} are late")
