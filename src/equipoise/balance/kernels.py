# ruff: noqa: PLR0917  (compiled loops take their arrays by position)
"""The solver's inner loops, compiled once and cached.

Each works on a block of applicants that fits the processor's cache: `scores` is (applicants of the
block, treatments) in float64. *Candidates* are pairs (applicant, treatment) worth keeping, held as
parallel arrays in which one applicant's candidates stand together.
"""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import Array
from equipoise.numeric.compiled import kernel, summing_kernel


@summing_kernel
def load(scores: Array, value: Array, cost: Array) -> None:
    """Scores start from the value less what every applicant pays for a treatment."""
    for i in range(scores.shape[0]):
        for k in range(scores.shape[1]):
            scores[i, k] = value[i, k] - cost[k]


@summing_kernel
def charge(scores: Array, usage: Array, price: Array) -> None:
    """Take off each applicant's price times the usage of each treatment."""
    for i in range(scores.shape[0]):
        p = price[i]
        if p != 0.0:
            for k in range(scores.shape[1]):
                scores[i, k] -= p * usage[i, k]


@summing_kernel
def charge_treatments(scores: Array, usage: Array, price: Array) -> None:
    """As `charge`, for a usage that is the same for every applicant."""
    for i in range(scores.shape[0]):
        p = price[i]
        if p != 0.0:
            for k in range(scores.shape[1]):
                scores[i, k] -= p * usage[k]


@summing_kernel
def forbid(scores: Array, allowed: Array) -> None:
    """Treatments that are not allowed score minus infinity."""
    for i in range(scores.shape[0]):
        for k in range(scores.shape[1]):
            if not allowed[i, k]:
                scores[i, k] = -np.inf


@summing_kernel
def best_treatments(scores: Array, choice: Array) -> float:
    """Each applicant's best treatment (the first among equals); returns the sum of best scores."""
    total = 0.0
    for i in range(scores.shape[0]):
        best = scores[i, 0]
        at = 0
        for k in range(1, scores.shape[1]):
            if scores[i, k] > best:
                best = scores[i, k]
                at = k
        choice[i] = at
        total += best
    return total


@summing_kernel
def widen(reach: Array, usage: Array, price: Array, choice: Array) -> None:
    """Add what a change of each applicant's price could move a treatment against the chosen one."""
    for i in range(reach.shape[0]):
        p = price[i]
        if p != 0.0:
            chosen = usage[i, choice[i]]
            for k in range(reach.shape[1]):
                reach[i, k] += p * abs(usage[i, k] - chosen)


@summing_kernel
def widen_treatments(reach: Array, usage: Array, price: Array, choice: Array) -> None:
    """As `widen`, for a usage that is the same for every applicant."""
    for i in range(reach.shape[0]):
        p = price[i]
        if p != 0.0:
            chosen = usage[choice[i]]
            for k in range(reach.shape[1]):
                reach[i, k] += p * abs(usage[k] - chosen)


@summing_kernel
def rivals(
    scores: Array, reach: Array, choice: Array, applicant: Array, treatment: Array, short: Array
) -> int:
    """Treatments within `reach` of the chosen one, how far below it each is, and how many."""
    count = 0
    for i in range(scores.shape[0]):
        best = scores[i, choice[i]]
        for k in range(scores.shape[1]):
            if scores[i, k] + reach[i, k] >= best and k != choice[i]:
                applicant[count] = i
                treatment[count] = k
                short[count] = best - scores[i, k]
                count += 1
    return count


@summing_kernel
def soften(
    scores: Array,
    weight: Array,
    tau: float,
    window: float,
    applicant: Array,
    treatment: Array,
    share: Array,
    totals: Array,
) -> int:
    """Softmax shares at temperature `tau` over the treatments within `window` of the best.

    Fills the candidates and returns how many there are. Adds to `totals`: the sum of best scores,
    the sum of smoothed best scores, the weight of applicants that are mixed, and how many have more
    than one candidate.
    """
    count = 0
    columns = scores.shape[1]
    for i in range(scores.shape[0]):
        best = scores[i, 0]
        at = 0
        for k in range(1, columns):
            if scores[i, k] > best:
                best = scores[i, k]
                at = k
        floor = best - window
        near = 0
        for k in range(columns):
            if scores[i, k] >= floor:
                near += 1
        w = weight[i]
        totals[0] += w * best
        if near == 1:
            applicant[count] = i
            treatment[count] = at
            share[count] = 1.0
            count += 1
            totals[1] += w * best
            continue
        first = count
        total = 0.0
        for k in range(columns):
            if scores[i, k] >= floor:
                e = np.exp((scores[i, k] - best) / tau)
                applicant[count] = i
                treatment[count] = k
                share[count] = e
                total += e
                count += 1
        concentration = 0.0
        for e in range(first, count):
            share[e] /= total
            concentration += share[e] * share[e]
        totals[1] += w * (best + tau * np.log(total))
        totals[2] += w * (1.0 - concentration)
        totals[3] += 1.0
    return count


