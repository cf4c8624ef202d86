"""Screening on schedule: what owners of risks are asked, and what they answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import Screening
from .transport import Sender

_ALL = "/v1/screenings"


class ScreeningReader:
    """Needs the scope risk.read."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, state: str = "") -> Iterator[Screening]:
        """Rounds, those due last first: all, or those that are `open` or `answered`."""
        return listed(self._sender, Screening, _ALL, {"state": state} if state else None)

    def get(self, screening_id: str) -> Screening:
        """One round."""
        return read(Screening, self._sender.ask("GET", _one(screening_id)).json)


class Screenings(ScreeningReader):
    """What a person may do besides."""

    def answer(
        self, screening_id: str, answers: Sequence[str], residual: int | None = None
    ) -> Screening:
        """Answer every question of a round, and grade what is left of its risk. Raises Conflict,
        which says who was first, where somebody answered it."""
        body = {"answers": list(answers), "residual": residual}
        where = f"{_one(screening_id)}/answers"
        return read(Screening, self._sender.ask("POST", where, body, again=False).json)


def _one(screening_id: str) -> str:
    return f"{_ALL}/{quote(screening_id, safe='')}"
