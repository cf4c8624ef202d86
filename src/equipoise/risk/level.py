"""A model at the level that the lender declares."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from equipoise.documents import Quantity
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.calibration import shift_to_mean
from equipoise.risk.model import RiskModel
from equipoise.risk.table import FeatureTable


def at_level(
    model: RiskModel, table: FeatureTable, rows: Array, weight: Array, tendency: Quantity | None
) -> RiskModel:
    """The model with its log-odds shifted so that the mean PD of some rows is the tendency."""
    if tendency is None:
        return model
    return brought_to(model, table.pd(model, rows), weight, tendency.value)


def brought_to(model: RiskModel, pd: FloatArray, weight: Array, mean: float) -> RiskModel:
    """The model with its log-odds shifted so that `pd`, its PDs of some rows, have that mean."""
    scored = np.isfinite(pd)
    raw = np.asarray(logit(np.clip(pd[scored], 1e-9, 1 - 1e-9)))
    return model.shifted(shift_to_mean(raw, mean, weight[scored]))
