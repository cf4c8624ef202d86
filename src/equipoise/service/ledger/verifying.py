"""Checking the whole record in one pass, in the order it was written, with bounded memory.

Each entry's hash is taken again and its predecessor looked for; the checkpoints are made again and
held against the signed ones; at the end every chain must end where its head says. An entry that
was changed, taken out, put in, moved or cut off breaks one of these, and is named.
"""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from equipoise.service.ledger.chain import GENESIS, Head
from equipoise.service.ledger.checkpoint import Checkpoint, heads_digest, is_signed

Row = tuple[int, str, int, int, str, bytes, bytes, bytes]
"""sequence, chain, index, at, kind, body, prev, hash: an entry as a database gives it."""

_Link = tuple[int, str, int, bytes]  # sequence, chain, index, prev
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

    def windows(self, ends: Sequence[int]) -> Iterator[Iterable[Row]]:
        """All entries by sequence: those up to each of `ends`, then WINDOW and WINDOW of them.

        Each is read to its end before the next is asked for.
        """
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
    fault = checkpoint_fault(checkpoints, tuple(trusted), witnessed)
    events = 0
    if fault is None:
        windows = record.windows([checkpoint.upto for checkpoint in checkpoints])
        events, fault = verify_windows(record, windows, checkpoints)
    return Verdict(events, len(checkpoints), fault or record.wrong_end())


def verify_windows(
    record: Record, windows: Iterable[Iterable[Row]], checkpoints: Sequence[Checkpoint]
) -> tuple[int, Fault | None]:
    """Check windows of entries, the first of them against a checkpoint each; how many entries
    were read, and the first fault."""
    events = 0
    for number, rows in enumerate(windows):
        seen = _Seen({}, [])
        fault = _window_fault(record, rows, seen)
        if fault is None and number < len(checkpoints):
            fault = _not_as_signed(checkpoints[number], seen)
        events += len(seen.hashes)
        if fault is not None:
            return events, fault
    return events, None


def entries_digest(rows: Iterable[Row]) -> str:
    """SHA-256 over the entries' hashes in the order they were written."""
    return sha256(b"".join([row[7] for row in rows])).hexdigest()


def heads_of(rows: Iterable[Row]) -> list[Head]:
    """The heads that these entries leave, one for each chain they touch."""
    last = {row[1]: (row[2], row[7]) for row in rows}
    return [Head(chain, index + 1, value) for chain, (index, value) in last.items()]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Of a window: the last index and hash of each chain in it, and all hashes in order."""

    last: dict[str, tuple[int, bytes]]
    hashes: list[bytes]


def _window_fault(record: Record, rows: Iterable[Row], seen: _Seen) -> Fault | None:
    """The first fault within these entries. They are let go one by one: only hashes are kept."""
    last, take = seen.last, seen.hashes.append
    entering: list[_Link] = []
    fault: Fault | None = None
    for sequence, chain, index, at, kind, body, prev, stored in rows:
        take(stored)
        # The same bytes as chain.preimage, written out: this line is most of the time taken.
        whole = b'{"at":%d,"body":%b,"chain":"%b","index":%d,"kind":"%b","prev":"%b"}' % (
            at,
            body,
            chain.encode(),
            index,
            kind.encode(),
            hexlify(prev),
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
                entering.append((sequence, chain, index, prev))
        elif index != known[0] + 1 or prev != known[1]:
            fault = _broken_link(sequence, chain, index, known[0])
            break
        last[chain] = (index, stored)
    return _earlier_fault(record, entering, fault)


def _broken_link(sequence: int, chain: str, index: int, known: int) -> Fault:
    if index > known + 1:
        return Fault("the entry is missing", chain, known + 1, None)
    if index <= known:
        return Fault(
            "it stands where another entry stands, or out of order", chain, index, sequence
        )
    return Fault("it does not follow the entry before it", chain, index, sequence)


def _earlier_fault(record: Record, entering: list[_Link], fault: Fault | None) -> Fault | None:
    """A fault in how the window's chains go on from earlier windows, if it comes before `fault`."""
    if not entering:
        return fault
    found = record.before([(chain, index - 1) for _, chain, index, _ in entering])
    for sequence, chain, index, prev in entering:
        before = found.get((chain, index - 1))
        if before is None:
            return Fault("the entry is missing", chain, index - 1, None)
        if before[0] > sequence:
            return Fault("it stands after the entry that follows it", chain, index - 1, before[0])
        if before[1] != prev:
            return Fault("it does not follow the entry before it", chain, index, sequence)
    return fault


def checkpoint_fault(
    checkpoints: Sequence[Checkpoint],
    trusted: tuple[str, ...],
    witnessed: Iterable[Checkpoint],
) -> Fault | None:
    """The first fault of the checkpoints among themselves, and against those a witness kept."""
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


def _not_as_signed(checkpoint: Checkpoint, seen: _Seen) -> Fault | None:
    heads = [Head(chain, index + 1, value) for chain, (index, value) in seen.last.items()]
    count = len(seen.hashes)
    same = (
        checkpoint.events == count
        and checkpoint.entries == sha256(b"".join(seen.hashes)).hexdigest()
        and checkpoint.heads == heads_digest(heads)
    )
    if same:
        return None
    what = (
        f"entries {checkpoint.after + 1} to {checkpoint.upto} are not those signed: "
        f"{count} stand there, {checkpoint.events} were signed"
    )
    return Fault(what, sequence=checkpoint.after + 1, checkpoint=checkpoint.number)
