"""Which rows train and which test, and the folds inside the training rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.numeric.arrays import Array, BoolArray, IntArray
from equipoise.risk.cross import fold_of_rows
from equipoise.risk.customers import fold_of_customers, separated
from equipoise.risk.document import OutOfTime, RandomSplit

NEWEST_SHARE = 0.25
BIG = 200_000
FEW_ROWS, FEW_BADS = 50, 10


@dataclass(frozen=True, slots=True)
class TrainTest:
    """Rows that train and rows that test, both (n,), and a sentence that says how."""

    train: BoolArray
    test: BoolArray
    text: str
    months: Array | None  # labels like 2018-09, where dates are known
    notes: tuple[str, ...] = ()


def month_labels(dates: pl.Series) -> Array:
    """Labels like 2018-09; dates must be complete."""
    if dates.null_count():
        raise BadInput(
            f"{dates.null_count():,} rows have no '{dates.name}', so time cannot split them",
            field=dates.name,
            mend="refuse missing dates in the contract, or split at random",
        )
    return dates.dt.strftime("%Y-%m").to_numpy().astype(str)


def split_rows(
    rule: OutOfTime | RandomSplit | None,
    judged: BoolArray,
    dates: pl.Series | None,
    where: Span | None,
    customers: IntArray | None = None,
) -> TrainTest:
    """Split rows (n,). Out of time where dates are known, unless the rule says otherwise.

    `judged` marks rows whose outcome can judge a model: the newest of those are the test, and rows
    later than them neither train nor test. `customers` (n,) are rows of first applications, by
    which one person's loans stay on one side: drawn together, or, out of time, those of customers
    in the test taken out of training (`customers.separated`).
    """
    rows = judged.size
    chosen = rule or (OutOfTime() if dates is not None else RandomSplit(kind="random"))
    months = month_labels(dates) if dates is not None else None
    if isinstance(chosen, RandomSplit):
        draws = fold_of_customers(rows, customers, 10_000, chosen.seed)
        test = draws < chosen.share * 10_000
        what = "rows" if customers is None else "customers"
        text = f"random: {chosen.share:.0%} of the {what} held out, seed {chosen.seed}"
        return TrainTest(~test, test, text, months)
    if dates is None or months is None:
        raise BadInput(
            "an out-of-time split needs a date, and the contract names none",
            where=where,
            field="split",
            mend="name the application date as `date` in the contract, or split at random",
        )
    newest = _newest(chosen, dates, months, judged)
    test = newest & judged
    if not test.any() or newest.all():
        seen = (
            f"outcomes are known from {_span(months[judged])}" if judged.any() else "none is known"
        )
        raise BadInput(
            f"the split leaves {int((~newest).sum()):,} rows to train on and {int(test.sum()):,} "
            f"with a known outcome to test on; {seen}",
            where=where,
            field="split",
            mend="choose a date inside those months, or `kind: random`",
        )
    text = f"out of time: trained on {_span(months[~newest])}, tested on {_span(months[test])}"
    train, said = separated(~newest, test, customers)
    return TrainTest(train, test, text, months, (said,) if said else ())


def _span(months: Array) -> str:
    labels = np.unique(months).tolist()
    return f"{labels[0]} to {labels[-1]}"


def _newest(rule: OutOfTime, dates: pl.Series, months: Array, judged: BoolArray) -> BoolArray:
    if rule.from_ is not None:
        return (dates >= rule.from_).to_numpy()
    labels, rows = np.unique(months[judged], return_counts=True)
    if not labels.size:
        return np.zeros(months.size, dtype=bool)
    if rule.last_months is not None:
        return np.asarray(months >= labels[max(0, len(labels) - rule.last_months)])
    # the newest quarter of the rows, in whole months
    newer = np.cumsum(rows[::-1])[::-1] / rows.sum()
    small = np.flatnonzero(newer <= NEWEST_SHARE)
    return np.asarray(months >= labels[small[0] if small.size else -1])


def inner_folds(
    rows: int, months: Array | None, seed: int = 0, customers: IntArray | None = None
) -> list[tuple[Array, Array]]:
    """Folds inside the training rows: later months are validated on earlier ones where known.

    Up to 200,000 rows get two windows (60 % then 20 %, 80 % then 20 %) or four random folds; more
    rows get one, which is as telling. `customers` are codes of whom a row belongs to.
    """
    if months is not None and len(np.unique(months)) >= 4:
        order = np.unique(months)
        position = np.searchsorted(order, months)
        share = np.cumsum(np.bincount(position)) / rows
        cuts = [int(np.searchsorted(share, s)) for s in (0.6, 0.8)]
        ends = [cuts[1], len(order) - 1]
        folds = [
            (np.flatnonzero(position <= cut), np.flatnonzero((position > cut) & (position <= end)))
            for cut, end in zip(cuts, ends, strict=True)
            if cut < end
        ]
        if customers is not None:
            folds = [(t[~np.isin(customers[t], customers[v])], v) for t, v in folds]
            folds = [(t, v) for t, v in folds if t.size]
        if folds:
            return folds[-1:] if rows > BIG else folds
    fold = fold_of_rows(rows, 4, seed)
    if customers is not None:
        first = np.unique(customers, return_index=True, return_inverse=True)
        fold = fold[first[1][first[2]]]
    count = 1 if rows > BIG else 4
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(count)]


def require_enough(bad: Array, what: str, target: str) -> None:
    """Refuse rows too few, or of one class, to fit or judge a model on."""
    flags = np.asarray(bad, dtype=bool)
    bads = int(flags.sum())
    if flags.size < FEW_ROWS or min(bads, flags.size - bads) < FEW_BADS:
        raise BadInput(
            f"the {what} rows hold {bads:,} bads and {flags.size - bads:,} goods of '{target}'; "
            f"at least {FEW_BADS} of each and {FEW_ROWS} rows in all are needed",
            field=target,
            mend="give more rows, check which value of the target is the bad one, "
            "or choose another split",
        )
