"""From which margin on a text is given, so that hardly anything asked is answered wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from equipoise.numeric.intervals import wilson

MOST_WRONG = 0.03  # of all asked: the upper end of the 95 % interval
_STEPS = 1000  # margins are set in thousandths


def smallest_margin(wrong: Sequence[float], asked: int) -> float:
    """The smallest margin from which on at most 3 % of all `asked` are surely answered wrong.

    `wrong` are the margins of the questions in which the wrong text led. Surely: by the upper end
    of the share's Wilson interval. Where too few were asked for even none wrong to show that
    (under 125), the smallest margin from which on none is wrong.
    """
    allowed = _allowed(asked)
    if len(wrong) <= allowed:
        return 0.0
    return (math.floor(sorted(wrong, reverse=True)[allowed] * _STEPS) + 1) / _STEPS


def _allowed(asked: int) -> int:
    """How many may be wrong of so many asked."""
    counts = np.arange(asked + 1, dtype=np.float64)
    _, high = wilson(counts, np.full_like(counts, asked))
    return max(int((high <= MOST_WRONG).sum()) - 1, 0)
