"""Reviews: a person looks again at a decision."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import Review, ReviewWithWords
from .transport import Transport


class Reviews:
    """Needs the scopes decisions.create, to ask, and decisions.read."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ask(self, application_id: str, words: str = "") -> Review:
        """Ask, for the applicant, that a person looks again at the application's last decision;
        `words` are what the applicant says to it. Asked for again, it is the same review."""
        where = f"/v1/applications/{quote(application_id, safe='')}/reviews"
        return read(Review, self._transport.ask("POST", where, {"words": words}).json)

    def get(self, review_id: str) -> ReviewWithWords:
        """A review as it stands, with the words that were said."""
        where = f"/v1/reviews/{quote(review_id, safe='')}"
        return read(ReviewWithWords, self._transport.ask("GET", where).json)

    def list(self, state: str = "") -> Iterator[Review]:
        """Reviews, the newest first: all, or those `asked` or `settled`."""
        return listed(self._transport, Review, "/v1/reviews", {"state": state} if state else None)
