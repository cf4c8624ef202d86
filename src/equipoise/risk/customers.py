"""Whose loan a row is: one person's loans stand on one side of a split and in one fold."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.contract import Contract
from equipoise.numeric.arrays import BoolArray, IntArray
from equipoise.risk.cross import fold_of_rows

LEAST_LEFT = 0.5


def first_rows(contract: Contract, frame: pl.DataFrame) -> IntArray | None:
    """The row of each row's customer's first application, (n,); None without a customer field.

    A row without a customer is a customer of its own.
    """
    if contract.customer is None:
        return None
    rows = pl.int_range(frame.height, eager=True)
    own = pl.DataFrame({"customer": frame[contract.customer], "row": rows})
    first = pl.when(pl.col("customer").is_null()).then("row").otherwise(
        pl.col("row").min().over("customer")
    )  # fmt: skip
    return own.select(first.alias("first"))["first"].to_numpy().astype(np.int64)


def fold_of_customers(
    rows: int, customers: IntArray | None, folds: int, seed: int = 0
) -> IntArray:  # fmt: skip
    """A fold for each row, that of its customer's first one; without customers each row's own."""
    fold = fold_of_rows(rows, folds, seed)
    return fold if customers is None else fold[customers]


def returning(train: BoolArray, test: BoolArray, customers: IntArray | None) -> BoolArray:
    """Training rows of customers who have a row in the test, (n,)."""
    if customers is None:
        return np.zeros(train.size, dtype=bool)
    tested = np.zeros(train.size, dtype=bool)
    tested[customers[test]] = True
    return np.asarray(train & tested[customers])


def separated(
    train: BoolArray, test: BoolArray, customers: IntArray | None
) -> tuple[BoolArray, str]:
    """Training rows without those of customers in the test, and a sentence that says so.

    Where that would leave less than half of the training rows they stay, and the sentence says
    that the test knows them.
    """
    both = returning(train, test, customers)
    count, rows = int(both.sum()), int(train.sum())
    if not count:
        return train, ""
    if rows - count < LEAST_LEFT * rows:
        return train, (
            f"{count:,} of {rows:,} training rows belong to customers who are in the test too, and "
            "stay, since too few would be left: the test flatters the models"
        )
    return train & ~both, (
        f"{count:,} training rows of customers who are in the test too were taken out of training"
    )
