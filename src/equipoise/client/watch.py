"""What is watched: readings of indicators, and alerts. Read by a program, acted on by people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import WatchAlert, WatchAlertInFull, WatchReading
from .transport import Sender

_ALERTS = "/v1/watch/alerts"


class Watch:
    """Needs the scope risk.read."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def readings(self, indicator: str = "") -> Iterator[WatchReading]:
        """Readings, those kept last first: of every indicator, or of one."""
        asked = {"indicator": indicator} if indicator else None
        return listed(self._sender, WatchReading, "/v1/watch/readings", asked)

    def alerts(self, state: str = "") -> Iterator[WatchAlert]:
        """Alerts, those raised last first: all, or those that are `open` or `closed`."""
        return listed(self._sender, WatchAlert, _ALERTS, {"state": state} if state else None)

    def alert(self, alert_id: str) -> WatchAlertInFull:
        """An alert as it stands, with all that happened to it."""
        return read(WatchAlertInFull, self._sender.ask("GET", _one(alert_id)).json)


class WatchDesk(Watch):
    """What a person may do besides. Each takes the alert as it was seen, and answers it as it is
    then; raises Conflict, which says who was first and what they did, where somebody or a reading
    was faster."""

    def acknowledge(self, seen: WatchAlert) -> WatchAlertInFull:
        """Take it."""
        return self._do(seen, "acknowledgement")

    def treat(self, seen: WatchAlert, how: str) -> WatchAlertInFull:
        """Do something about it, said in words."""
        return self._do(seen, "treatment", how=how)

    def treat_by_plan(self, seen: WatchAlert, plan: str) -> WatchAlertInFull:
        """Begin a plan in force because of it, as its treatment; the last of what `happened` names
        the run."""
        return self._do(seen, "plan", plan=plan)

    def mitigate(self, seen: WatchAlert, how: str) -> WatchAlertInFull:
        """Say that what was done should hold."""
        return self._do(seen, "mitigation", how=how)

    def verify(self, seen: WatchAlert) -> WatchAlertInFull:
        """Say that it holds, as somebody who did not do it, once it rings no more."""
        return self._do(seen, "verification")

    def ask_to_close(self, seen: WatchAlert, ending: str, reason: str) -> WatchAlertInFull:
        """Ask for its end: `resolved` once it is verified, `false_positive`, or `accepted`."""
        return self._do(seen, "closing", ending=ending, reason=reason)

    def agree_to_close(self, seen: WatchAlert) -> WatchAlertInFull:
        """Close it, as somebody who did not ask for it."""
        return self._do(seen, "closing/agreement")

    def refuse_to_close(self, seen: WatchAlert, reason: str) -> WatchAlertInFull:
        """Leave it open."""
        return self._do(seen, "closing/refusal", reason=reason)

    def silence(self, seen: WatchAlert, until: datetime, reason: str) -> WatchAlertInFull:
        """Have nobody told of it until then."""
        return self._do(seen, "silence", until=until.isoformat(), reason=reason)

    def end_silence(self, seen: WatchAlert) -> WatchAlertInFull:
        """End its silence before its time."""
        return self._do(seen, "silence/end")

    def _do(self, seen: WatchAlert, deed: str, **more: Any) -> WatchAlertInFull:
        where, body = f"{_one(seen.id)}/{deed}", {"seen": seen.version, **more}
        return read(WatchAlertInFull, self._sender.ask("POST", where, body, again=False).json)


def _one(alert_id: str) -> str:
    return f"{_ALERTS}/{quote(alert_id, safe='')}"
