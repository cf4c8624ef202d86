"""Learning a population from past applications, to be sealed with a strategy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtri

from equipoise.contract import Contract
from equipoise.numeric.arrays import FloatArray
from equipoise.strategy.population import Margin, Population

MOST = 20_000  # applications it is learned from, evenly out of all
LEAST = 200  # below so many nothing is learned
_POINTS = 50
_FEW = 20  # who share a value that is named
_DIGITS = 4


def learn(
    applications: pl.DataFrame, contract: Contract, names: Sequence[str]
) -> Population | None:
    """The population of checked applications with their `pd`, as far as these fields go; None
    where there are too few. Dates are left out."""
    frame = applications.gather_every(max(1, -(-applications.height // MOST)))
    if frame.height < LEAST:
        return None
    types = contract.types()
    known = {name for name in names if frame[name].null_count() < frame.height}
    used = [name for name in names if name in known and types[name] != "date"]
    pd = frame["pd"].cast(pl.Float64).to_numpy()
    learned = [_learned(frame[name], pd, types[name]) for name in used]
    scores = np.column_stack([score for _, score in learned])
    correlation = np.atleast_2d(np.corrcoef(scores, rowvar=False))
    return Population(
        rows=frame.height,
        margins=tuple(margin for margin, _ in learned),
        correlation=tuple(tuple(map(float, row)) for row in _settled(correlation)),
    )


def _learned(column: pl.Series, pd: FloatArray, kind: str) -> tuple[Margin, FloatArray]:
    """A fact's margin, and the normal score of each applicant's."""
    there = column.is_not_null().to_numpy()
    if kind in ("number", "integer"):
        risk, part = _number(column.filter(there), whole=kind == "integer")
    else:
        risk, part = _choice(column.filter(there), pd[there])
    rising = bool(np.corrcoef(risk, pd[there])[0, 1] >= 0) if np.ptp(risk) else True
    safer = bool(pd[~there].mean() < pd[there].mean()) if (~there).any() else True
    first = safer == rising
    placed = np.empty(len(there))
    placed[there] = risk
    placed[~there] = risk.min() - 1 if first else risk.max() + 1
    margin = Margin(
        name=column.name,
        missing=round(float((~there).mean()), _DIGITS),
        missing_first=first,
        **part,
    )
    ranks = (pl.Series(placed).rank("average").to_numpy() - 0.5) / len(placed)
    return margin, np.asarray(ndtri(ranks))


def _number(column: pl.Series, *, whole: bool) -> tuple[FloatArray, dict[str, Any]]:
    """The numbers themselves, and their quantiles."""
    values = column.cast(pl.Float64).to_numpy()
    ranks = (np.arange(_POINTS) + 0.5) / _POINTS
    points = np.quantile(values, ranks)
    return values, {"whole": whole, "points": tuple(round(float(each), 6) for each in points)}


def _choice(column: pl.Series, pd: FloatArray) -> tuple[FloatArray, dict[str, Any]]:
    """The place of each value in the order of their risk; those of very few are not named."""
    counted = (
        pl.DataFrame({"value": column, "pd": pd})
        .group_by("value")
        .agg(pl.len().alias("count"), pl.col("pd").mean())
        .filter(pl.col("count") >= _FEW)
        .sort("pd", "value")
    )
    values = counted["value"].to_list()
    shares = (counted["count"] / counted["count"].sum()).round(_DIGITS).to_list()
    places = {value: at for at, value in enumerate(values)}
    middle = (len(values) - 1) / 2
    placed = np.array([places.get(each, middle) for each in column.to_list()], dtype=np.float64)
    return placed, {"values": tuple(values), "shares": tuple(shares)}


def _settled(correlation: FloatArray) -> FloatArray:
    """Rounded, so that machines agree, and drawn a little towards none, so that it can be inverted
    whatever the rounding did; a fact that all share goes with no other."""
    known = np.nan_to_num(correlation, nan=0.0) * 0.999
    np.fill_diagonal(known, 1.0)
    return np.asarray(np.round(known, _DIGITS))
