# ruff: noqa: PLR0917  (compiled loops take their arrays by position)
"""The least bound of a core while some of its candidates are closed: one node of the search.

A core is a few hundred applicants (*owners*) with a few candidates each, so a pass over it takes
microseconds and the whole descent on the smoothed bound is one compiled loop. Prices and usage are
scaled as the Lagrangian scales them.
"""

from __future__ import annotations

import numpy as np

from equipoise.balance.kernels import smallest_quadratic
from equipoise.numeric.arrays import Array
from equipoise.numeric.compiled import summing_kernel

COOLER = 8.0
LEVELS = 3
STEPS = 8
SHORTEST = 6  # times a step is cut to a third


@summing_kernel
def shares_at(  # noqa: C901, PLR0912
    first: Array,
    value: Array,
    usage: Array,
    closed: Array,
    prices: Array,
    tau: float,
    share: Array,
    used: Array,
    covariance: Array,
) -> tuple[float, float]:
    """Softmax shares, their usage and its covariance; the sums of best and of smoothed scores."""
    rows = usage.shape[1]
    used[:] = 0.0
    covariance[:, :] = 0.0
    mean = np.empty(rows)
    total = 0.0
    smooth = 0.0
    for j in range(first.size - 1):
        best = -1.7e308
        at = -1
        for e in range(first[j], first[j + 1]):
            share[e] = 0.0
            if not closed[e]:
                score = value[e]
                for m in range(rows):
                    score -= prices[m] * usage[e, m]
                share[e] = score
                if score > best:
                    best = score
                    at = e
        total += best
        weight = 0.0
        for e in range(first[j], first[j + 1]):
            if not closed[e]:
                below = (share[e] - best) / tau
                share[e] = np.exp(below) if below > -30.0 else 0.0
                weight += share[e]
        smooth += best + tau * np.log(weight)
        if weight == 1.0:
            for m in range(rows):
                used[m] += usage[at, m]
            continue
        mean[:] = 0.0
        for e in range(first[j], first[j + 1]):
            share[e] /= weight
            if share[e] > 0.0:
                for m in range(rows):
                    mean[m] += share[e] * usage[e, m]
        for m in range(rows):
            used[m] += mean[m]
        for e in range(first[j], first[j + 1]):
            if share[e] > 1e-12:
                for m in range(rows):
                    d = share[e] * (usage[e, m] - mean[m])
                    for n in range(rows):
                        covariance[m, n] += d * (usage[e, n] - mean[n])
    return total, smooth


@summing_kernel
def least_bound(  # noqa: C901, PLR0912
    first: Array,
    value: Array,
    usage: Array,
    closed: Array,
    room: Array,
    prices: Array,
    tau: float,
    enough: float,
    share: Array,
    covariance: Array,
) -> float:
    """Lower the bound from `prices`, which end at the best met, until it is at most `enough`.

    Every price gives a true bound, so a descent that ends early only leaves the bound higher than
    it need be. `share` and `covariance` are left as they are at the end, at temperature `tau`.
    """
    rows = room.size
    used = np.empty(rows)
    x = prices.copy()
    lowest = 1.7e308
    for level in range(LEVELS):
        heat = tau * COOLER ** (LEVELS - 1 - level)
        total, smooth = shares_at(first, value, usage, closed, x, heat, share, used, covariance)
        damping = 1e-9
        for _ in range(STEPS):
            linear = 0.0
            for m in range(rows):
                linear += x[m] * room[m]
            if total + linear < lowest:
                lowest = total + linear
                prices[:] = x
                if lowest <= enough:
                    return lowest
            gradient = room - used
            settled = True
            for m in range(rows):
                if x[m] > 0.0 or gradient[m] < 0.0:
                    near = 0.1 * np.sqrt(covariance[m, m]) + 1e-9 * abs(room[m])
                    settled = settled and abs(gradient[m]) <= near
            if settled:
                break
            flat = 1e-6 * first.size / heat
            curvature = covariance / heat
            for m in range(rows):
                curvature[m, m] += damping * max(curvature[m, m], flat) + 1e-9 * flat
            step = smallest_quadratic(curvature, gradient, x, 200) - x
            slope = gradient @ step
            now = smooth + linear
            length = 1.0
            moved = False
            for _ in range(SHORTEST):
                to = x + length * step
                total, smooth = shares_at(
                    first, value, usage, closed, to, heat, share, used, covariance
                )
                if smooth + to @ room <= now + 1e-4 * length * slope + 1e-13 * abs(now):
                    x = to
                    moved = True
                    break
                length *= 0.3
            if not moved:
                total, smooth = shares_at(
                    first, value, usage, closed, x, heat, share, used, covariance
                )
                damping = max(damping * 1e3, 1e-4)
    total, smooth = shares_at(first, value, usage, closed, x, tau, share, used, covariance)
    if total + x @ room < lowest:
        lowest = float(total + x @ room)
        prices[:] = x
    return lowest


@summing_kernel
def close_dear(
    first: Array,
    value: Array,
    usage: Array,
    closed: Array,
    prices: Array,
    bound: float,
    enough: float,
) -> float:
    """Close every candidate with which the bound at these prices is at most `enough`.

    Returns the largest such bound, minus infinity (-1.7e308) where none was closed.
    """
    rows = usage.shape[1]
    highest = -1.7e308
    for j in range(first.size - 1):
        best = -1.7e308
        for e in range(first[j], first[j + 1]):
            if not closed[e]:
                score = value[e]
                for m in range(rows):
                    score -= prices[m] * usage[e, m]
                best = max(best, score)
        for e in range(first[j], first[j + 1]):
            if not closed[e]:
                score = value[e]
                for m in range(rows):
                    score -= prices[m] * usage[e, m]
                left = bound - (best - score)
                if left <= enough and score < best:
                    closed[e] = True
                    highest = max(highest, left)
    return highest


@summing_kernel
def to_branch(  # noqa: C901
    first: Array, usage: Array, closed: Array, share: Array, inverse: Array
) -> tuple[int, int]:
    """The owner whose decision lowers the bound most either way, and its likeliest candidate.

    Giving an owner a candidate whose usage is d from the mean of its shares lowers the bound by
    about d' inverse d / 2, `inverse` being that of the curvature. Minus ones where every owner has
    one candidate left.
    """
    rows = usage.shape[1]
    mean = np.empty(rows)
    most = -1.0
    owner = -1
    likeliest = -1
    for j in range(first.size - 1):
        left = 0
        top = -1
        mean[:] = 0.0
        for e in range(first[j], first[j + 1]):
            if not closed[e]:
                left += 1
                if top < 0 or share[e] > share[top]:
                    top = e
                for m in range(rows):
                    mean[m] += share[e] * usage[e, m]
        if left < 2:
            continue
        least = 1.7e308
        for e in range(first[j], first[j + 1]):
            if not closed[e] and (share[e] > 0.01 or e == top):
                drop = 0.0
                for m in range(rows):
                    for n in range(rows):
                        drop += (usage[e, m] - mean[m]) * inverse[m, n] * (usage[e, n] - mean[n])
                least = min(least, drop)
        if share[top] > 0.999999:
            least = 0.0
        if least > most:
            most = least
            owner = j
            likeliest = top
    return owner, likeliest
