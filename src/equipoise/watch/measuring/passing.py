"""One pass over a table, period by period: every indicator's sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from equipoise.numeric.arrays import FloatArray
from equipoise.watch.measuring.bins import Bins, bins_of
from equipoise.watch.measuring.sources import PERIOD, Source
from equipoise.watch.measuring.sums import Sums
from equipoise.watch.watching import Compiled

MOST_ROWS = 3_000_000  # summed at a time, as far as whole periods allow
MOST_CUT_ON = 200_000  # of the history, evenly drawn, that bins are cut on
_PLAIN = ("n", "of", "squares", "over", "over_squares", "products")


def measure_table(
    compiled: Sequence[Compiled], periods: Sequence[date], source: Source, history: int
) -> dict[str, Sums]:
    """Each indicator's sums over the periods. Bins are cut on the first `history` of them."""
    bins = _all_bins(compiled, periods[:history], source)
    asked = {each.indicator.name: _asked(each, bins) for each in compiled}
    flat = [
        expression.cast(pl.Float64).alias(f"{name}\0{at}")
        for name, expressions in asked.items()
        for at, expression in enumerate(expressions)
    ]
    table = np.zeros((len(periods), len(flat)))
    place = {period: at for at, period in enumerate(periods)}
    for some in _pieces(periods, source.periods()):
        told = source.rows(some).lazy().group_by(PERIOD).agg(flat).collect()
        at = [place[period] for period in told[PERIOD].to_list()]
        table[at] = told.drop(PERIOD).to_numpy()
    sums, start = {}, 0
    for each in compiled:
        name = each.indicator.name
        end = start + len(asked[name])
        sums[name] = _summed(each, table[:, start:end], bins.get(name))
        start = end
    return sums


def _pieces(periods: Sequence[date], counts: Mapping[date, int]) -> Iterator[list[date]]:
    """Periods that follow each other and have rows, as many at a time as are held at once."""
    piece: list[date] = []
    rows = 0
    for period in periods:
        here = counts.get(period, 0)
        if piece and rows + here > MOST_ROWS:
            yield piece
            piece, rows = [], 0
        if here:
            piece.append(period)
            rows += here
    if piece:
        yield piece


def _all_bins(
    compiled: Sequence[Compiled], history: Sequence[date], source: Source
) -> dict[str, Bins]:
    wanted = [each for each in compiled if each.indicator.kind == "distribution"]
    if not wanted:
        return {}
    counts = source.periods()
    every = max(1, -(-sum(counts.get(period, 0) for period in history) // MOST_CUT_ON))
    parts = [source.rows(some).gather_every(every) for some in _pieces(history, counts)]
    if not parts:
        return {each.indicator.name: Bins() for each in wanted}
    rows = pl.concat(parts)
    return {each.indicator.name: bins_of(each, rows) for each in wanted}


def _asked(compiled: Compiled, bins: Mapping[str, Bins]) -> list[pl.Expr]:
    """What is summed of one indicator, in the order that `_summed` reads."""
    indicator = compiled.indicator
    where = None if compiled.where is None else compiled.where.polars().fill_null(False)
    if compiled.of is None:  # a volume
        return [pl.len() if where is None else where.sum()]
    of = compiled.of.polars()
    if indicator.kind == "distribution":
        # without a condition every row counts, which has to be said as a column
        keep = of.is_null() | of.is_not_null() if where is None else where
        return bins[indicator.name].counting(of, keep)
    over = None if compiled.over is None else compiled.over.polars().cast(pl.Float64)
    known = of.is_not_null() if over is None else of.is_not_null() & over.is_not_null()
    keep = known if where is None else known & where
    if indicator.kind == "rate":
        return [keep.sum(), (of & keep).sum()]
    value = pl.when(keep).then(of.cast(pl.Float64))
    if over is None:
        return [keep.sum(), value.sum(), (value * value).sum()]
    beside = pl.when(keep).then(over)
    return [
        keep.sum(),
        value.sum(),
        (value * value).sum(),
        beside.sum(),
        (beside * beside).sum(),
        (value * beside).sum(),
    ]


def _summed(compiled: Compiled, told: FloatArray, bins: Bins | None) -> Sums:
    periods = told.shape[0]
    if bins is not None:
        counts = np.array([bins.by_bin(row) for row in told.tolist()]).reshape(periods, -1)
        zero = np.zeros(periods)
        return Sums(counts.sum(axis=1), zero, zero, zero, zero, zero, counts)
    columns = dict(zip(_PLAIN, told.T, strict=False))
    if compiled.indicator.kind == "rate":
        columns["squares"] = columns["of"]
    parts = {name: np.asarray(columns.get(name, np.zeros(periods))) for name in _PLAIN}
    return Sums(**parts, counts=np.zeros((periods, 0)))
