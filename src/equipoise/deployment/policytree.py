"""A policy tree: leaves in which one treatment is nearly as good as each applicant's own best.

Grown best first on the value, net of prices, of every treatment (Athey and Wager 2021,
Econometrica 89(1), in its greedy form). Edges are rounded first, so that the conditions a person
reads are the ones that were measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.numeric.arrays import FloatArray, IndexArray

_EDGES = 64
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Leaf:
    """Rows between bounds: `bounds` maps a name to (at least, below)."""

    bounds: dict[str, tuple[float, float]]
    rows: IndexArray


@dataclass(frozen=True, slots=True)
class _Split:
    gain: float
    feature: int
    edge: int


def grow(
    facts: FloatArray, names: Sequence[str], net: FloatArray, most: int, fewest: int
) -> list[Leaf]:
    """At most `most` leaves of at least `fewest` rows.

    `facts` is (rows, names), finite; `net` (rows, treatments), 0 where one is not allowed.
    """
    edges = [_edges(facts[:, at]) for at in range(facts.shape[1])]
    bins = np.stack(
        [np.searchsorted(e, facts[:, at], side="right") for at, e in enumerate(edges)], axis=1
    )
    leaves = [Leaf({}, np.arange(len(facts)))]
    splits = [_best_split(bins, edges, net, leaves[0].rows, fewest)]
    while len(leaves) < most:
        at = max(range(len(leaves)), key=lambda k: splits[k].gain)
        if splits[at].gain <= 0:
            break
        parts = _parted(leaves.pop(at), splits.pop(at), bins, edges, names)
        leaves += parts
        splits += [_best_split(bins, edges, net, part.rows, fewest) for part in parts]
    return leaves


def _edges(column: FloatArray) -> FloatArray:
    at = np.quantile(column, np.linspace(0, 1, _EDGES + 1)[1:-1])
    edges = np.unique([float(f"{edge:.{_DIGITS}g}") for edge in at])
    inside: FloatArray = edges[(edges > column.min()) & (edges <= column.max())]
    return inside


def _best_split(
    bins: NDArray[np.intp],
    edges: Sequence[FloatArray],
    net: FloatArray,
    rows: IndexArray,
    fewest: int,
) -> _Split:
    """The split after which one treatment on each side gains the most."""
    best = _Split(0.0, -1, -1)
    if rows.size < 2 * fewest:
        return best
    here = net[rows]
    total = here.sum(axis=0)
    for feature, known in enumerate(edges):
        if not known.size:
            continue
        where = bins[rows, feature]
        sizes = np.bincount(where, minlength=known.size + 1).cumsum()[:-1]
        sums = [
            np.bincount(where, weights=here[:, k], minlength=known.size + 1)
            for k in range(here.shape[1])
        ]
        under = np.cumsum(np.stack(sums, axis=1), axis=0)[:-1]
        gain = under.max(axis=1) + (total - under).max(axis=1) - total.max()
        gain[(sizes < fewest) | (rows.size - sizes < fewest)] = 0.0
        at = int(np.argmax(gain))
        if gain[at] > best.gain:
            best = _Split(float(gain[at]), feature, at)
    return best


def _parted(
    leaf: Leaf,
    split: _Split,
    bins: NDArray[np.intp],
    edges: Sequence[FloatArray],
    names: Sequence[str],
) -> list[Leaf]:
    name, edge = names[split.feature], float(edges[split.feature][split.edge])
    under = bins[leaf.rows, split.feature] <= split.edge
    low, high = leaf.bounds.get(name, (-np.inf, np.inf))
    return [
        Leaf({**leaf.bounds, name: (low, edge)}, leaf.rows[under]),
        Leaf({**leaf.bounds, name: (edge, high)}, leaf.rows[~under]),
    ]
