"""Notices: letters that applicants are owed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import Notice
from .transport import Transport


class Notices:
    """Needs the scope decisions.read, and personal.read for letters."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, notice_id: str) -> Notice:
        """A notice as it stands."""
        return read(Notice, self._transport.ask("GET", _path(notice_id)).json)

    def list(self, state: str = "") -> Iterator[Notice]:
        """Notices, the newest first: all, or those in a state."""
        return listed(self._transport, Notice, "/v1/notices", {"state": state} if state else None)

    def letter(self, notice_id: str, to: Path) -> None:
        """Write the letter, as PDF, whole or not at all."""
        self._transport.fetch(_path(notice_id, "/letter"), to)


def _path(notice_id: str, rest: str = "") -> str:
    return f"/v1/notices/{quote(notice_id, safe='')}{rest}"
