"""Calibration of a lender's model on the lender's outcomes, only where it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.calibration import (
    isotonic_recalibration,
    logistic_recalibration,
    shift_to_mean,
)
from equipoise.risk.ensemble import Ensemble
from equipoise.risk.linear import LinearModel
from equipoise.risk.link import Curve, Link
from equipoise.risk.model import RiskModel
from equipoise.risk.pd_table import tabulate
from equipoise.risk.scorecard import Scaling, Scorecard

Method = Literal["none", "level", "platt", "isotonic"]


def calibrated(
    model: RiskModel, method: Method, frame: pl.DataFrame, bad: Array, weight: FloatArray
) -> RiskModel:
    """The model with its PDs brought to the outcomes of `frame` (n,): 1 bad, weighted.

    `level` moves the mean, `platt` fits a line in log-odds, `isotonic` a rising curve. Rows that
    the model refuses to score are left out. The model itself is never refitted.
    """
    if method == "none":
        return model
    if isinstance(model, Scorecard):
        return _card(model, method, frame, bad, weight)
    if isinstance(model, LinearModel):
        raw = model.raw_frame(frame)
        return replace(model, link=_link(model.delivered, method, raw, bad, weight))
    if isinstance(model, Ensemble):
        raw = model.raw(model.matrix(frame))
        return replace(model, link=_link(model.delivered, method, raw, bad, weight))
    raise TypeError(f"a model of kind {model.kind} is none of a lender's own")


def _line(
    method: Method, log_odds: FloatArray, bad: Array, weight: FloatArray
) -> tuple[float, float]:
    """Slope and shift of the log-odds."""
    if method == "level":
        rate = float(np.average(np.asarray(bad, dtype=float), weights=weight))
        return 1.0, shift_to_mean(log_odds, rate, weight)
    fitted = logistic_recalibration(bad, log_odds, weight)
    return fitted.slope, fitted.shift


def _curve(z: FloatArray, bad: Array, weight: FloatArray, bounds: bool) -> Curve:
    rising = isotonic_recalibration(bad, z, weight)
    xs, ys = np.asarray(rising.raw), np.asarray(rising.pds)
    if xs.size < 2:  # one PD for all
        xs, ys = np.array([xs[0], xs[0] + 1.0]), np.array([ys[0], ys[0]])
    return Curve.through(xs, ys, (0.0, 1.0) if bounds else None)


def _link(link: Link, method: Method, raw: FloatArray, bad: Array, weight: FloatArray) -> Link:
    scored = np.isfinite(link.over(raw))
    raw, bad, weight = raw[scored], np.asarray(bad)[scored], weight[scored]
    if method == "isotonic":
        curve = _curve(link.z(raw), bad, weight, bounds=link.kind == "identity")
        return replace(link, kind="curve", curve=curve)
    return link.recalibrated(*_line(method, link.log_odds(raw), bad, weight))


def _card(
    card: Scorecard, method: Method, frame: pl.DataFrame, bad: Array, weight: FloatArray
) -> Scorecard:
    points = card.score_frame(frame)[0]
    scored = np.isfinite(points)
    bad, weight = np.asarray(bad)[scored], weight[scored]
    log_odds = -(points[scored] - card.scaling.offset) / card.scaling.factor
    if method != "isotonic":
        slope, shift = _line(method, log_odds, bad, weight)
        return card.recalibrated(slope=slope, shift=shift, method=method)
    curve = _curve(log_odds, bad, weight, bounds=False)

    def pd_of(points: FloatArray) -> FloatArray:
        return curve.over(-(points - card.scaling.offset) / card.scaling.factor)

    table = tabulate(pd_of, *card.reach(), card.scaling.pdo)
    source = {key: value for key, value in card.calibration.items() if key == "source"}
    return replace(card, pd_table=table, calibration={**source, "method": method})


def scaled_by_outcomes(
    card: Scorecard, frame: pl.DataFrame, bad: Array, weight: FloatArray
) -> Scorecard:
    """A card whose points meant nothing, with the scaling that the outcomes give its points."""
    points = card.score_frame(frame)[0]
    scored = np.isfinite(points)
    factor, offset = card.scaling.factor, card.scaling.offset
    fitted = logistic_recalibration(
        np.asarray(bad)[scored], -(points[scored] - offset) / factor, weight[scored]
    )
    factor, offset = factor / fitted.slope, offset + fitted.shift * factor / fitted.slope
    odds = card.scaling.base_odds
    scaling = Scaling(float(factor * np.log(2)), odds, float(offset + factor * np.log(odds)))
    return replace(card, scaling=scaling).recalibrated(slope=1.0, shift=0.0, method="points")
