"""Verifying by several processes at once, each a stretch of the record; the verdict is the same."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import connections

from equipoise.record.stretches import Stretch
from equipoise.record.verifying import Fault, verify_windows
from equipoise.service.platform.record.deriving import Derived
from equipoise.service.platform.record.stored import snapshot
from equipoise.service.platform.record.witness import Signed

SMALL = 20_000  # entries below which another process costs more than it saves
_LONG = 200_000  # entries that one process reads before it says so
T = TypeVar("T")


def several(last: int, processes: int) -> int:
    """Into how many stretches a record is cut: none so long that nothing is told meanwhile."""
    return 1 if last <= SMALL else max(processes, last // _LONG)


def worked_at(
    parts: Sequence[Stretch], work: Callable[[Stretch], T], processes: int
) -> Iterator[T]:
    """What `work` comes to for each of the stretches, in their order, by so many processes."""
    if len(parts) <= 1 or processes <= 1:
        yield from map(work, parts)
        return
    connections.close_all()  # two processes cannot share one
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(min(processes, len(parts)), mp_context=context) as pool:
        yield from pool.map(work, parts)


def verify_entries(
    signed: Signed, parts: Sequence[Stretch], processes: int
) -> Iterator[tuple[int, Fault | None]]:
    """Of each stretch how many entries are as their hashes and the checkpoints say, and the first
    that is not."""
    return worked_at(parts, partial(_verify, signed), processes)


def derive(parts: Sequence[Stretch], processes: int) -> Iterator[Derived]:
    """What each stretch tells of other tables' rows."""
    return worked_at(parts, _derive, processes)


def _verify(signed: Signed, part: Stretch) -> tuple[int, Fault | None]:
    with snapshot() as record:
        ends = (each.upto for each in signed.between(part.first, part.last))
        windows = record.windows(ends, part.after, part.upto)
        return verify_windows(record, windows, signed.between(part.first, part.last))


def _derive(part: Stretch) -> Derived:
    derived = Derived()
    with snapshot() as record:
        derived.read(record.tales(part.after, part.upto))
    return derived
