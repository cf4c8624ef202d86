"""Which treatment each cell of a table gives: a small integer problem under the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.numeric.arrays import FloatArray

_NODES = 20_000  # of a search: limited by work, so that every machine finds the same table
_GAP = 1e-4
_SPARE = 1e-12  # of a limit's size: sums in another order differ in their last digits
_DEARER = 100.0  # a breach as large as a limit costs this many times all value there is


@dataclass(frozen=True, slots=True)
class Cells:
    """`value` (cells, treatments); `usage` (limits, cells, treatments).

    `gives[cell][treatment]` is the order of preference that begins with the treatment, and what
    each applicant of the cell gets of it.
    """

    value: FloatArray
    usage: FloatArray
    gives: list[list[tuple[tuple[int, ...], NDArray[np.intp]]]]


def assign(
    cells: Cells, at_most: FloatArray, scale: Sequence[float]
) -> tuple[NDArray[np.intp], FloatArray]:
    """A treatment for each cell, and the limits' prices where cells could be shared out.

    Where no assignment holds every limit, the one that breaks them the least. Prices are in
    units of the goal per unit of the limit.
    """
    # optimisers are large, and few commands make a table
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp

    count, size = cells.value.shape
    limits = len(at_most)
    sizes = np.asarray(scale, dtype=np.float64)
    top = max(float(np.abs(cells.value).sum()), 1.0)
    cost = np.concatenate([-cells.value.ravel() / top, np.full(limits, _DEARER)])
    used = np.hstack([cells.usage.reshape(limits, -1) / sizes[:, None], -np.eye(limits)])
    held = at_most / sizes - _SPARE
    once = np.hstack([np.repeat(np.eye(count), size, axis=1), np.zeros((count, limits))])
    optimum: Any = milp(
        cost,
        integrality=np.concatenate([np.ones(count * size), np.zeros(limits)]),
        bounds=Bounds(0, np.concatenate([np.ones(count * size), np.full(limits, np.inf)])),
        constraints=[LinearConstraint(used, ub=held), LinearConstraint(once, 1, 1)],
        options={"node_limit": _NODES, "mip_rel_gap": _GAP},
    )
    shared: Any = linprog(cost, used, held, once, np.ones(count), method="highs")
    prices = -shared.ineqlin.marginals * top / sizes
    if optimum.x is None:
        raise RuntimeError(f"the table's assignment was not solved: {optimum.message}")
    taken = optimum.x[: count * size].reshape(count, size)
    return np.asarray(np.argmax(taken, axis=1)), np.asarray(np.minimum(prices, top))
