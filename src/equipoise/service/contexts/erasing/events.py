"""What happens to an erasure, in a chain of its own."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.record.events import Event, Signed, event


@event("erasure.begun", 1)
class ErasureBegun(Signed, frozen=True, kw_only=True):
    """A person is to be erased, whose applications these are."""

    reason: str
    subjects: Sequence[str]


@event("erasure.done", 1)
class ErasureDone(Event, frozen=True, kw_only=True):
    """Nothing of them was found in so many files and bytes; these batches' files were removed."""

    batches: Sequence[str]
    files: int
    bytes: int
