"""Checking the whole record in one pass, in the order it was written, with bounded memory.

Each entry's hash is taken again and its predecessor looked for; the checkpoints are made again and
held against the signed ones; at the end every chain must end where its head says. An entry that
was changed, taken out, put in, moved or cut off breaks one of these, and is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from equipoise.service.ledger.chain import GENESIS, Head
from equipoise.service.ledger.checkpoint import Checkpoint, heads_digest, is_signed

Row = tuple[int, str, int, int, str, bytes, bytes, bytes]
"""sequence, chain, index, at, kind, body, prev, hash: an entry as a database gives it."""

WINDOW = 100_000


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is not as it was written."""

    what: str
    chain: str = ""
    index: int | None = None
    sequence: int | None = None
    checkpoint: int | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read, and the first fault found (None: all is as it was written)."""

    events: int
    checkpoints: int
    first_bad: Fault | None

    @property
    def valid(self) -> bool:
        return self.first_bad is None

    def as_dict(self) -> dict[str, object]:
        bad = self.first_bad.as_dict() if self.first_bad else None
        return {
            "events": self.events,
            "checkpoints": self.checkpoints,
            "valid": self.valid,
            "first_bad": bad,
        }


class Record(Protocol):
    """What is verified: one snapshot of the ledger, however it is stored."""

    def windows(self, ends: Sequence[int]) -> Iterator[list[Row]]:
        """All entries by sequence: one list up to each of `ends`, then lists of about WINDOW."""
        ...

    def before(
        self, keys: Sequence[tuple[str, int]]
    ) -> Mapping[tuple[str, int], tuple[int, bytes]]:
        """Sequence and hash of the entries at (chain, index), where they exist."""
        ...

    def wrong_end(self) -> Fault | None:
        """The first chain whose head and last entry disagree, or None."""
        ...


def verify(
    record: Record,
    checkpoints: Sequence[Checkpoint] = (),
    *,
    trusted: Iterable[str] = (),
    witnessed: Iterable[Checkpoint] = (),
) -> Verdict:
    """Check every entry, every checkpoint and every chain's end; stop at the first fault.

    `trusted` are public keys (hex) whose signature counts; `witnessed` are checkpoints that
    someone else kept: each must still stand in the record as it did.
    """
    fault = _checkpoint_fault(checkpoints, tuple(trusted), witnessed)
    events = 0
    if fault is None:
        windows = record.windows([checkpoint.upto for checkpoint in checkpoints])
        for number, rows in enumerate(windows):
            fault, heads = _window_fault(record, rows)
            if fault is None and number < len(checkpoints):
                fault = _not_as_signed(checkpoints[number], rows, heads)
            events += len(rows)
            if fault is not None:
                break
        else:
            fault = record.wrong_end()
    return Verdict(events, len(checkpoints), fault)


def entries_digest(rows: Iterable[Row]) -> str:
    """SHA-256 over the entries' hashes in the order they were written."""
    return sha256(b"".join([row[7] for row in rows])).hexdigest()


def heads_of(rows: Iterable[Row]) -> list[Head]:
    """The heads that these entries leave, one for each chain they touch."""
    last = {row[1]: (row[2], row[7]) for row in rows}
    return [Head(chain, index + 1, value) for chain, (index, value) in last.items()]


def _window_fault(
    record: Record, rows: list[Row]
) -> tuple[Fault | None, dict[str, tuple[int, bytes]]]:
    """The first fault within these entries, and the last index and hash of each chain in them."""
    last: dict[str, tuple[int, bytes]] = {}
    entering: list[Row] = []
    fault: Fault | None = None
    for row in rows:
        sequence, chain, index, at, kind, body, prev, stored = row
        # The same bytes as chain.preimage, written out: this line is most of the time taken.
        whole = b'{"at":%d,"body":%b,"chain":"%b","index":%d,"kind":"%b","prev":"%b"}' % (
            at,
            body,
            chain.encode(),
            index,
            kind.encode(),
            prev.hex().encode(),
        )
        if sha256(whole).digest() != stored:
            fault = Fault("its content does not match its hash", chain, index, sequence)
            break
        known = last.get(chain)
        if known is None:
            if index == 0 and prev == GENESIS:
                pass
            elif index == 0:
                fault = Fault("it claims to follow an entry that is not there", chain, 0, sequence)
                break
            else:
                entering.append(row)
        elif index != known[0] + 1 or prev != known[1]:
            fault = _broken_link(row, known[0])
            break
        last[chain] = (index, stored)
    return _earlier_fault(record, entering, fault), last


def _broken_link(row: Row, known: int) -> Fault:
    sequence, chain, index = row[:3]
    if index > known + 1:
        return Fault("the entry is missing", chain, known + 1, None)
    if index <= known:
        return Fault(
            "it stands where another entry stands, or out of order", chain, index, sequence
        )
    return Fault("it does not follow the entry before it", chain, index, sequence)


def _earlier_fault(record: Record, entering: list[Row], fault: Fault | None) -> Fault | None:
    """A fault in how the window's chains go on from earlier windows, if it comes before `fault`."""
    if not entering:
        return fault
    found = record.before([(row[1], row[2] - 1) for row in entering])
    for row in entering:
        sequence, chain, index, prev = row[0], row[1], row[2], row[6]
        before = found.get((chain, index - 1))
        if before is None:
            return Fault("the entry is missing", chain, index - 1, None)
        if before[0] > sequence:
            return Fault("it stands after the entry that follows it", chain, index - 1, before[0])
        if before[1] != prev:
            return Fault("it does not follow the entry before it", chain, index, sequence)
    return fault


def _checkpoint_fault(
    checkpoints: Sequence[Checkpoint],
    trusted: tuple[str, ...],
    witnessed: Iterable[Checkpoint],
) -> Fault | None:
    digest, upto = "", 0
    for number, checkpoint in enumerate(checkpoints, start=1):
        if checkpoint.number != number:
            return Fault("the checkpoint is missing", checkpoint=number)
        if not is_signed(checkpoint, trusted):
            return Fault("the checkpoint's signature is not ours", checkpoint=number)
        if checkpoint.prev != digest or checkpoint.after != upto:
            return Fault("the checkpoint does not follow the one before", checkpoint=number)
        digest, upto = checkpoint.digest, checkpoint.upto
    for kept in witnessed:
        ours = checkpoints[kept.number - 1] if 0 < kept.number <= len(checkpoints) else None
        if ours is None or ours.digest != kept.digest:
            return Fault("the checkpoint is not the one the witness kept", checkpoint=kept.number)
    return None


def _not_as_signed(
    checkpoint: Checkpoint, rows: list[Row], last: Mapping[str, tuple[int, bytes]]
) -> Fault | None:
    heads = [Head(chain, index + 1, value) for chain, (index, value) in last.items()]
    same = (
        checkpoint.events == len(rows)
        and checkpoint.entries == entries_digest(rows)
        and checkpoint.heads == heads_digest(heads)
    )
    if same:
        return None
    what = (
        f"entries {checkpoint.after + 1} to {checkpoint.upto} are not those signed: "
        f"{len(rows)} stand there, {checkpoint.events} were signed"
    )
    return Fault(what, sequence=checkpoint.after + 1, checkpoint=checkpoint.number)