@summing_kernel
def gather(
    entries: Array,
    column: int,
    usage: Array,
    factor: float,
    where: Array,
    applicant: Array,
    treatment: Array,
) -> None:
    """One row's usage at each candidate; an empty `where` stands for everybody."""
    if where.size == 0:
        for e in range(applicant.size):
            entries[e, column] = factor * usage[applicant[e], treatment[e]]
    else:
        for e in range(applicant.size):
            i = applicant[e]
            entries[e, column] = factor * usage[i, treatment[e]] if where[i] else 0.0


@summing_kernel
def gather_treatments(
    entries: Array,
    column: int,
    usage: Array,
    factor: float,
    where: Array,
    applicant: Array,
    treatment: Array,
) -> None:
    """As `gather`, for a usage that is the same for every applicant."""
    if where.size == 0:
        for e in range(applicant.size):
            entries[e, column] = factor * usage[treatment[e]]
    else:
        for e in range(applicant.size):
            i = applicant[e]
            entries[e, column] = factor * usage[treatment[e]] if where[i] else 0.0


@summing_kernel
def taken(usage: Array, choice: Array, where: Array) -> tuple[float, float]:
    """What a block's choice uses, and the same without signs; `usage` by applicant or treatment."""
    total = 0.0
    size = 0.0
    everybody = where.size == 0
    for i in range(choice.size):
        if everybody or where[i]:
            x = usage[min(i, usage.shape[0] - 1), choice[i]]
            total += x
            size += abs(x)
    return total, size


@kernel
def best_whole(scores: Array, choice: Array) -> tuple[float, float]:
    """As `best_treatments`; the sum of best scores, and what rounding left over of it."""
    total = 0.0
    left = 0.0
    for i in range(scores.shape[0]):
        best = scores[i, 0]
        at = 0
        for k in range(1, scores.shape[1]):
            if scores[i, k] > best:
                best = scores[i, k]
                at = k
        choice[i] = at
        added = total + best
        came = added - total
        left += (total - (added - came)) + (best - came)
        total = added
    return total, left


@kernel
def taken_whole(usage: Array, choice: Array, where: Array) -> tuple[float, float]:
    """As `taken`, with signs: the sum, and what rounding left over of it.

    Source: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B.
    """
    total = 0.0
    left = 0.0
    last = usage.shape[0] - 1
    for i in range(choice.size):
        if where[i]:
            x = float(usage[min(i, last), choice[i]])
            added = total + x
            came = added - total
            left += (total - (added - came)) + (x - came)
            total = added
    return total, left


@summing_kernel
def moments(  # noqa: C901
    entries: Array, applicant: Array, share: Array, weight: Array, used: Array, covariance: Array
) -> None:
    """Add each applicant's mean usage, and the covariance of usage within each applicant."""
    rows = entries.shape[1]
    mean = np.zeros(rows)
    e = 0
    while e < applicant.size:
        i = applicant[e]
        stop = e + 1
        while stop < applicant.size and applicant[stop] == i:
            stop += 1
        w = weight[i]
        if stop == e + 1:
            for m in range(rows):
                used[m] += w * entries[e, m]
            e = stop
            continue
        mean[:] = 0.0
        for f in range(e, stop):
            for m in range(rows):
                mean[m] += share[f] * entries[f, m]
        for m in range(rows):
            used[m] += w * mean[m]
        for f in range(e, stop):
            p = w * share[f]
            if p < 1e-12:
                continue
            for m in range(rows):
                d = p * (entries[f, m] - mean[m])
                if d != 0.0:
                    for n in range(m + 1):
                        covariance[m, n] += d * (entries[f, n] - mean[n])
        e = stop


@summing_kernel
def smallest_quadratic(curvature: Array, gradient: Array, start: Array, sweeps: int) -> Array:
    """Minimise gradient.(x - start) + (x - start).curvature.(x - start) / 2 over x >= 0.

    Coordinate descent: slower than a factorisation but content with singular curvature.
    """
    size = start.size
    x = start.copy()
    slope = gradient.copy()
    for _ in range(sweeps):
        largest = 0.0
        for m in range(size):
            new = x[m] - slope[m] / curvature[m, m]
            new = max(new, 0.0)
            step = new - x[m]
            if step != 0.0:
                x[m] = new
                for n in range(size):
                    slope[n] += curvature[n, m] * step
                largest = max(largest, step * step * curvature[m, m])
        if largest < 1e-18 * (1.0 + abs(gradient @ (x - start))):
            break
    return x


@summing_kernel
def all_finite(values: Array) -> bool:
    """Whether a two-dimensional array holds only finite numbers."""
    for i in range(values.shape[0]):
        bad = 0
        for k in range(values.shape[1]):
            bad += not np.isfinite(values[i, k])
        if bad:
            return False
    return True
