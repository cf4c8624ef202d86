"""The record cut into stretches, so that several processes can read it at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.record.verifying import Mark


@dataclass(frozen=True, slots=True)
class Stretch:
    """The entries of sequence `after` < s <= `upto`, and the checkpoints that lie in them: those of
    numbers `first` to `last`, none where `first` is larger."""

    after: int
    upto: int
    first: int
    last: int


def stretches(marks: Sequence[Mark], last: int, count: int) -> list[Stretch]:
    """The record cut into about `count` stretches of like length; no checkpoint is cut in two."""
    uptos = [each.upto for each in marks]
    ends = {last, *(_end(uptos, last * n // count) for n in range(1, count))}
    made, after, number = list[Stretch](), 0, 0
    for upto in sorted(end for end in ends if end > 0):
        reached = bisect_right(uptos, upto)  # their numbers count from 1
        made.append(Stretch(after, upto, number + 1, reached))
        after, number = upto, reached
    return made


def _end(uptos: Sequence[int], wanted: int) -> int:
    """The end of a checkpoint that is nearest; beyond the last, anywhere."""
    if not uptos or wanted >= uptos[-1]:
        return wanted
    place = bisect_right(uptos, wanted)
    return min(uptos[max(0, place - 1) : place + 1], key=lambda upto: abs(upto - wanted))
