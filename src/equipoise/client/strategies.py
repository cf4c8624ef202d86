"""Strategies, as a pipeline that builds them hands them in: people approve and publish."""

from __future__ import annotations

from .reading import read
from .results import Version
from .transport import Transport


class Strategies:
    """Needs the scope strategies.write."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(self, sealed: bytes) -> Version:
        """Hand in a sealed strategy, the file's bytes, as a draft."""
        made = self._transport.ask("POST", "/v1/strategies", sealed, again=False)
        return read(Version, made.json)

    def check(self, version: int) -> Version:
        """Run the strategy's own checks."""
        return self._step(version, "check")

    def submit(self, version: int) -> Version:
        """Ask for review."""
        return self._step(version, "submit")

    def _step(self, version: int, name: str) -> Version:
        path = f"/v1/strategies/{version:d}/{name}"
        return read(Version, self._transport.ask("POST", path, again=False).json)
