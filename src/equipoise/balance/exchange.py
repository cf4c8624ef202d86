# ruff: noqa: PLR0917  (compiled loops take their arrays by position)
"""Whole treatments from shares, and pairwise exchanges that make the most of what is left."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import Array
from equipoise.numeric.compiled import summing_kernel


@summing_kernel
def spread_evenly(first: Array, share: Array, picked: Array) -> None:
    """Pick one candidate per applicant so that the picks follow the shares over any long run.

    `first` marks where each applicant's candidates begin (one more at the end). The golden
    ratio's multiples fill [0, 1) evenly, so equal applicants are divided as their shares say.
    """
    for j in range(first.size - 1):
        u = ((j + 1) * 0.6180339887498949) % 1.0
        at = first[j]
        total = share[at]
        while total < u and at + 1 < first[j + 1]:
            at += 1
            total += share[at]
        picked[j] = at


@summing_kernel
def round_in_balance(
    first: Array,
    share: Array,
    usage: Array,
    order: Array,
    binding: Array,
    over: Array,
    picked: Array,
) -> None:
    """Give each applicant one candidate, keeping the total near what the shares would use.

    `usage` is (candidates, rows); `over` is the shares' total usage less the limit and is
    brought up to date. Rows that do not bind only count when they are over.
    """
    rows = usage.shape[1]
    mean = np.zeros(rows)
    for j in order:
        mean[:] = 0.0
        for e in range(first[j], first[j + 1]):
            for m in range(rows):
                mean[m] += share[e] * usage[e, m]
        best = np.inf
        at = first[j]
        for e in range(first[j], first[j + 1]):
            if share[e] < 0.005:
                continue
            cost = 0.0
            for m in range(rows):
                d = over[m] - mean[m] + usage[e, m]
                if binding[m] or d > 0.0:
                    cost += d * d
            if cost < best:
                best = cost
                at = e
        picked[j] = at
        for m in range(rows):
            over[m] += usage[at, m] - mean[m]


@summing_kernel
def exchange(  # noqa: C901, PLR0912
    owner: Array,
    usage: Array,
    value: Array,
    picked: Array,
    slack: Array,
    tolerance: Array,
    penalty: float,
    enough: float,
    sweeps: int,
) -> float:
    """Move one or two applicants at a time while that raises value less penalised overshoot.

    `picked` (owners) and `slack` (rows) are brought up to date. Stops when a sweep over all pairs
    gains less than `enough`. Returns the total gain.
    """
    count, rows = usage.shape
    total = 0.0
    over = 0.0
    for m in range(rows):
        over += max(0.0, -slack[m] - tolerance[m])
    room = np.empty(rows)
    for _ in range(sweeps):
        gained = 0.0
        for e in range(count):
            i = owner[e]
            c = picked[i]
            gain_e = value[e] - value[c]
            for m in range(rows):
                room[m] = slack[m] - usage[e, m] + usage[c, m]
            best = 1e-15
            at = -1
            for f in range(e, count):
                j = owner[f]
                if j == i and f != e:
                    continue
                d = picked[j]
                gain = gain_e
                if f != e:
                    gain += value[f] - value[d]
                gain += penalty * over
                if gain <= best:
                    continue
                for m in range(rows):
                    left = room[m]
                    if f != e:
                        left += usage[d, m] - usage[f, m]
                    if left < -tolerance[m]:
                        gain += penalty * (left + tolerance[m])
                        if gain <= best:
                            break
                if gain > best:
                    best = gain
                    at = f
            if at >= 0:
                d = picked[owner[at]]
                for m in range(rows):
                    slack[m] = room[m]
                    if at != e:
                        slack[m] += usage[d, m] - usage[at, m]
                picked[i] = e
                picked[owner[at]] = at
                over = 0.0
                for m in range(rows):
                    over += max(0.0, -slack[m] - tolerance[m])
                gained += best
        total += gained
        if gained <= enough:
            break
    return total
