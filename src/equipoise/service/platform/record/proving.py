"""Verifying the stored record: against its hashes, our signatures and every witness; and other
tables against what it tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.utils.module_loading import autodiscover_modules

from equipoise.progress import Progress, Silent
from equipoise.record.stretches import stretches
from equipoise.record.verifying import Fault, Mark, Verdict, check_chain
from equipoise.service.platform import clock
from equipoise.service.platform.record import parallel as shared
from equipoise.service.platform.record import witness
from equipoise.service.platform.record.deriving import Derived, Difference, Times, differences
from equipoise.service.platform.record.safe_upto import settled
from equipoise.service.platform.record.services import former_keys, trusted_keys
from equipoise.service.platform.record.signers import wrong_signer
from equipoise.service.platform.record.stored import snapshot

MOST_TOLD = 100_000  # rows named one by one


def verify_record(
    witnesses: Iterable[Path] = (), *, processes: int = 1, progress: Progress | None = None
) -> Verdict:
    """Read the whole record once and check it: every checkpoint against the service's own witness
    and `witnesses` besides, every entry against its hash and its checkpoint, every chain's end.

    Entries written while it runs are left for the next time. More `processes` than one must not be
    asked for inside a transaction, nor by a process that serves: it is forked.
    """
    trusted = trusted_keys()
    own, others = witness.own_witness(), list(witnesses)
    marks, chained = _marks(witness.Signed(), trusted)
    chained = chained or _late_signer()
    with snapshot() as record:  # only now: no checkpoint reaches beyond it
        last = record.last_sequence()
    doubts = [witness.first_fault(own, trusted, own=True)]
    doubts += [witness.first_fault(path, trusted) for path in others]
    signed = witness.Signed()
    if chained or any(doubts):
        signed, marks = _longest(marks, [own, *others], trusted)
    upto = marks[-1].upto if marks else 0
    events, changed = _entries(signed, marks, max(last, upto), processes, progress or Silent())
    with snapshot() as record:
        ends = record.wrong_end() if changed is None else None
        unsigned = record.count(upto, last)
    faults = [each for each in (chained, *doubts, changed, ends) if each is not None]
    begun = witness.begun_anew()
    return Verdict(
        events, len(marks), tuple(faults), upto, unsigned, (str(begun),) if begun else ()
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of other tables that is not as the record tells it, so many at most; `notes` say
    how the record's own time goes."""

    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


def verify_rows(*, processes: int = 1, progress: Progress | None = None) -> Rows:
    """Hold other tables against what the record tells, read once more from its first entry on; of
    `processes` as above."""
    autodiscover_modules("derived")  # each room's, of tables that follow their events
    last = settled()
    with snapshot() as record:
        last = record.last_sequence() if last is None else last
    parts, whole = stretches([], last, shared.several(last, processes)), Derived()
    with (progress or Silent()).step("Rows by the record") as step:
        for part, derived in zip(parts, shared.derive(parts, processes), strict=True):
            whole.add(derived)
            step.advance(part.upto, last)
        with snapshot() as record:  # what came since, and the tables as they are now
            since = Derived()
            since.read(record.tales(last))
            whole.add(since)
            wrong = tuple(islice(differences(whole), MOST_TOLD))
    return Rows(wrong, tuple(_notes(whole.times)))


def _notes(times: Times) -> Iterator[str]:
    if times.back:
        yield (
            f"the record's time goes back {times.back} times, first at entry {times.where}: the "
            "clock was set back, or ahead before"
        )
    ahead = timedelta(microseconds=times.last - clock.micros())
    if ahead > timedelta(minutes=1):
        yield f"the record's last entry lies {ahead} ahead of this machine's clock"


def _entries(
    signed: witness.Signed, marks: Sequence[Mark], last: int, processes: int, progress: Progress
) -> tuple[int, Fault | None]:
    parts, events = stretches(marks, last, shared.several(last, processes)), 0
    with progress.step("Verifying") as step:
        for part, (count, bad) in zip(
            parts, shared.verify_entries(signed, parts, processes), strict=False
        ):
            events += count
            step.advance(part.upto, last)
            if bad is not None:
                return events, bad
    return events, None


def _marks(signed: witness.Signed, trusted: Sequence[str]) -> tuple[list[Mark], Fault | None]:
    try:
        return check_chain(signed.between(1, 2**62), trusted)
    except ValueError as error:
        return [], Fault(f"a checkpoint cannot be read: {error}")


def _late_signer() -> Fault | None:
    former = former_keys()
    late = wrong_signer(list(witness.stored()), former) if former else None
    if late is None:
        return None
    return Fault("a former key signed it after it was replaced", checkpoint=late)


def _longest(
    marks: list[Mark], witnesses: Sequence[Path], trusted: Sequence[str]
) -> tuple[witness.Signed, list[Mark]]:
    """Where checkpoints were taken away or changed, a witness's own lines say what was signed, so
    that what was changed with them is still found."""
    longest = (witness.Signed(), marks)
    for path in witnesses:
        there = _marks(witness.Signed(path), trusted)[0] if path.is_file() else []
        if len(there) > len(longest[1]):
            longest = (witness.Signed(path), there)
    return longest
