"""Rows drawn for a model that must see them whole, alike from each outcome and month."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import Array, IntArray
from equipoise.risk.cross import fold_of_rows

_DRAWS = 2**62


def drawn(rows: Array, bad: Array, months: Array | None, most: int | None, seed: int) -> IntArray:
    """At most about `most` of the rows (their numbers rise), the same share of every stratum.

    A stratum is an outcome in a month. Within it the rows with the lowest hash of their number and
    `seed` are taken, so that nothing but the rows' order decides. All rows where they are no more.
    """
    numbers = np.asarray(rows, dtype=np.int64)
    if most is None or numbers.size <= most:
        return numbers
    share = most / numbers.size
    hashed = fold_of_rows(int(numbers[-1]) + 1, _DRAWS, seed)[numbers]
    stratum = np.asarray(bad, dtype=np.int64)
    if months is not None:
        stratum = stratum + 2 * np.unique(months, return_inverse=True)[1]
    order = np.lexsort((hashed, stratum))
    starts = np.flatnonzero(np.diff(stratum[order], prepend=-1))
    sizes = np.diff(np.append(starts, order.size))
    taken = np.maximum(1, np.rint(share * sizes)).astype(np.int64)
    place = np.arange(order.size) - np.repeat(starts, sizes)
    return np.asarray(np.sort(numbers[order[place < np.repeat(taken, sizes)]]))


def drawn_note(taken: int, rows: int) -> list[str]:
    """What to say of a model that saw a part of the rows whole."""
    if taken == rows:
        return []
    return [
        f"taught on {taken:,} of {rows:,} training rows, drawn alike from each outcome and month; "
        "its level is that of all of them"
    ]
