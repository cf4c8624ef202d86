"""Where the lender stands beside the frontier, as it was measured."""

from __future__ import annotations

from collections.abc import Iterator

from .paging import listed
from .reading import read
from .results import MeasuredStanding, StandingInFull
from .transport import Sender
from .waiting import once_ended

_ALL = "/v1/standings"


class StandingReader:
    """Needs the right balance.read; it is for people."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> Iterator[MeasuredStanding]:
        """Measurements, the newest first."""
        return listed(self._sender, MeasuredStanding, _ALL)

    def get(self, standing_id: int) -> StandingInFull:
        """How far a measurement is, and what it found once it is done."""
        return read(StandingInFull, self._sender.ask("GET", f"{_ALL}/{standing_id}").json)

    def wait(self, standing_id: int, *, pause: float = 1.0) -> StandingInFull:
        """Ask until it has ended."""
        return once_ended(lambda: self.get(standing_id), pause)


class Standings(StandingReader):
    """What somebody with the right balance.run may do besides."""

    def begin(self) -> StandingInFull:
        """Have it measured now. Raises Conflict where it is being measured."""
        return read(StandingInFull, self._sender.ask("POST", _ALL, again=False).json)

    def cancel(self, standing_id: int) -> StandingInFull:
        """End a measurement before it is done. Raises Conflict where it ended otherwise."""
        where = f"{_ALL}/{standing_id}/cancel"
        return read(StandingInFull, self._sender.ask("POST", where, again=False).json)
