"""The witness: a file of signed checkpoints beside the database, and copies of it elsewhere.

Whoever can write to the database alone cannot write here. So the service's own witness is asked at
every verification and before everything that is signed, and it is never begun anew silently.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from equipoise.record.checkpoint import Checkpoint, is_signed, read_line
from equipoise.record.verifying import Fault, witness_fault
from equipoise.service.platform.record.events import WitnessBegun
from equipoise.service.platform.record.models import Checkpoint as Row
from equipoise.service.platform.record.reading import history

NAME = "witness.jsonl"
CHAIN = "witness"
_TAIL = 65_536  # bytes: many lines
_AT_ONCE = 500


def own_witness() -> Path:
    """Where the service keeps its own."""
    return Path(settings.CONFIGURATION.folder) / NAME


def stored(first: int = 1, last: int | None = None) -> Iterator[Checkpoint]:
    """The record's checkpoints of these numbers, in order. Raises ValueError where a line is
    none."""
    rows = Row.objects.filter(number__gte=first).order_by("number")
    rows = rows if last is None else rows.filter(number__lte=last)
    for line in rows.values_list("line", flat=True).iterator(_AT_ONCE):
        yield read_line(line)


def read_witness(path: Path) -> Iterator[Checkpoint]:
    """The checkpoints of a witness's file. Raises ValueError, naming the line, where one is
    none; a last line that was broken off is left out."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield read_line(line.decode())
            except ValueError:
                raise ValueError(f"line {number} of {path.name} is no checkpoint") from None


@dataclass(frozen=True, slots=True)
class Beginning:
    """From where on a witness that was begun anew proves more than the record does: what was
    signed after checkpoint `checkpoint`, whose last entry is `entry`."""

    checkpoint: int
    entry: int
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for the record and `--json`."""
        return asdict(self)

    def __str__(self) -> str:
        return (
            f"the witness begins at entry {self.entry + 1}, after checkpoint {self.checkpoint}: it "
            f"was begun anew ({self.reason}); that nothing was cut off before then is shown only "
            "by a copy of the one before"
        )


def begun_anew() -> Beginning | None:
    """The last time that the witness was, as the record says; None where it never was."""
    begun = history(CHAIN, WitnessBegun)
    if not begun:
        return None
    last = begun[-1].event
    return Beginning(last.checkpoint, last.entry, last.reason)


def holds_lines(path: Path) -> bool:
    """Whether anything was told to it."""
    return path.is_file() and path.stat().st_size > 0


@dataclass(frozen=True, slots=True)
class Signed:
    """Where signed checkpoints are read: from the database, or from a witness's file."""

    file: Path | None = None

    def between(self, first: int, last: int) -> Iterator[Checkpoint]:
        """Those of numbers `first` to `last`."""
        if last < first:
            return iter(())
        if self.file is None:
            return stored(first, last)
        return (each for each in read_witness(self.file) if first <= each.number <= last)


def first_fault(path: Path, trusted: Iterable[str], *, own: bool = False) -> Fault | None:
    """The first checkpoint of a witness that is not ours, or that the record does not hold as the
    witness kept it. The service's own must be there and whole, a copy may have been made at any
    time."""
    keys = tuple(trusted)
    if not path.is_file() or (own and not holds_lines(path)):
        return _lost(path, own=own)
    try:
        kept = enumerate(read_witness(path), start=1)
        while piece := list(islice(kept, _AT_ONCE)):
            lines = dict(
                Row.objects.filter(number__in=[each.number for _, each in piece]).values_list(
                    "number", "line"
                )
            )
            for place, each in piece:
                if own and each.number != place:
                    what = f"line {place} of the witness {path.name} was taken out or put in"
                    return Fault(what, checkpoint=place)
                if lines.get(each.number) != each.line():
                    return _difference(path, place, each, lines.get(each.number), keys)
    except ValueError as error:
        return Fault(f"the witness was changed: {error}")
    return None


def _lost(path: Path, *, own: bool) -> Fault | None:
    """Of the service's own an empty one may be: it is made just before the first is signed."""
    signed = Row.objects.count()
    if own and signed <= path.is_file():
        return None
    what = "empty" if path.is_file() else "gone"
    return Fault(f"the witness {path} is {what}: put it back from a copy or a backup")


def _difference(
    path: Path, place: int, kept: Checkpoint, line: str | None, keys: tuple[str, ...]
) -> Fault | None:
    where = f"line {place} of the witness {path.name}"
    if kept.key not in keys:
        return Fault(f"{where} was signed by another service", checkpoint=kept.number)
    if not is_signed(kept, keys):
        return Fault(f"{where} was changed: its signature does not hold", checkpoint=kept.number)
    try:
        ours = None if line is None else read_line(line)
    except ValueError:
        return Fault("the checkpoint cannot be read", checkpoint=kept.number)
    return witness_fault(ours, kept)


@contextmanager
def held(path: Path) -> Iterator[BinaryIO]:
    """The witness's file, for one signer at a time."""
    with path.open("a+b") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def last_told(file: BinaryIO) -> Checkpoint | None:
    """The last whole line; what is broken off after it is cut away, as a process that wrote it was
    killed. Raises ValueError where it is no checkpoint."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - _TAIL))
    tail = file.read()
    end = tail.rfind(b"\n") + 1
    file.truncate(start + end)
    return read_line(tail[:end].splitlines()[-1].decode()) if end else None


def tell(file: BinaryIO, checkpoint: Checkpoint) -> None:
    """Add a line, durable before this returns."""
    file.seek(0, os.SEEK_END)
    file.write(checkpoint.line().encode())
    file.flush()
    os.fsync(file.fileno())
