"""Bins of one feature by optbinning's exact optimiser; pandas and optbinning stay in this file."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.risk.arrays import AnyArray, FloatArray
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, Numeric
from equipoise.risk.screening import information_value

FEW_ROWS = 30  # an attribute with fewer training rows gets no weight of evidence of its own
EDGE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class BinOptions:
    """How one feature is binned.

    `direction` is the expected effect on risk as the value rises: +1, -1 or 0 (found from data).
    `special` codes get attributes of their own. `min_bin_size` is a share of the rows.
    """

    direction: int = 0
    special: tuple[float, ...] = ()
    max_bins: int = 8
    min_bin_size: float = 0.05
    rare: float = 0.01  # categories with a smaller share are pooled


@dataclass(frozen=True, slots=True)
class Binned:
    """A characteristic without points yet, and the row counts behind it."""

    characteristic: Characteristic
    woes: FloatArray  # by position, as `locate` gives them
    information_value: float


def find_bins(column: pl.Series, bad: AnyArray, options: BinOptions) -> Characteristic:
    """The optimal bins of one feature, without weights of evidence yet.

    Fit on the rows given (a sample of at most 100,000 rows is plenty).
    """
    empty = Attribute("", 0.0, 0.0)
    if column.dtype == pl.String:
        groups = _groups(column, bad, options)
        attributes = tuple(empty for _ in groups)
        return Categorical(column.name, 0.0, groups, attributes, empty, empty)
    edges = _edges(column, bad, options)
    attributes = tuple(empty for _ in range(len(edges) + 1))
    special = tuple((code, empty) for code in options.special)
    return Numeric(column.name, 0.0, edges, attributes, empty, special)


def _edges(column: pl.Series, bad: AnyArray, options: BinOptions) -> tuple[float, ...]:
    values = column.cast(pl.Float64).to_numpy()
    usable = ~np.isnan(values) & ~np.isin(values, options.special)
    splits = _optimal(values[usable], np.asarray(bad)[usable], options, "numerical")
    # ten digits keep the card readable; two edges never meet at that distance
    rounded = sorted({float(f"{float(edge):.{EDGE_DIGITS}g}") for edge in splits})
    return tuple(rounded)


def _groups(column: pl.Series, bad: AnyArray, options: BinOptions) -> tuple[tuple[str, ...], ...]:
    present = column.is_not_null().to_numpy()
    values = np.array(column.drop_nulls().to_list(), dtype=object)
    counts = Counter(values.tolist())
    floor = max(options.rare * values.size, 2)
    common = {name for name, count in counts.items() if count >= floor}
    keep = np.array([value in common for value in values], dtype=bool)
    splits = _optimal(values[keep], np.asarray(bad)[present][keep], options, "categorical")
    groups = tuple(tuple(sorted(str(name) for name in group)) for group in splits)
    return groups or ((tuple(sorted(common)),) if common else ())


def _optimal(values: AnyArray, bad: AnyArray, options: BinOptions, kind: str) -> list[AnyArray]:
    flags = np.asarray(bad).astype(int)
    if values.size < 2 or len(set(values.tolist())) < 2 or len(set(flags.tolist())) < 2:
        return []
    try:
        from optbinning import OptimalBinning
    except ImportError:
        raise BadInput(
            "fitting a scorecard needs optbinning", mend="install equipoise[fit]"
        ) from None
    trend = {1: "ascending", -1: "descending"}.get(options.direction, "auto")
    binning = OptimalBinning(
        dtype=kind,
        solver="cp",
        monotonic_trend=trend if kind == "numerical" else None,
        max_n_bins=options.max_bins,
        min_bin_size=options.min_bin_size,
        time_limit=20,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        binning.fit(values, flags)
    return list(binning.splits)


def with_evidence(
    characteristic: Characteristic, column: pl.Series, bad: AnyArray, weight: FloatArray
) -> Binned:
    """Weights of evidence of a characteristic's attributes, from weighted rows of the whole sample.

    An attribute with under 30 rows, or none, gets the neutral weight 0: it neither helps nor harms.
    """
    positions = characteristic.locate(column)
    size = characteristic.points_table().size
    flags = np.asarray(bad, dtype=bool)
    rows = np.bincount(positions, minlength=size)
    bads = np.bincount(positions, weights=weight * flags, minlength=size).astype(np.float64)
    goods = np.bincount(positions, weights=weight * ~flags, minlength=size).astype(np.float64)
    total_bad, total_good = float(bads.sum()), float(goods.sum())
    share_bad = np.where(bads == 0, 0.5, bads) / total_bad
    share_good = np.where(goods == 0, 0.5, goods) / total_good
    enough = rows >= min(FEW_ROWS, max(1, len(flags) // 20))
    woes = np.where(enough, np.log(share_good / share_bad), 0.0)
    value = information_value(goods[enough], bads[enough])
    with np.errstate(invalid="ignore"):
        rates = bads / (bads + goods)
    shares = (bads + goods) / (total_bad + total_good)
    described = _described(characteristic, woes, shares, rates, value)
    return Binned(described, woes, value)


def _described(
    each: Characteristic, woes: FloatArray, shares: FloatArray, rates: FloatArray, value: float
) -> Characteristic:
    labels = _labels(each)
    attributes = [
        Attribute(
            label,
            float(woes[at]),
            0.0,
            float(shares[at]),
            float(rates[at]) if np.isfinite(rates[at]) else None,
        )
        for at, label in enumerate(labels)
    ]
    return rebuilt(each, attributes, each.coefficient, value)


def rebuilt(
    each: Characteristic, attributes: list[Attribute], coefficient: float, value: float
) -> Characteristic:
    """The same bins with other attributes, given by position as `locate` counts."""
    count = len(each.attributes)
    bins = tuple(attributes[:count])
    if isinstance(each, Numeric):
        codes = [code for code, _ in each.special]
        special = tuple(zip(codes, attributes[count:], strict=False))
        missing = attributes[count + len(codes)]
        return Numeric(each.name, coefficient, each.edges, bins, missing, special, value)
    other, missing = attributes[count], attributes[count + 1]
    return Categorical(each.name, coefficient, each.groups, bins, missing, other, value)


def _labels(each: Characteristic) -> list[str]:
    if isinstance(each, Categorical):
        return [", ".join(group) for group in each.groups] + ["any other", "missing"]
    ends = [f"{edge:g}" for edge in each.edges]
    if not ends:
        bins = ["any value"]
    else:
        middle = [f"{low} to below {high}" for low, high in pairwise(ends)]
        bins = [f"below {ends[0]}", *middle, f"{ends[-1]} or more"]
    return [*bins, *(f"code {code:g}" for code, _ in each.special), "missing"]
