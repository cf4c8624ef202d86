"""How well one column alone tells bad from good: too well, and it knew the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

SUSPICIOUS_AUC = 0.995
HIGH_AUC = 0.9
CLEAR_LEAD = 0.1
_BINS = 50
_ENOUGH_ROWS = 20_000
_PURE_ROWS = 20
_RARE = 0.005


@dataclass(frozen=True, slots=True)
class Separation:
    """How a column alone tells bad from good, and whether it must have known the outcome.

    `auc` is 1 where it tells every bad from every good and 0.5 where none, `error` its standard
    error. `why` says what is
    suspicious, and `share` is the share of rows in which it shows.
    """

    auc: float
    error: float
    knew: bool = False
    why: str = ""
    share: float | None = None


def separate(value: pl.Series, bad: pl.Series) -> Separation:
    """Judge one column alone. Both series are of one length; null in `bad` is left out."""
    frame = pl.DataFrame([value.alias("value"), bad.alias("bad")]).drop_nulls("bad")
    auc = separation(value, bad)
    if auc > SUSPICIOUS_AUC:
        why = (
            f"alone it separates good from bad (AUC {auc:.4f}), as only something known after "
            "the decision does"
        )
        return Separation(auc, 0.0, knew=True, why=why)
    alone = Separation(auc, _standard_error(auc, frame["bad"]))
    return _written_afterwards(frame, alone) or alone


def _written_afterwards(frame: pl.DataFrame, alone: Separation) -> Separation | None:
    """Whether the column has a value in rows of one outcome alone, or an amount in bad ones alone.

    A flag that no bad loan has may be a strong fact; a value that only bad loans have at all, or
    an amount that is zero for every good one, was written down later.
    """
    value, bad = frame["value"], frame["bad"]
    there = value.is_not_null()
    if one := _only_outcome(there, bad):
        why = f"it has a value only where the outcome is {one}"
        return replace(alone, knew=True, why=why, share=_mean(there))
    if not value.dtype.is_numeric() or value.n_unique() <= _BINS:
        return None
    there = (value != 0).fill_null(value=False)
    if _only_outcome(there, bad) == "bad":
        why = "it is other than zero only where the outcome is bad"
        return replace(alone, knew=True, why=why, share=_mean(there))
    return None


def _only_outcome(there: pl.Series, bad: pl.Series) -> str:
    """The outcome that rows with a value have without exception, beyond what chance would do."""
    rows = int(there.sum())
    if rows in (0, there.len()):
        return ""
    inside, base = _mean(bad.filter(there)), _mean(bad)
    if 1 - inside <= _RARE and rows * (1 - base) >= _PURE_ROWS:
        return "bad"
    return "good" if inside <= _RARE and rows * base >= _PURE_ROWS else ""


def _mean(flags: pl.Series) -> float:
    return float(flags.sum()) / max(1, flags.len())


def leaders(alone: Mapping[str, Separation]) -> dict[str, float]:
    """Columns that separate so much better than the rest that they may have known the outcome.

    A column leads when its AUC, less two standard errors, is above HIGH_AUC and it stands
    CLEAR_LEAD above the best of those that are not. Nothing leads where nothing else is left.
    """
    high = {name for name, each in alone.items() if each.auc - 2 * each.error > HIGH_AUC}
    rest = [each.auc for name, each in alone.items() if name not in high]
    if not rest:
        return {}
    return {name: alone[name].auc for name in high if alone[name].auc - max(rest) >= CLEAR_LEAD}


def _standard_error(auc: float, bad: pl.Series) -> float:
    """Of an AUC, by Hanley and McNeil (1982)."""
    bads = float(bad.sum())
    goods = bad.len() - bads
    if not bads or not goods:
        return 0.5
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = (auc * (1 - auc) + (bads - 1) * (first - auc**2) + (goods - 1) * (second - auc**2)) / (
        bads * goods
    )
    return float(max(spread, 0.0) ** 0.5)


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
