"""Checking the whole record in one pass, in the order it was written, with bounded memory.

Each entry's hash is taken again and its predecessor looked for; the checkpoints are made again and
held against the signed ones; at the end every chain must end where its head says. An entry that
was changed, taken out, put in, moved or cut off breaks one of these, and is named.
"""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple, Protocol

from equipoise.record.chain import GENESIS, Head
from equipoise.record.checkpoint import Checkpoint, heads_digest, is_signed

Row = tuple[int, str, int, int, str, bytes, bytes, bytes]
"""sequence, chain, index, at, kind, body, prev, hash: an entry as a database gives it."""

Link = tuple[int, str, int, bytes]
"""sequence, chain, index, prev"""
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
    """What was read, and what is not as it was written (nothing: all is).

    `signed` is the last sequence that a checkpoint covers, `unsigned` how many entries stand after
    it: nobody can prove that those were not changed, cut off or added. `notes` say what is no fault
    and should be known.
    """

    events: int
    checkpoints: int
    faults: tuple[Fault, ...] = ()
    signed: int = 0
    unsigned: int = 0
    notes: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.faults

    @property
    def first_bad(self) -> Fault | None:
        """The first fault, in the order of what proves most: checkpoints, entries, ends."""
        return self.faults[0] if self.faults else None

    def as_dict(self) -> dict[str, object]:
        return {
            "events": self.events,
            "checkpoints": self.checkpoints,
            "valid": self.valid,
            "first_bad": self.first_bad.as_dict() if self.first_bad else None,
            "faults": [each.as_dict() for each in self.faults],
            "unsigned": {"after": self.signed, "entries": self.unsigned},
            "notes": [*self.notes],
        }


class Mark(NamedTuple):
    """Up to where a checkpoint reaches: all that must be kept of each to share out the work."""

    number: int
    upto: int


class Record(Protocol):
    """What is verified: one snapshot of the record, however it is stored."""

    def windows(self, ends: Iterable[int]) -> Iterator[Iterable[Row]]:
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
    marks, fault = check_chain(checkpoints, trusted)
    ours = {each.number: each for each in checkpoints}
    fault = fault or next(
        (bad for kept in witnessed if (bad := witness_fault(ours.get(kept.number), kept))), None
    )
    events = 0
    if fault is None:
        windows = record.windows([checkpoint.upto for checkpoint in checkpoints])
        events, fault = verify_windows(record, windows, checkpoints)
    fault = fault or record.wrong_end()
    return Verdict(
        events, len(checkpoints), (fault,) if fault else (), marks[-1].upto if marks else 0
    )


def verify_windows(
    record: Record, windows: Iterable[Iterable[Row]], checkpoints: Iterable[Checkpoint]
) -> tuple[int, Fault | None]:
    """Check windows of entries, the first of them against a checkpoint each; how many entries
    were read, and the first fault."""
    events, signed = 0, iter(checkpoints)
    for rows in windows:
        seen = Window()
        fault = check_window(record, rows, seen)
        checkpoint = next(signed, None)
        if fault is None and checkpoint is not None:
            fault = _not_as_signed(checkpoint, seen)
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
class Window:
    """What was seen of a window's entries: the last index and hash of each chain in it, all hashes
    in order, and the entries that go on from earlier windows."""

    last: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    hashes: list[bytes] = field(default_factory=list)
    entering: list[Link] = field(default_factory=list)

    @property
    def heads(self) -> list[Head]:
        """Where the chains stand after it."""
        return [Head(chain, index + 1, value) for chain, (index, value) in self.last.items()]

    @property
    def digest(self) -> str:
        """SHA-256 over the hashes in order."""
        return sha256(b"".join(self.hashes)).hexdigest()


def check_window(record: Record, rows: Iterable[Row], seen: Window) -> Fault | None:
    """The first fault within these entries. They are let go one by one: only hashes are kept."""
    last, entering, take = seen.last, seen.entering, seen.hashes.append
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


def _earlier_fault(record: Record, entering: list[Link], fault: Fault | None) -> Fault | None:
    """A fault in how the window's chains go on from earlier windows, if it comes before `fault`."""
    if not entering:
        return fault
    entries = record.before([(chain, index - 1) for _, chain, index, _ in entering])
    for sequence, chain, index, prev in entering:
        before = entries.get((chain, index - 1))
        if before is None:
            return Fault("the entry is missing", chain, index - 1, None)
        if before[0] > sequence:
            return Fault("it stands after the entry that follows it", chain, index - 1, before[0])
        if before[1] != prev:
            return Fault("it does not follow the entry before it", chain, index, sequence)
    return fault


def check_chain(
    checkpoints: Iterable[Checkpoint], trusted: Iterable[str]
) -> tuple[list[Mark], Fault | None]:
    """Up to where the checkpoints reach, one after the other, and the first fault among them;
    those before it stand."""
    keys, marks, digest, upto = tuple(trusted), list[Mark](), "", 0
    for number, checkpoint in enumerate(checkpoints, start=1):
        if checkpoint.number != number:
            return marks, Fault("the checkpoint is missing", checkpoint=number)
        if not is_signed(checkpoint, keys):
            return marks, Fault("the checkpoint's signature is not ours", checkpoint=number)
        if checkpoint.prev != digest or checkpoint.after != upto:
            what = "the checkpoint does not follow the one before"
            return marks, Fault(what, checkpoint=number)
        digest, upto = checkpoint.digest, checkpoint.upto
        marks.append(Mark(number, upto))
    return marks, None


def witness_fault(ours: Checkpoint | None, kept: Checkpoint) -> Fault | None:
    """Whether the record's checkpoint of that number is the one that a witness kept."""
    if ours is None:
        what = (
            "the witness kept a checkpoint that the record lacks: it was cut off, or an older "
            "backup was put back"
        )
        return Fault(what, checkpoint=kept.number)
    if ours.digest != kept.digest:
        return Fault("the checkpoint is not the one the witness kept", checkpoint=kept.number)
    return None


def _not_as_signed(checkpoint: Checkpoint, seen: Window) -> Fault | None:
    count = len(seen.hashes)
    same = (
        checkpoint.events == count
        and checkpoint.entries == seen.digest
        and checkpoint.heads == heads_digest(seen.heads)
    )
    if same:
        return None
    what = (
        f"entries {checkpoint.after + 1} to {checkpoint.upto} are not those signed: "
        f"{count} stand there, {checkpoint.events} were signed"
    )
    return Fault(what, sequence=checkpoint.after + 1, checkpoint=checkpoint.number)
