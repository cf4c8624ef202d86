"""The numbers an audit compares, taken from a frame of decisions."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.review.fairness.document import Among, AuditMeasure, Column
from equipoise.strategy.decision import OFFERING

NEEDS = {
    "approved": ("outcome",),
    "no_way_back": ("has_way_back",),
    "pd_error": ("bad", "pd"),
}


def absent(measure: AuditMeasure, decisions: pl.DataFrame) -> str:
    """Why a measure cannot be taken from these decisions; empty where it can."""
    needs = NEEDS.get(measure.column, (measure.column,))
    if measure.among in ("repaid", "observed"):
        needs = (*needs, "bad")
    for name in needs:
        if name not in decisions.columns or decisions[name].null_count() == decisions.height:
            return f"'{name}' is not known"
    if measure.given_risk and not {"grade", "pd"} & set(decisions.columns):
        return "neither 'grade' nor 'pd' is known"
    return ""


def taken(measure: AuditMeasure, decisions: pl.DataFrame) -> FloatArray:
    """A measure's number for everyone, NaN for those it does not concern."""
    values = _column(measure.column, decisions)
    values[~_among(measure.among, decisions)] = np.nan
    return values


def strata(decisions: pl.DataFrame, bands: int) -> NDArray[np.intp]:
    """People of like risk: the same grade, or where no grade is given the same quantile of PD.

    Whoever has neither is in no stratum, -1.
    """
    if "grade" in decisions.columns and decisions["grade"].null_count() < decisions.height:
        ranks = decisions["grade"].cast(pl.String).rank("dense").cast(pl.Int64) - 1
        return ranks.fill_null(-1).to_numpy().astype(np.intp)
    pd = number(decisions, "pd")
    known = np.isfinite(pd)
    bins = np.full(pd.size, -1, dtype=np.intp)
    if known.any():
        edges = np.unique(np.quantile(pd[known], np.linspace(0, 1, bands + 1)[1:-1]))
        bins[known] = np.searchsorted(edges, pd[known], side="right")
    return bins


def offered(decisions: pl.DataFrame) -> NDArray[np.bool_]:
    """Who is offered a loan, be it once what is asked for is in."""
    return decisions["outcome"].is_in(OFFERING).fill_null(value=False).to_numpy()


def number(decisions: pl.DataFrame, name: str) -> FloatArray:
    """A column as float64, NULL as NaN. Raises BadInput for text."""
    try:
        cast = decisions[name].cast(pl.Float64)
    except pl.exceptions.PolarsError:
        raise BadInput(f"'{name}' does not hold numbers", field=name) from None
    return np.array(cast.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _column(name: Column, decisions: pl.DataFrame) -> FloatArray:
    if name == "approved":
        return offered(decisions).astype(np.float64)
    if name == "no_way_back":
        return 1.0 - number(decisions, "has_way_back")
    if name == "pd_error":
        return number(decisions, "bad") - number(decisions, "pd")
    return number(decisions, name)


def _among(who: Among, decisions: pl.DataFrame) -> NDArray[np.bool_]:
    if who == "everyone":
        return np.ones(decisions.height, dtype=np.bool_)
    if who == "approved":
        return offered(decisions)
    if who == "not_approved":
        return ~offered(decisions)
    bad = number(decisions, "bad")
    return np.isfinite(bad) if who == "observed" else bad == 0
