"""What others may know of arrivals: when the answer arrives for who waits in a stage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from equipoise.service.contexts.arrivals.models import Summed
from equipoise.service.contexts.arrivals.stages import (
    ANSWERED,
    LEFT,
    MORE,
    PERSON,
    REVIEW,
    WAITING,
    stage_after,
    within,
)
from equipoise.service.platform import clock

if TYPE_CHECKING:
    from equipoise.journey import Arrival, Arrivals

__all__ = [
    "MORE",
    "PERSON",
    "REVIEW",
    "ByStage",
    "arrival",
    "by_stage",
    "stage_after",
    "within",
]


@dataclass(frozen=True, slots=True)
class ByStage:
    """The newest waits of a stage: how many were `answered`, had `left` before and were still
    `waiting`, and by how many minutes half and nine in ten had the answer; None where that is not
    known."""

    stage: str
    answered: int
    left: int
    waiting: int
    half: float | None
    nine_in_ten: float | None


def arrival(stage: str, since: datetime) -> Arrival | None:
    """How long is left, in minutes, for who entered the stage then; None where too few have come
    that way, or nothing was summed up yet."""
    at = Summed.objects.values_list("at", flat=True).first()
    if at is None:
        return None
    elapsed = (clock.now() - since).total_seconds() / 60
    return _arrivals(at).after(stage, max(elapsed, 0.0))


def by_stage() -> list[ByStage]:
    """What was summed up last, for each stage and strategy."""
    row = Summed.objects.first()
    if row is None:
        return []
    arrivals = _arrivals(row.at)
    waits: dict[str, list[tuple[float, str]]] = json.loads(row.waits)
    return [_by_stage(stage, every, arrivals.after(stage)) for stage, every in waits.items()]


def _by_stage(stage: str, every: Sequence[tuple[float, str]], arrived: Arrival | None) -> ByStage:
    """Without what wider groups say for it."""
    own = arrived if arrived and arrived.group == stage else None
    stood = Counter(how for _, how in every)
    half, most = (own.wait(0.5), own.wait(0.9)) if own else (None, None)
    return ByStage(stage, stood[ANSWERED], stood[LEFT], stood[WAITING], half, most)


@lru_cache(maxsize=2)
def _arrivals(_at: datetime) -> Arrivals:
    """Learnt from the sum, once in each process for each moment of one."""
    import numpy as np

    from equipoise.journey import Arrivals

    waits = json.loads(Summed.objects.get(pk=1).waits)  # of that moment, or of a later one
    # Who left is censored at that moment: until then there was no answer, and nobody knows when it
    # would have come.
    rows = [
        (minutes, how == ANSWERED, stage)
        for stage, every in waits.items()
        for minutes, how in every
    ]
    durations = np.array([row[0] for row in rows], dtype=np.float64)
    ended = np.array([row[1] for row in rows], dtype=np.bool_)
    return Arrivals.fit(durations, ended, [row[2] for row in rows])
