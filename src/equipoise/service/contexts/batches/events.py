"""What happens to a batch, in a chain of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Event, Signed, event


@event("batch.begun", 1)
class BatchBegun(Signed, frozen=True, kw_only=True):
    """A file was taken in, to be decided by this strategy as of this day; `given` and `wanted` are
    formats of files, `identifier` the column that names applicants."""

    strategy: str
    digest: str
    decided_on: str
    given: str
    wanted: str
    identifier: str
    size: int
    sha256: str


@event("batch.piece", 1)
class BatchPiece(Event, frozen=True, kw_only=True):
    """Rows were decided, from the row `first` on, with answers of this digest."""

    first: int
    rows: int
    outcomes: Mapping[str, int]
    answers: str


@event("batch.done", 1)
class BatchDone(Event, frozen=True, kw_only=True):
    """All rows are decided; the file of answers is of this size and digest."""

    rows: int
    outcomes: Mapping[str, int]
    size: int
    sha256: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        public = {"rows": self.rows, "outcomes": self.outcomes, "sha256": self.sha256}
        return {"id": chain, "state": "done", **public}


@event("batch.failed", 1)
class BatchFailed(Event, frozen=True, kw_only=True):
    """The batch ended with an error, of this kind and at this place."""

    error: str
    line: int | None
    row: int | None

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {"id": chain, "state": "failed"}


@event("batch.cancelled", 1)
class BatchCancelled(Signed, frozen=True, kw_only=True):
    """Somebody ended it."""

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {"id": chain, "state": "cancelled"}


@event("batch.removed", 1)
class BatchRemoved(Signed, frozen=True, kw_only=True):
    """Its files were removed."""
