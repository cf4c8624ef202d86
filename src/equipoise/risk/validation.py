"""How well a PD ranks and how far it is off: AUC, Gini, KS, H-measure, Brier, log-loss.

`bad` is 1 for a default and 0 otherwise; `risk` is any number that rises with risk. Both (n,).
`weight` (n,) counts each row that many times in every measure; without it rows count once.
"""

from __future__ import annotations

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.numeric.distributions import beta_below
from equipoise.numeric.intervals import normal_quantile


def _both_classes(bad: Array) -> BoolArray:
    flags = np.asarray(bad, dtype=bool)
    if not flags.any() or flags.all():
        raise BadInput(
            "discrimination needs both defaults and good payers, and this sample has only one",
            mend="widen the test window or give more rows",
        )
    return flags


def auc(bad: Array, risk: FloatArray, weight: FloatArray | None = None) -> float:
    """Area under the ROC curve: P(risk of a bad > risk of a good), ties counting half."""
    flags = _both_classes(bad)
    if weight is not None:
        of_bads, _ = placements(flags, risk, weight)
        return float(np.average(of_bads, weights=weight[flags]))
    ranks = _ranks(risk)
    n_bad = int(flags.sum())
    n_good = flags.size - n_bad
    return float((ranks[flags].sum() - n_bad * (n_bad + 1) / 2) / (n_bad * n_good))


def gini(bad: Array, risk: FloatArray, weight: FloatArray | None = None) -> float:
    """Gini coefficient, 2 AUC - 1."""
    return 2 * auc(bad, risk, weight) - 1


