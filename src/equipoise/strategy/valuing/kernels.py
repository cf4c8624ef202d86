# ruff: noqa: PLR0917  (compiled loops take their arrays by position)
"""The formula over treatments and applicants, compiled once and cached.

Loops over a block run inside one treatment (or over treatments for one applicant), so that the
compiler handles several values per instruction; each value's own operations keep their order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from equipoise.strategy.valuing.formula import standing, valued

Function = TypeVar("Function", bound=Callable[..., Any])
Array = NDArray[Any]

MEASURED = 12
FOUND = 16  # measures and terms
BLOCK = 64


def compiled(function: Function) -> Function:
    """Compile, cached on disk, free of the interpreter lock; operations keep their order."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def value_one(
    parts: Array, lender: Array, unit: Array, found: Array,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
) -> None:  # fmt: skip
    """All treatments of one applicant: `found` is (16, treatments without decline)."""
    seen, instalment = standing(pd, amount, months, apr)
    for k in range(parts.shape[1]):
        (
            found[0, k], found[1, k], found[2, k], found[3, k], found[4, k], found[5, k],
            found[6, k], found[7, k], found[8, k], found[9, k], found[10, k], found[11, k],
            found[12, k], found[13, k], found[14, k], found[15, k],
        ) = valued(
            seen, instalment, lgd, amount, months, income, apr,
            parts[0, k], parts[1, k], parts[2, k], parts[3, k], parts[4, k], parts[5, k],
            parts[6, k], parts[7, k], parts[8, k], parts[9, k], parts[10, k], parts[11, k],
            parts[12, k], parts[13, k], parts[14, k],
            lender[0], lender[1], lender[2], lender[3], lender[4], lender[5], lender[6],
            lender[7], lender[8], lender[9], lender[10], lender[11], unit,
        )  # fmt: skip


@compiled
def best_one(
    parts: Array, lender: Array, unit: Array,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
    weights: Array, allowed: Array,
) -> tuple[int, float, int, float, Array, tuple[float, float, float, float]]:  # fmt: skip
    """Best and second best treatment with their nets; the best one's measures and terms."""
    count = parts.shape[1]
    found = np.empty((FOUND, count))
    value_one(parts, lender, unit, found, pd, lgd, amount, months, income, apr)
    net = np.empty(count)
    for k in range(count):
        net[k] = weights[0] * found[0, k]
    for m in range(1, MEASURED):
        for k in range(count):
            net[k] += weights[m] * found[m, k]
    best, second, best_net, second_net = 0, -1, 0.0, np.nan
    for k in range(count):
        if allowed[k + 1]:
            if net[k] > best_net:
                second, second_net = best, best_net
                best, best_net = k + 1, net[k]
            elif second < 0 or net[k] > second_net:
                second, second_net = k + 1, net[k]
    measures = np.zeros(MEASURED)
    if best == 0:
        return best, best_net, second, second_net, measures, (0.0, 0.0, 0.0, 0.0)
    k = best - 1
    for m in range(MEASURED):
        measures[m] = found[m, k]
    terms = found[12, k], found[13, k], found[14, k], found[15, k]
    return best, best_net, second, second_net, measures, terms


@compiled
def value_block(
    parts: Array, lender: Array, unit: Array, found: Array,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
) -> None:  # fmt: skip
    """All treatments of a block: `found` is (treatments without decline, 16, block)."""
    size = pd.size
    seen, instalment = np.empty(size), np.empty(size)
    for i in range(size):
        seen[i], instalment[i] = standing(pd[i], amount[i], months[i], apr[i])
    for k in range(parts.shape[1]):
        out = found[k]
        for i in range(size):
            (
                out[0, i], out[1, i], out[2, i], out[3, i], out[4, i], out[5, i], out[6, i],
                out[7, i], out[8, i], out[9, i], out[10, i], out[11, i], out[12, i], out[13, i],
                out[14, i], out[15, i],
            ) = valued(
                seen[i], instalment[i], lgd[i], amount[i], months[i], income[i], apr[i],
                parts[0, k], parts[1, k], parts[2, k], parts[3, k], parts[4, k], parts[5, k],
                parts[6, k], parts[7, k], parts[8, k], parts[9, k], parts[10, k], parts[11, k],
                parts[12, k], parts[13, k], parts[14, k],
                lender[0], lender[1], lender[2], lender[3], lender[4], lender[5], lender[6],
                lender[7], lender[8], lender[9], lender[10], lender[11], unit,
            )  # fmt: skip


@compiled
def weigh_block(weights: Array, base: Array, rows: Array, masks: Array) -> None:
    """Each applicant's weights (12, block): the base and, in order, the rows that hold."""
    for m in range(MEASURED):
        weights[m] = base[m]
    for j in range(rows.shape[0]):
        for i in range(masks.shape[0]):
            if masks[i, j]:
                for m in range(MEASURED):
                    weights[m, i] += rows[j, m]


