"""A model at the level that the lender declares."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import logit

from equipoise.documents import Quantity
from equipoise.numeric.arrays import Array
from equipoise.risk.calibration import shift_to_mean
from equipoise.risk.model import RiskModel


def at_level(
    model: RiskModel, frame: pl.DataFrame, weight: Array, tendency: Quantity | None
) -> RiskModel:
    """The model with its log-odds shifted so that the mean PD of `frame` is the tendency."""
    if tendency is None:
        return model
    pd = model.pd_frame(frame).to_numpy()
    scored = np.isfinite(pd)
    raw = np.asarray(logit(np.clip(pd[scored], 1e-9, 1 - 1e-9)))
    return model.shifted(shift_to_mean(raw, tendency.value, weight[scored]))
