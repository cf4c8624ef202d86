# ruff: noqa: PLR0917  (compiled loops take their arrays by position)
"""Choosing among treatments, compiled once and cached: for one applicant and for many."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import Array
from equipoise.numeric.compiled import compilable
from equipoise.value.compiled.formula import standing
from equipoise.value.compiled.loops import (
    BLOCK,
    FOUND,
    MEASURED,
    PARTS,
    PERSON,
    ROWS,
    fill_people,
    people,
    treatments,
)
from equipoise.value.compiled.packing import LANES

Terms = tuple[float, float, float, float]


@compilable
def net_of(out: Array, weights: Array, at: int, size: int) -> float:
    """Value net of prices: measures at `at` in rows of `size`, summed in their order."""
    net = weights[0] * out[at]
    for m in range(1, MEASURED):
        net += weights[m] * out[at + m * size]
    return float(net)


@compilable
def taken(out: Array, at: int, measures: Array) -> Terms:
    """Copies one treatment's measures; gives its terms."""
    for m in range(MEASURED):
        measures[m] = out[at + m * LANES]
    at += MEASURED * LANES
    return out[at], out[at + LANES], out[at + 2 * LANES], out[at + 3 * LANES]


@compilable
def best_one(
    lanes: Array, lender: Array, unit: Array, weights: Array, allowed: Array,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
) -> tuple[int, float, int, float, Array, Terms]:  # fmt: skip
    """Best and second best treatment with their nets; the best one's measures and terms."""
    seen, instalment = standing(pd, amount, months, apr)
    out = np.empty((lanes.shape[0], (ROWS + PARTS) * LANES))
    for block in range(lanes.shape[0]):
        treatments(
            out[block], lanes[block], lender, unit,
            seen, instalment, lgd, amount, months, income, apr,
        )  # fmt: skip
    best, second, best_net, second_net = 0, -1, 0.0, np.nan
    for k in range(1, allowed.size):
        if allowed[k]:
            net = net_of(out[(k - 1) // LANES], weights, (k - 1) % LANES, LANES)
            if net > best_net:
                second, second_net, best, best_net = best, best_net, k, net
            elif second < 0 or net > second_net:
                second, second_net = k, net
    measures, terms = np.zeros(MEASURED), (0.0, 0.0, 0.0, 0.0)
    if best > 0:
        terms = taken(out[(best - 1) // LANES], (best - 1) % LANES, measures)
    return best, best_net, second, second_net, measures, terms


@compilable
def given_one(
    lanes: Array, lender: Array, unit: Array, weights: Array, index: int,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
) -> tuple[float, Array, Terms]:  # fmt: skip
    """Net, measures and terms of one treatment for one applicant."""
    measures = np.zeros(MEASURED)
    if index == 0:
        return 0.0, measures, (0.0, 0.0, 0.0, 0.0)
    seen, instalment = standing(pd, amount, months, apr)
    out = np.empty((ROWS + PARTS) * LANES)
    treatments(
        out, lanes[(index - 1) // LANES], lender, unit,
        seen, instalment, lgd, amount, months, income, apr,
    )  # fmt: skip
    at = (index - 1) % LANES
    return net_of(out, weights, at, LANES), measures, taken(out, at, measures)


@compilable
def given_many(
    lanes: Array, lender: Array, unit: Array, weights: Array, index: Array,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
    net: Array, measures: Array, terms: Array,
) -> None:  # fmt: skip
    """`given_one` for each applicant, into the last three arrays."""
    for i in range(pd.size):
        net[i], measures[i], terms[i] = given_one(
            lanes, lender, unit, weights, index[i],
            pd[i], lgd[i], amount[i], months[i], income[i], apr[i],
        )  # fmt: skip


@compilable
def weigh_block(weights: Array, base: Array, rows: Array, masks: Array) -> None:
    """Each applicant's weights (m, block): the base and, in order, the rows that hold."""
    for m in range(MEASURED):
        weights[m] = base[m]
    for j in range(rows.shape[0]):
        for i in range(masks.shape[0]):
            if masks[i, j]:
                for m in range(MEASURED):
                    weights[m, i] += rows[j, m]


@compilable
def net_block(nets: Array, weights: Array, out: Array) -> None:
    """`net_of` for a block of applicants."""
    for i in range(BLOCK):
        nets[i] = weights[0, i] * out[i]
    for m in range(1, MEASURED):
        row, weight = out[m * BLOCK : (m + 1) * BLOCK], weights[m]
        for i in range(BLOCK):
            nets[i] += weight[i] * row[i]


@compilable
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


@compilable
def take_block(out: Array, index: Array, measures: Array, terms: Array) -> None:
    """The chosen treatment's measures and terms, for a block."""
    for i in range(index.size):
        k = index[i] - 1
        if k < 0:
            measures[i], terms[i] = 0.0, 0.0
            continue
        for m in range(MEASURED):
            measures[i, m] = out[k, m * BLOCK + i]
        for m in range(FOUND - MEASURED):
            terms[i, m] = out[k, (MEASURED + m) * BLOCK + i]


@compilable
def best_many(
    parts: Array, lender: Array, unit: Array, base: Array, rows: Array, masks: Array,
    allowed: Array,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
    index: Array, net: Array, second: Array, second_net: Array, measures: Array, terms: Array,
) -> None:  # fmt: skip
    """`best_one` for each applicant, into the last six arrays."""
    count = parts.shape[0]
    x, out = np.empty(PERSON * BLOCK), np.empty((count, ROWS * BLOCK))
    weights, nets = np.empty((MEASURED, BLOCK)), np.empty(BLOCK)
    index[:], net[:] = 0, 0.0
    second[:], second_net[:] = -1, np.nan
    for start in range(0, pd.size, BLOCK):
        some = slice(start, min(start + BLOCK, pd.size))
        fill_people(x, pd[some], lgd[some], amount[some], months[some], income[some], apr[some])
        weigh_block(weights, base, rows, masks[some])
        for k in range(count):
            people(out[k], x, parts[k], lender, unit)
            net_block(nets, weights, out[k])
            rank_block(
                k + 1, nets, allowed[some, k + 1],
                index[some], net[some], second[some], second_net[some],
            )  # fmt: skip
        take_block(out, index[some], measures[some], terms[some])


@compilable
def value_all(
    parts: Array, lender: Array, unit: Array,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
    everything: Array,
) -> None:  # fmt: skip
    """Measures of all treatments for all: `everything` is (m, applicants, treatments)."""
    x, out = np.empty(PERSON * BLOCK), np.empty(ROWS * BLOCK)
    everything[:, :, 0] = 0.0
    for start in range(0, pd.size, BLOCK):
        some = slice(start, min(start + BLOCK, pd.size))
        fill_people(x, pd[some], lgd[some], amount[some], months[some], income[some], apr[some])
        for k in range(parts.shape[0]):
            people(out, x, parts[k], lender, unit)
            for m in range(MEASURED):
                for i in range(some.stop - start):
                    everything[m, start + i, k + 1] = out[m * BLOCK + i]
