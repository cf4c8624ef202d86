"""What happens to measurings of the book."""

from __future__ import annotations

from equipoise.record.events import Event, Signed, event


@event("book.asked", 1)
class BookAsked(Signed, frozen=True, kw_only=True):
    """Somebody had the book measured, or put under the scenarios of those files, and looked for
    where those limits break."""

    of: str
    scenarios: tuple[str, ...]
    limits: tuple[str, ...]


@event("book.measured", 1)
class BookMeasured(Event, frozen=True, kw_only=True):
    """It was; what was found has that digest."""

    sha256: str


@event("book.failed", 1)
class BookFailed(Event, frozen=True, kw_only=True):
    """It could not be: the kind of error."""

    error: str


@event("book.rows_seen", 1)
class BookRowsSeen(Signed, frozen=True, kw_only=True):
    """Somebody opened rows that name loans: those behind that number of the measured book, the
    part of them from 1."""

    number: str
    page: int


def chain_of(measuring: int) -> str:
    """The chain of a measuring."""
    return f"book.{measuring}"
