"""The bins of a distribution, cut on the history: quantiles of a number, the values of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from equipoise.watch.watching import Compiled

MOST_VALUES = 30  # of a text; what is rarer stands together


@dataclass(frozen=True, slots=True)
class Bins:
    """`edges` of a number (bins are closed below), or the commonest `values` of anything else; one
    bin for other values and one for missing ones stand behind."""

    edges: tuple[float, ...] = ()
    values: tuple[str, ...] | None = None

    def counting(self, of: pl.Expr, keep: pl.Expr) -> list[pl.Expr]:
        """Cumulative counts (of edges) or counts (of values), then all rows and those missing."""
        if self.values is None:
            parts = [((of >= edge) & keep).sum() for edge in self.edges]
        else:
            text = of.cast(pl.String)
            parts = [((text == value) & keep).sum() for value in self.values]
        return [*parts, keep.sum(), (of.is_null() & keep).sum()]

    def counting_apart(self, of: pl.Expr, true: pl.Expr, keep: pl.Expr) -> list[pl.Expr]:
        """The same of those that are true, then of the others."""
        return [*self.counting(of, keep & true), *self.counting(of, keep & ~true)]

    def by_bin(self, counted: Sequence[float]) -> list[float]:
        """Rows by bin, from what `counting` gave."""
        *parts, rows, missing = counted
        known = rows - missing
        if self.values is not None:
            return [*parts, known - sum(parts), missing]
        above = [known, *parts, 0.0]
        return [*(high - low for high, low in pairwise(above)), missing]


GROUPED = 50  # bins of a gini: between them ties count half, which costs it less than a hundredth


def _many(compiled: Compiled) -> int:
    return GROUPED if compiled.indicator.kind == "gini" else compiled.indicator.bins


def bins_of(compiled: Compiled, history: pl.DataFrame) -> Bins:
    """Cut on those rows of a history that the indicator counts."""
    of = compiled.over if compiled.indicator.kind == "gini" else compiled.of
    if of is None:
        return Bins()
    keep = pl.lit(True) if compiled.where is None else compiled.where.polars().fill_null(False)
    column = history.filter(keep).select(of.polars().alias("of"))["of"].drop_nulls()
    if of.type == "number":
        inner = np.linspace(0, 1, _many(compiled) + 1)[1:-1]
        if not column.len():
            return Bins()
        return Bins(tuple(np.unique(np.quantile(column.to_numpy(), inner)).tolist()))
    common = column.cast(pl.String).value_counts(sort=True)
    ordered = common.sort(["count", "of"], descending=[True, False])["of"].to_list()
    return Bins(values=tuple(ordered[:MOST_VALUES]))