def roc(
    bad: Array, risk: FloatArray, weight: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """All ROC points: shares of goods and of bads whose risk is at least each threshold."""
    flags = _both_classes(bad)
    weights = np.ones(flags.size) if weight is None else weight
    order = np.argsort(-np.asarray(risk, dtype=float), kind="stable")
    ordered = np.asarray(risk, dtype=float)[order]
    hits = np.cumsum(np.where(flags, weights, 0.0)[order])
    misses = np.cumsum(np.where(flags, 0.0, weights)[order])
    last = np.append(np.flatnonzero(np.diff(ordered)), flags.size - 1)
    true = np.concatenate([[0.0], hits[last] / hits[-1]])
    false = np.concatenate([[0.0], misses[last] / misses[-1]])
    return false, true


def roc_for_drawing(
    bad: Array, risk: FloatArray, points: int = 100, weight: FloatArray | None = None
) -> list[list[float]]:
    """At most `points` ROC points [false positive rate, true positive rate], ends included."""
    false, true = roc(bad, risk, weight)
    if false.size > points:
        # equal steps along the curve's own length keep its steep part
        length = (false + true) / 2
        at = np.unique(np.searchsorted(length, np.linspace(0, 1, points)).clip(0, false.size - 1))
        false, true = false[at], true[at]
    return [[round(float(x), 6), round(float(y), 6)] for x, y in zip(false, true, strict=True)]


def ks(bad: Array, risk: FloatArray, weight: FloatArray | None = None) -> float:
    """Kolmogorov-Smirnov distance between the score distributions of bads and goods."""
    false, true = roc(bad, risk, weight)
    return float(np.max(np.abs(true - false)))


def brier(bad: Array, pd: FloatArray, weight: FloatArray | None = None) -> float:
    """Mean squared error of the PD."""
    return float(np.average((np.asarray(pd) - np.asarray(bad, dtype=float)) ** 2, weights=weight))


def log_loss(bad: Array, pd: FloatArray, weight: FloatArray | None = None) -> float:
    """Mean negative log-likelihood, PDs kept off 0 and 1 by 1e-15."""
    inside = np.clip(pd, 1e-15, 1 - 1e-15)
    flags = np.asarray(bad, dtype=float)
    each = flags * np.log(inside) + (1 - flags) * np.log1p(-inside)
    return float(-np.average(each, weights=weight))


def h_measure(
    bad: Array,
    risk: FloatArray,
    severity_ratio: float | None = None,
    weight: FloatArray | None = None,
) -> float:
    """H-measure: the loss saved under a Beta distribution of costs that no classifier chooses.

    `severity_ratio` is cost of a missed good over cost of a missed bad; None takes the ratio of
    class shares. Costs follow Beta(2, 1 + 1/ratio); a ratio of zero or less asks for
    Beta(bads' share + 1, goods' share + 1). Source: Hand 2009, Machine Learning 77; Hand and
    Anagnostopoulos 2014, Pattern Recognition Letters 40.
    """
    flags = _both_classes(bad)
    share_bad = float(np.average(flags, weights=weight))
    share_good = 1 - share_bad
    ratio = share_bad / share_good if severity_ratio is None else severity_ratio
    a, b = (2.0, 1 + 1 / ratio) if ratio > 0 else (share_bad + 1, share_good + 1)
    false, true = _upper_hull(*roc(flags, risk, weight))
    # along the hull, each vertex is the best cut-off for costs between its two neighbours' slopes
    run, rise = share_good * np.diff(false), share_bad * np.diff(true)
    turning = np.concatenate([[0.0], (rise / (rise + run))[::-1], [1.0]])
    vertex_false, vertex_true = false[::-1], true[::-1]
    loss = share_good * vertex_false * _mean_below(turning, a, b) + share_bad * (
        1 - vertex_true
    ) * _mean_above(turning, a, b)
    none = share_good * _partial(0.0, share_bad, a, b) + share_bad * (
        _partial_of_rest(share_bad, 1.0, a, b)
    )
    return float(1 - loss.sum() / none)


def _partial(low: float, high: float, a: float, b: float) -> float:
    """Integral of c over the Beta(a, b) density of c."""
    return float(a / (a + b) * (beta_below(high, a + 1, b) - beta_below(low, a + 1, b)))


def _partial_of_rest(low: float, high: float, a: float, b: float) -> float:
    """Integral of 1 - c over the Beta(a, b) density of c."""
    return float(b / (a + b) * (beta_below(high, a, b + 1) - beta_below(low, a, b + 1)))


def _mean_below(turning: FloatArray, a: float, b: float) -> FloatArray:
    return np.asarray(a / (a + b) * np.diff(beta_below(turning, a + 1, b)))


def _mean_above(turning: FloatArray, a: float, b: float) -> FloatArray:
    return np.asarray(b / (a + b) * np.diff(beta_below(turning, a, b + 1)))


def _upper_hull(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    corners: list[tuple[float, float]] = []
    for point in zip(x.tolist(), y.tolist(), strict=True):
        while len(corners) > 1:
            (x0, y0), (x1, y1) = corners[-2:]
            if (x1 - x0) * (point[1] - y0) < (y1 - y0) * (point[0] - x0):
                break
            corners.pop()
        corners.append(point)
    return np.array([p[0] for p in corners]), np.array([p[1] for p in corners])


def delong(
    bad: Array,
    first: FloatArray,
    second: FloatArray,
    weight: FloatArray | None = None,
    customer: Array | None = None,
) -> tuple[float, float]:
    """Difference of two AUCs on the same rows and its standard error.

    Source: DeLong, DeLong and Clarke-Pearson 1988; placements by mid-ranks, Sun and Xu 2014.
    """
    flags = _both_classes(bad)
    gaps = [placements(flags, risk, weight) for risk in (first, second)]
    of_bads = gaps[0][0] - gaps[1][0]
    of_goods = gaps[0][1] - gaps[1][1]
    if weight is None and customer is None:
        return float(of_bads.mean()), _placement_error(of_bads, of_goods)
    weights = np.ones(flags.size) if weight is None else weight
    whose = np.arange(flags.size) if customer is None else customer
    mean = float(np.average(of_bads, weights=weights[flags]))
    return mean, _clustered_error(flags, (of_bads, of_goods), mean, weights, whose)


def auc_interval(
    bad: Array,
    risk: FloatArray,
    level: float = 0.95,
    weight: FloatArray | None = None,
    customer: Array | None = None,
) -> tuple[float, float]:
    """DeLong interval of the AUC, computed on the logit so that it stays inside 0 and 1.

    With `customer` (n,), codes of whom a row belongs to, rows of one customer are not taken for
    independent (Obuchowski 1997, Biometrics 53); weights count rows, but add no information.
    """
    flags = _both_classes(bad)
    of_bads, of_goods = placements(flags, risk, weight)
    centre = float(np.average(of_bads, weights=None if weight is None else weight[flags]))
    if weight is None and customer is None:
        error = _placement_error(of_bads, of_goods)
    else:
        weights = np.ones(flags.size) if weight is None else weight
        whose = np.arange(flags.size) if customer is None else customer
        error = _clustered_error(flags, (of_bads, of_goods), centre, weights, whose)
    if centre in (0.0, 1.0) or not np.isfinite(error):
        return (centre, centre) if np.isfinite(error) else (0.0, 1.0)
    half = normal_quantile(level) * error / (centre * (1 - centre))
    logit = np.log(centre / (1 - centre))
    return tuple(float(1 / (1 + np.exp(-(logit + sign * half)))) for sign in (-1, 1))  # type: ignore[return-value]


def placements(
    flags: BoolArray, risk: FloatArray, weight: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """For each bad the share of goods below it, and for each good the share of bads above it."""
    if weight is not None:
        scores = np.asarray(risk, dtype=float)
        bads, goods = (scores[flags], weight[flags]), (scores[~flags], weight[~flags])
        return _share_below(bads[0], *goods), 1 - _share_below(goods[0], *bads)
    overall = _ranks(risk)
    among_bads = _ranks(np.asarray(risk)[flags])
    among_goods = _ranks(np.asarray(risk)[~flags])
    n_bad, n_good = among_bads.size, among_goods.size
    return (overall[flags] - among_bads) / n_good, 1 - (overall[~flags] - among_goods) / n_bad


def _ranks(scores: FloatArray) -> FloatArray:
    """Ranks from 1, equal scores sharing the mean of theirs; none where a score is missing.

    As scipy.stats.rankdata, whose module takes seconds to import where somebody waits for a page.
    """
    values = np.asarray(scores, dtype=float)
    if np.isnan(values).any():
        return np.full(values.size, np.nan)
    _, place, n = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(n) - (n - 1) / 2)[place])


def _share_below(at: FloatArray, scores: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted share of `scores` below each of `at`, equal ones counting half."""
    order = np.argsort(scores, kind="stable")
    until = np.concatenate([[0.0], np.cumsum(weight[order])])
    below, upto = (np.searchsorted(scores[order], at, side=side) for side in ("left", "right"))
    shares: FloatArray = (until[below] + until[upto]) / 2 / until[-1]
    return shares


def _placement_error(of_bads: FloatArray, of_goods: FloatArray) -> float:
    if of_bads.size < 2 or of_goods.size < 2:
        return float("inf")
    return float(np.sqrt(of_bads.var(ddof=1) / of_bads.size + of_goods.var(ddof=1) / of_goods.size))


def _clustered_error(
    flags: BoolArray,
    placed: tuple[FloatArray, FloatArray],
    centre: float,
    weight: FloatArray,
    customer: Array,
) -> float:
    pull = np.zeros(flags.size)
    for rows, values in zip((flags, ~flags), placed, strict=True):
        pull[rows] = weight[rows] * (values - centre) / weight[rows].sum()
    of_customers = np.bincount(np.unique(customer, return_inverse=True)[1], weights=pull)
    count = of_customers.size
    if count < 3:
        return float("inf")
    return float(np.sqrt(count / (count - 1) * (of_customers**2).sum()))
