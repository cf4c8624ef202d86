"""Showing that batches were decided as it is recorded: their files are those of then, and the
strategies of then give the same answers again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import polars as pl

from equipoise.errors import EquipoiseError
from equipoise.progress import Progress, Silent
from equipoise.record.verifying import Fault
from equipoise.service.contexts.batches.events import BatchBegun, BatchDone, BatchPiece
from equipoise.service.contexts.batches.files import Files, digest_of
from equipoise.service.contexts.batches.models import Batch, State
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.record import services as record
from equipoise.strategy.files.answer_files import answers_digest
from equipoise.strategy.files.decisions import decided_pieces
from equipoise.strategy.files.tables import Format

SHOWN = 20  # pieces whose differences are told


@dataclass(slots=True)
class Proved:
    """What came of it: batches and rows made again, and the batches whose files are not here, as
    their time is over or the folder was not restored. `differences` are pieces that come out
    otherwise, and files that are not those of then."""

    batches: int = 0
    rows: int = 0
    removed: int = 0
    differences: int = 0
    versions: set[str] = field(default_factory=set)
    first: list[dict[str, Any]] = field(default_factory=list)

    def differs(self, batch: str, at: str, then: Any, now: Any) -> None:
        """Count a difference, and tell it while there are few."""
        self.differences += 1
        if len(self.first) < SHOWN:
            difference = {"at": at, "then": then, "now": now}
            self.first.append({"id": batch, "differences": [difference]})


class NotWhole(LookupError):
    """A part of a batch's record is not there."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A batch as the record has it, and not as its row says."""

    begun: BatchBegun
    pieces: list[BatchPiece]
    done: BatchDone

    @classmethod
    def of(cls, batch: str) -> _Recorded:
        """Raises NotWhole where a part of its record is not there."""
        events = [each.event for each in record.history(batch, BatchBegun, BatchPiece, BatchDone)]
        begun = next((each for each in events if isinstance(each, BatchBegun)), None)
        done = next((each for each in events if isinstance(each, BatchDone)), None)
        if begun is None or done is None:
            raise NotWhole((BatchDone if begun else BatchBegun).kind)
        return cls(begun, [each for each in events if isinstance(each, BatchPiece)], done)

    def files(self, batch: str) -> Iterator[tuple[Path, str]]:
        """The files given and answered, each with its digest."""
        files = Files(batch)
        yield files.given(cast(Format, self.begun.given)), self.begun.sha256
        yield files.result(cast(Format, self.begun.wanted)), self.done.sha256


def replay_batches(progress: Progress | None = None) -> Proved:
    """Decide every batch that is done again, and hold its pieces against the record."""
    proved = Proved()
    ids = list(_done().values_list("pk", flat=True))
    with (progress or Silent()).step("Making batches again") as step:
        for count, batch in enumerate(ids, start=1):
            _replay(batch, proved)
            step.advance(count, len(ids))
    return proved


def wrong_file() -> Fault | None:
    """The first batch of which a file is not that of the record; None: all that are here are."""
    for batch in _done().filter(files_until__isnull=False).values_list("pk", flat=True):
        try:
            recorded = _Recorded.of(batch)
        except NotWhole:
            return Fault("the record of a batch is not whole", batch)
        for path, digest in recorded.files(batch):
            if path.is_file() and digest_of(path) != digest:
                return Fault(f"a file of a batch is not the one recorded: {path.name}", batch)
    return None


def _done() -> Any:
    return Batch.objects.filter(state=State.DONE).order_by("pk")


def _replay(batch: str, proved: Proved) -> None:
    try:
        recorded = _Recorded.of(batch)
    except NotWhole as error:
        proved.differs(batch, "record", str(error), None)
        return
    files = [(path, digest) for path, digest in recorded.files(batch) if path.is_file()]
    for path, digest in files:
        now = digest_of(path)
        if now != digest:
            proved.differs(batch, path.name, digest, now)
    if any(path == next(recorded.files(batch))[0] for path, _ in files):
        _decide(batch, recorded, proved)
    else:
        proved.removed += 1


def _decide(batch: str, recorded: _Recorded, proved: Proved) -> None:
    begun = recorded.begun
    on = date.fromisoformat(begun.decided_on)
    source, _ = next(recorded.files(batch))
    proved.batches += 1
    proved.versions.add(begun.digest)
    rows = 0
    try:
        pieces = decided_pieces(loaded(begun.digest), source, at=on, identifier=begun.identifier)
        answers = (each for _, each in pieces)
        for piece, now in _as_then(answers, recorded.pieces):
            rows += now.height
            digest = answers_digest(now)
            if (now.height, digest) != (piece.rows, piece.answers):
                last = piece.first + piece.rows - 1
                proved.differs(batch, f"rows {piece.first} to {last}", piece.answers, digest)
    except EquipoiseError as error:
        proved.differs(batch, "decided", "done", type(error).__name__)
    if rows != recorded.done.rows:
        proved.differs(batch, "rows", recorded.done.rows, rows)
    proved.rows += rows


def _as_then(
    answers: Iterator[pl.DataFrame], pieces: list[BatchPiece]
) -> Iterator[tuple[BatchPiece, pl.DataFrame]]:
    """The answers cut into the pieces of then: a newer program may read a file in others. What
    is left over falls to the last piece."""
    kept: list[pl.DataFrame] = []
    for piece in pieces:
        while sum(each.height for each in kept) < piece.rows:
            answer = next(answers, None)
            if answer is None:
                break
            kept.append(answer)
        if piece is pieces[-1]:
            kept.extend(answers)
        whole = pl.concat(kept) if kept else pl.DataFrame({"outcome": []})
        upto = whole.height if piece is pieces[-1] else piece.rows
        yield piece, whole[:upto]
        kept = [whole[upto:]]
