"""What is watched: readings of indicators, and alerts."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import WatchAlert, WatchReading
from .transport import Transport


class Watch:
    """Needs the scope risk.read."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def readings(self, indicator: str = "") -> Iterator[WatchReading]:
        """Readings, those kept last first: of every indicator, or of one."""
        asked = {"indicator": indicator} if indicator else None
        return listed(self._transport, WatchReading, "/v1/watch/readings", asked)

    def alerts(self, state: str = "") -> Iterator[WatchAlert]:
        """Alerts, those raised last first: all, or those that are `open` or `closed`."""
        asked = {"state": state} if state else None
        return listed(self._transport, WatchAlert, "/v1/watch/alerts", asked)

    def alert(self, alert_id: str) -> WatchAlert:
        """An alert as it stands."""
        path = f"/v1/watch/alerts/{quote(alert_id, safe='')}"
        return read(WatchAlert, self._transport.ask("GET", path).json)
