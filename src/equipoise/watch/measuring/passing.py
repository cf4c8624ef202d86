"""One pass over a table, period by period: every indicator's sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from equipoise.expression import Expression
from equipoise.numeric.arrays import FloatArray
from equipoise.watch.measuring.bins import Bins, bins_of
from equipoise.watch.measuring.sources import PERIOD, Source
from equipoise.watch.measuring.sums import Sums
from equipoise.watch.watching import Compiled

MOST_ROWS = 3_000_000  # read at a time, as far as whole periods allow
MOST_CUT_ON = 200_000  # of the history, evenly drawn, that bins are cut on
_PLAIN = ("n", "of", "squares", "over", "over_squares", "products")


def measure_table(
    compiled: Sequence[Compiled], periods: Sequence[date], source: Source, history: int
) -> dict[str, Sums]:
    """Each indicator's sums over the periods. Bins are cut on the first `history` of them."""
    bins = _all_bins(compiled, periods[:history], source)
    parts = Parts()
    asked = {each.indicator.name: _asked(each, bins, parts) for each in compiled}
    flat = [
        expression.cast(pl.Float64).alias(f"{name}\0{at}")
        for name, expressions in asked.items()
        for at, expression in enumerate(expressions)
    ]
    table = np.zeros((len(periods), len(flat)))
    place = {period: at for at, period in enumerate(periods)}
    for some in _pieces(periods, source.periods()):
        rows = source.rows(some)
        for period in some:
            here = rows if len(some) == 1 else rows.filter(pl.col(PERIOD) == period)
            table[place[period]] = here.select(parts.made()).select(flat).row(0)
    sums, start = {}, 0
    for each in compiled:
        name = each.indicator.name
        end = start + len(asked[name])
        sums[name] = _summed(each, table[:, start:end], bins.get(name))
        start = end
    return sums


class Parts:
    """What indicators have in common, each worked out once for all rows of a period: conditions,
    values, which values are known. Sums over them cost next to nothing."""

    def __init__(self) -> None:
        self._made: dict[str, pl.Expr] = {}

    def made(self) -> list[pl.Expr]:
        """All of them."""
        return list(self._made.values())

    def column(self, key: str, expression: pl.Expr) -> pl.Expr:
        """The column of a part, worked out once however many ask for it."""
        if key not in self._made:
            self._made[key] = expression.alias(key)
        return pl.col([key])


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
    wanted = [each for each in compiled if each.indicator.kind in ("distribution", "gini")]
    if not wanted:
        return {}
    counts = source.periods()
    every = max(1, -(-sum(counts.get(period, 0) for period in history) // MOST_CUT_ON))
    parts = [source.rows(some).gather_every(every) for some in _pieces(history, counts)]
    if not parts:
        return {each.indicator.name: Bins() for each in wanted}
    rows = pl.concat(parts)
    return {each.indicator.name: bins_of(each, rows) for each in wanted}


def _asked(compiled: Compiled, bins: Mapping[str, Bins], parts: Parts) -> list[pl.Expr]:
    """What is summed of one indicator, in the order that `_summed` reads."""
    indicator, of, over = compiled.indicator, compiled.of, compiled.over
    where = _condition(compiled, parts)
    if of is None:  # a volume
        return [where.sum()]
    if indicator.kind == "distribution":
        plain = parts.column(f"plain {of.canonical}", of.polars())
        return bins[indicator.name].counting(plain, where)
    keep = _known(of, parts) & where
    if indicator.kind == "gini" and over is not None:
        true = parts.column(f"true {of.canonical}", of.polars().fill_null(False))
        known = keep & _known(over, parts)
        return bins[indicator.name].counting_apart(_value(over, parts), true, known)
    if indicator.kind == "rate":
        true = parts.column(f"true {of.canonical}", of.polars().fill_null(False))
        return [keep.sum(), (true & where).sum()]
    value = _value(of, parts)
    if over is None:
        return [keep.sum(), value.filter(keep).sum(), _product(of, of, parts).filter(keep).sum()]
    keep = keep & _known(over, parts)
    return [
        keep.sum(),
        *(
            column.filter(keep).sum()
            for column in (
                value,
                _product(of, of, parts),
                _value(over, parts),
                _product(over, over, parts),
                _product(of, over, parts),
            )
        ),
    ]


def _condition(compiled: Compiled, parts: Parts) -> pl.Expr:
    if compiled.where is None:
        return parts.column("every row", pl.int_range(pl.len()) >= 0)
    condition = compiled.where.polars().fill_null(False)
    return parts.column(f"where {compiled.where.canonical}", condition)


def _value(of: Expression, parts: Parts) -> pl.Expr:
    return parts.column(f"value {of.canonical}", of.polars().cast(pl.Float64, strict=False))


def _known(of: Expression, parts: Parts) -> pl.Expr:
    return parts.column(f"known {of.canonical}", of.polars().is_not_null())


def _product(one: Expression, other: Expression, parts: Parts) -> pl.Expr:
    product = one.polars().cast(pl.Float64) * other.polars().cast(pl.Float64)
    return parts.column(f"product {one.canonical} {other.canonical}", product)


def _summed(compiled: Compiled, sums: FloatArray, bins: Bins | None) -> Sums:
    periods = sums.shape[0]
    if bins is not None:
        sides = 2 if compiled.indicator.kind == "gini" else 1
        counts = np.array([
            [many for side in np.split(row, sides) for many in bins.by_bin(side.tolist())]
            for row in sums
        ]).reshape(periods, -1)  # fmt: skip
        zero = np.zeros(periods)
        return Sums(counts.sum(axis=1), zero, zero, zero, zero, zero, counts)
    columns = dict(zip(_PLAIN, sums.T, strict=False))
    if compiled.indicator.kind == "rate":
        columns["squares"] = columns["of"]
    parts = {name: np.asarray(columns.get(name, np.zeros(periods))) for name in _PLAIN}
    return Sums(**parts, counts=np.zeros((periods, 0)))
