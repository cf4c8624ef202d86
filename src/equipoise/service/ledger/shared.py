"""Verifying by several processes at once, each a stretch of the record; the verdict is the same."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from django.db import connections

from equipoise.service.ledger.checkpoint import Checkpoint
from equipoise.service.ledger.record import snapshot
from equipoise.service.ledger.verifying import (
    Fault,
    Verdict,
    checkpoint_fault,
    verify_windows,
)

SMALL = 20_000  # entries below which another process costs more than it saves


@dataclass(frozen=True, slots=True)
class Stretch:
    """The entries of sequence `after` < s <= `upto`, and the checkpoints that lie in them."""

    after: int
    upto: int
    checkpoints: tuple[Checkpoint, ...]


def stretches(checkpoints: Sequence[Checkpoint], last: int, count: int) -> list[Stretch]:
    """The record cut into about `count` stretches of like length; no checkpoint is cut in two."""
    signed = checkpoints[-1].upto if checkpoints else 0
    ends = {last, *(_end(checkpoints, signed, last * n // count) for n in range(1, count))}
    made, after = [], 0
    for upto in sorted(end for end in ends if end > 0):
        inside = tuple(each for each in checkpoints if after < each.upto <= upto)
        made.append(Stretch(after, upto, inside))
        after = upto
    return made


def verify_shared(
    checkpoints: Sequence[Checkpoint],
    trusted: Iterable[str],
    witnessed: Iterable[Checkpoint],
    processes: int,
) -> Verdict:
    """As `verifying.verify`, on the stored ledger, by that many processes.

    Entries written while it runs are left for the next time.
    """
    fault = checkpoint_fault(checkpoints, tuple(trusted), witnessed)
    if fault is not None:
        return Verdict(0, len(checkpoints), fault)
    with snapshot() as record:
        last = record.last_sequence()
    parts = stretches(checkpoints, last, processes if last > SMALL else 1)
    if len(parts) <= 1:
        found = [_verify(part) for part in parts]
    else:
        connections.close_all()  # two processes cannot share one
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(len(parts), mp_context=context) as pool:
            found = list(pool.map(_verify, parts))
    events, fault = 0, None
    for count, bad in found:
        events += count
        if bad is not None:
            fault = bad
            break
    if fault is None:
        with snapshot() as record:
            fault = record.wrong_end()
    return Verdict(events, len(checkpoints), fault)


def _verify(part: Stretch) -> tuple[int, Fault | None]:
    with snapshot() as record:
        ends = [each.upto for each in part.checkpoints]
        windows = record.windows(ends, part.after, part.upto)
        return verify_windows(record, windows, part.checkpoints)


def _end(checkpoints: Sequence[Checkpoint], signed: int, wanted: int) -> int:
    if wanted >= signed:
        return wanted
    return min((each.upto for each in checkpoints), key=lambda upto: abs(upto - wanted))
