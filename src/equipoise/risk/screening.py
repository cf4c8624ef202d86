"""Which features are worth binning: a quick look at each column before the careful one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.contract import commonest_first
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.numeric.distributions import chi2_quantile

SCREEN_ROWS = 50_000
SCREEN_BINS = 10
MANY_COLUMNS = 100
NUMBER_LIKE_ID = 0.5


@dataclass(frozen=True, slots=True)
class Screened:
    """Features kept, strongest first, and why each of the others was left out."""

    kept: list[str]
    dropped: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is in a column: its type, values present, different ones, and whether any is missing."""

    dtype: pl.DataType
    present: int
    different: int
    missing: bool


def kind_of(column: pl.Series) -> Kind:
    """What is in a column."""
    missing = column.null_count()
    different = column.n_unique() - (1 if missing else 0)
    return Kind(column.dtype, column.len() - missing, different, bool(missing))


def screen(
    frame: pl.DataFrame,
    features: Iterable[str],
    bad: Array,
    *,
    weight: FloatArray | None = None,
    keep: int = 80,
    seed: int = 0,
    advance: Callable[[float, float], None] = lambda *_: None,
) -> Screened:
    """Rank features by information value in quick bins and drop those that cannot help.

    Looks at no more than 50,000 rows, each counted `weight` (n,) times. With over 100 features,
    each must also beat what chance alone gives: under no relation, information value x
    (1/goods + 1/bads)^-1 is chi-squared with bins - 1 degrees of freedom.
    """
    rows = screening_rows(frame.height, seed)
    kinds = {name: kind_of(frame[name]) for name in features}
    weights = np.ones(rows.size) if weight is None else np.asarray(weight, dtype=float)[rows]
    flags = np.asarray(bad, dtype=bool)[rows]
    return screened(kinds, frame[rows], flags, weights, keep=keep, advance=advance)


def screened(
    kinds: Mapping[str, Kind],
    sample: pl.DataFrame,
    flags: Array,
    weights: FloatArray,
    *,
    keep: int = 80,
    advance: Callable[[float, float], None] = lambda *_: None,
) -> Screened:
    """The same of what is in each column of all rows, and of the rows that are looked at."""
    names = list(kinds)
    spread = sum(_one_in(weights[side]) for side in (flags, ~flags))
    dropped: dict[str, str] = {}
    strength: dict[str, float] = {}
    for done, name in enumerate(names):
        advance(done, len(names))
        reason = _unusable(kinds[name])
        if reason:
            dropped[name] = reason
            continue
        value, bins = _quick_value(sample[name], flags, weights)
        if len(names) > MANY_COLUMNS and value < chi2_quantile(0.95, max(1, bins - 1)) * spread:
            dropped[name] = "not significant: it says no more than chance would"
            continue
        strength[name] = value
    ranked = sorted(strength, key=lambda name: (-strength[name], name))
    dropped |= dict.fromkeys(ranked[keep:], f"not among the {keep} strongest features")
    return Screened(ranked[:keep], dropped)


def information_value(goods: FloatArray, bads: FloatArray) -> float:
    """Information value of counts per bin; half a row is added to empty cells."""
    good = np.where(goods == 0, 0.5, goods) / max(goods.sum(), 1)
    bad = np.where(bads == 0, 0.5, bads) / max(bads.sum(), 1)
    used = (goods + bads) > 0
    return float(np.sum(((good - bad) * np.log(good / bad))[used]))


def screening_rows(height: int, seed: int) -> Array:
    """Numbers of the rows that are looked at, of so many."""
    if height <= SCREEN_ROWS:
        return np.arange(height)
    return np.sort(np.random.default_rng(seed).choice(height, SCREEN_ROWS, replace=False))


def _unusable(kind: Kind) -> str:
    if kind.present == 0:
        return "has no value at all"
    if kind.dtype.is_temporal():
        return "is a date: give the model a number of months or days by an expression"
    if not (kind.dtype.is_numeric() or kind.dtype in (pl.String, pl.Boolean)):
        return f"has the type {kind.dtype}, which a model cannot read"
    if kind.different == 1 and not kind.missing:
        return "is the same in every row"
    alike = kind.different <= NUMBER_LIKE_ID * kind.present
    if kind.dtype == pl.String and kind.present > 100 and not alike:
        return "has a value of its own in most rows, as an identifier does"
    return ""


def _one_in(weight: FloatArray) -> float:
    """One over the rows that weighted rows are worth (Kish 1965); one where there are none."""
    return float((weight**2).sum() / weight.sum() ** 2) if weight.size else 1.0


def _quick_value(column: pl.Series, flags: Array, weight: FloatArray) -> tuple[float, int]:
    codes = quick_bins(column)
    size = int(codes.max()) + 1
    bads, goods = (
        np.bincount(codes[side], weights=weight[side], minlength=size).astype(np.float64)
        for side in (flags, ~flags)
    )
    return information_value(goods, bads), int(((goods + bads) > 0).sum())


def quick_bins(column: pl.Series) -> Array:
    """Deciles of a number, the commonest categories of a text; missing has a bin of its own."""
    if column.dtype == pl.String:
        common = commonest_first(column)[column.name].head(SCREEN_BINS)
        positions = {name: at for at, name in enumerate(common.to_list())}
        coded = column.replace_strict(positions, default=SCREEN_BINS, return_dtype=pl.Int64)
        return coded.to_numpy()
    values = column.cast(pl.Float64).to_numpy()
    present = values[~np.isnan(values)]
    if present.size == 0:
        return np.zeros(values.size, dtype=np.int64)
    edges = np.unique(np.quantile(present, np.linspace(0, 1, SCREEN_BINS + 1)[1:-1]))
    codes = np.searchsorted(edges, values, side="right")
    codes[np.isnan(values)] = len(edges) + 1
    return codes
