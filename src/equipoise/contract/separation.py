"""How well one column alone tells bad from good: too well, and it knew the answer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

SUSPICIOUS_AUC = 0.995
_BINS = 50
_ENOUGH_ROWS = 20_000


def separation(value: pl.Series, bad: pl.Series) -> float:
    """Area under the ROC curve of one column: 1 tells every bad from every good, 0.5 none.

    The larger of two: of a number as it stands, rising or falling; and of the column's own bad
    rates by group (numbers by quantile, a missing value as a group of its own), learned on every
    other row, so that any shape of dependence counts. Both series are of one length; rows where
    `bad` is null are left out.
    """
    frame = pl.DataFrame([value.alias("value"), bad.alias("bad")]).drop_nulls("bad")
    if frame.height >= 2 * _ENOUGH_ROWS:
        frame = frame.gather_every(frame.height // _ENOUGH_ROWS)
    events = frame["bad"].cast(pl.Int64).to_numpy()
    grouped = _split_auc(_groups(frame["value"]), events)
    return max(grouped, _rank_auc(frame["value"], events))


def _groups(value: pl.Series) -> npt.NDArray[np.int64]:
    if value.dtype.is_numeric() and value.n_unique() > _BINS:
        numbers = value.cast(pl.Float64).to_numpy()
        known = np.isfinite(numbers)
        edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, _BINS + 1)[1:-1]))
        return np.where(known, np.searchsorted(edges, numbers, side="left"), edges.size + 1)
    return value.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()


def _rank_auc(value: pl.Series, events: npt.NDArray[np.int64]) -> float:
    """The Mann-Whitney form, ties counted half, whichever way the number points."""
    if not value.dtype.is_numeric() or value.has_nulls():
        return 0.5  # with a missing value there is no order; groups judge it
    ranks = value.rank("average").to_numpy()
    bads = int(events.sum())
    goods = events.size - bads
    if not bads or not goods:
        return 0.5
    auc = (ranks[events == 1].sum() - bads * (bads + 1) / 2) / (bads * goods)
    return float(max(auc, 1 - auc))


def _split_auc(groups: npt.NDArray[np.int64], events: npt.NDArray[np.int64]) -> float:
    # events alternate between the halves, whatever order the file is in
    half = np.empty(events.size, dtype=bool)
    for outcome in (0, 1):
        at = np.flatnonzero(events == outcome)
        half[at] = np.arange(at.size) % 2 == 0
    size = int(groups.max()) + 1
    seen = np.bincount(groups[half], minlength=size)
    bads = np.bincount(groups[half], weights=events[half], minlength=size)
    rate = (bads + events[half].mean()) / (seen + 1.0)
    order = np.argsort(rate, kind="stable")
    bad = np.bincount(groups[~half], weights=events[~half], minlength=size)[order]
    good = np.bincount(groups[~half], weights=1 - events[~half], minlength=size)[order]
    if not bad.sum() or not good.sum():
        return 0.5
    _, tie = np.unique(rate[order], return_inverse=True)
    bad, good = np.bincount(tie, weights=bad), np.bincount(tie, weights=good)
    below = np.cumsum(good) - good
    return float((bad * (below + 0.5 * good)).sum() / (bad.sum() * good.sum()))
