"""What others may know of batches: the files they keep, and whether those are as recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.files import present
from equipoise.service.contexts.batches.files import Files
from equipoise.service.contexts.batches.files import folders as _folders
from equipoise.service.contexts.batches.models import UNFINISHED, Batch
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for

if TYPE_CHECKING:
    from equipoise.progress import Progress
    from equipoise.record.verifying import Fault
    from equipoise.service.contexts.batches.replaying import Proved


@dataclass(frozen=True, slots=True)
class Kept:
    """The files of applications and answers that lie there under a batch's id, with their size in
    bytes in all."""

    batch: str
    files: tuple[Path, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Held:
    """A batch as its files are read: the strategy's digest, the column taken for the id where it is
    not the contract's, and whether it is still to be decided (`open`)."""

    digest: str
    identifier: str
    open: bool


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch as lists show it: `rows` of `total` are decided, where that is known; its files are
    kept until `files_until`, empty once gone."""

    id: str
    begun_by: str
    strategy: str
    digest: str
    decided_on: date
    state: str
    rows: int
    total: int | None
    outcomes: Mapping[str, int]
    made_at: datetime
    ended_at: datetime | None
    files_until: datetime | None


def newest(by: Principal, over: Reach, most: int) -> list[BatchView]:
    """The newest batches that the caller may see."""
    names = BatchView.__slots__
    rows = Batch.objects.filter(rows_for(by, over)).order_by("-pk")[:most]
    return [BatchView(**{name: getattr(row, name) for name in names}) for row in rows]


def kept() -> Sequence[Kept]:
    """What lies there now, by batch; also of an upload that has not become one yet."""
    return [_kept(path) for path in _folders()]


def held(batch: str) -> Held | None:
    """The batch of that id; None where there is none, or none yet."""
    row = Batch.objects.filter(pk=batch).first()
    return Held(row.digest, row.identifier, row.state in UNFINISHED) if row else None


# Tables are large, and only a replay needs them.
def replay(progress: Progress | None = None) -> Proved:
    """Decide every batch that is done again, and hold its pieces against the record."""
    from equipoise.service.contexts.batches.replaying import replay_batches

    return replay_batches(progress)


def wrong_file() -> Fault | None:
    """The first batch of which a file is not that of the record; None: all that are here are."""
    from equipoise.service.contexts.batches import replaying

    return replaying.wrong_file()


def _kept(path: Path) -> Kept:
    files = dict(present(Files(path.name).personal()))
    return Kept(path.name, tuple(files), sum(each.st_size for each in files.values()))
