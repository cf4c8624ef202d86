"""Which case comes next: of the kind of which least is known of the person, and not seen yet."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.intervals import wilson


@dataclass(frozen=True, slots=True)
class Seen:
    """A case that the person answered, and whether what came bore the answer out."""

    case: str
    right: bool


def next_case(
    kinds: Mapping[str, str], seen: Sequence[Seen], *, seed: int, left_out: Collection[str] = ()
) -> str | None:
    """The next of the cases, given with their kind; None where there is none.

    A kind is drawn the more often the wider the interval of the person's share of right answers in
    it; within it any case is as likely as another. No case comes twice before all have come once,
    `left_out` (such as the person's own) never. The same seed and answers give the same case. What
    became of a case has no part in it, so that what is answered is no chosen sample of outcomes.
    """
    mine = [each.case for each in seen if each.case in kinds]
    times = Counter(mine)
    open_ = [case for case in kinds if case not in left_out]
    if not open_:
        return None
    fewest = min(times[case] for case in open_)
    fresh = [case for case in open_ if times[case] == fewest]
    if len(fresh) > 1 and mine and mine[-1] in fresh:
        fresh.remove(mine[-1])
    rng = np.random.default_rng([seed, len(seen)])
    names = sorted({kinds[case] for case in fresh})
    width = _widths(names, kinds, seen)
    kind = names[int(rng.choice(len(names), p=width / width.sum()))]
    return min((c for c in fresh if kinds[c] == kind), key=lambda c: _draw(seed, fewest, c))


def _widths(
    names: Sequence[str], kinds: Mapping[str, str], seen: Sequence[Seen]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Squared, so that what is hardly known comes well before what is known."""
    n = Counter(kinds[each.case] for each in seen if each.case in kinds)
    hits = Counter(kinds[each.case] for each in seen if each.case in kinds and each.right)
    low, high = wilson(
        np.array([float(hits[name]) for name in names]),
        np.array([float(n[name]) for name in names]),
    )
    return np.asarray(np.square(high - low))


def _draw(seed: int, round_: int, case: str) -> bytes:
    return hashlib.sha256(f"{seed}:{round_}:{case}".encode()).digest()