@compiled
def net_block(nets: Array, weights: Array, found: Array) -> None:
    """Value net of prices of one treatment for a block."""
    for i in range(nets.size):
        nets[i] = weights[0, i] * found[0, i]
    for m in range(1, MEASURED):
        for i in range(nets.size):
            nets[i] += weights[m, i] * found[m, i]


@compiled
def rank_block(
    k: int, nets: Array, allowed: Array, index: Array, net: Array, second: Array, second_net: Array
) -> None:
    """Put treatment `k` in its place among those before it."""
    for i in range(index.size):
        if allowed[i]:
            if nets[i] > net[i]:
                second[i], second_net[i] = index[i], net[i]
                index[i], net[i] = k, nets[i]
            elif second[i] < 0 or nets[i] > second_net[i]:
                second[i], second_net[i] = k, nets[i]


@compiled
def take_block(found: Array, index: Array, measures: Array, terms: Array) -> None:
    """The chosen treatment's measures and terms, for a block."""
    for i in range(index.size):
        k = index[i] - 1
        if k < 0:
            measures[i], terms[i] = 0.0, 0.0
            continue
        for m in range(MEASURED):
            measures[i, m] = found[k, m, i]
        for m in range(FOUND - MEASURED):
            terms[i, m] = found[k, MEASURED + m, i]


@compiled
def best_many(
    parts: Array, lender: Array, unit: Array,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
    base: Array, rows: Array, masks: Array, allowed: Array,
    index: Array, net: Array, second: Array, second_net: Array, measures: Array, terms: Array,
) -> None:  # fmt: skip
    """`best_one` for each applicant, into the last six arrays."""
    count = parts.shape[1]
    found = np.empty((count, FOUND, BLOCK))
    weights, nets = np.empty((MEASURED, BLOCK)), np.empty(BLOCK)
    index[:], net[:] = 0, 0.0
    second[:], second_net[:] = -1, np.nan
    for start in range(0, pd.size, BLOCK):
        stop = min(start + BLOCK, pd.size)
        size = stop - start
        value_block(
            parts, lender, unit, found,
            pd[start:stop], lgd[start:stop], amount[start:stop], months[start:stop],
            income[start:stop], apr[start:stop],
        )  # fmt: skip
        weigh_block(weights, base, rows, masks[start:stop])
        for k in range(count):
            net_block(nets[:size], weights, found[k])
            rank_block(
                k + 1, nets[:size], allowed[start:stop, k + 1], index[start:stop],
                net[start:stop], second[start:stop], second_net[start:stop],
            )  # fmt: skip
        take_block(found, index[start:stop], measures[start:stop], terms[start:stop])


@compiled
def value_all(
    parts: Array, lender: Array, unit: Array,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
    everything: Array,
) -> None:  # fmt: skip
    """Measures of all treatments for all: `everything` is (12, applicants, treatments)."""
    count = parts.shape[1]
    found = np.empty((count, FOUND, BLOCK))
    for start in range(0, pd.size, BLOCK):
        stop = min(start + BLOCK, pd.size)
        value_block(
            parts, lender, unit, found,
            pd[start:stop], lgd[start:stop], amount[start:stop], months[start:stop],
            income[start:stop], apr[start:stop],
        )  # fmt: skip
        for m in range(MEASURED):
            for i in range(stop - start):
                everything[m, start + i, 0] = 0.0
                for k in range(count):
                    everything[m, start + i, k + 1] = found[k, m, i]


@compiled
def given_one(
    parts: Array, lender: Array, unit: Array,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
    weights: Array, index: int,
) -> tuple[float, Array, tuple[float, float, float, float]]:  # fmt: skip
    """Net, measures and terms of one treatment for one applicant."""
    measures = np.zeros(MEASURED)
    if index == 0:
        return 0.0, measures, (0.0, 0.0, 0.0, 0.0)
    found = np.empty((FOUND, 1))
    value_one(
        parts[:, index - 1 : index], lender, unit, found, pd, lgd, amount, months, income, apr
    )
    net = weights[0] * found[0, 0]
    for m in range(1, MEASURED):
        net += weights[m] * found[m, 0]
    measures[:] = found[:MEASURED, 0]
    return net, measures, (found[12, 0], found[13, 0], found[14, 0], found[15, 0])


@compiled
def given_many(
    parts: Array, lender: Array, unit: Array,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
    weights: Array, index: Array, net: Array, measures: Array, terms: Array,
) -> None:  # fmt: skip
    """`given_one` for each applicant, into the last three arrays."""
    for i in range(pd.size):
        net[i], measures[i], terms[i] = given_one(
            parts, lender, unit, pd[i], lgd[i], amount[i], months[i], income[i], apr[i],
            weights, index[i],
        )  # fmt: skip
