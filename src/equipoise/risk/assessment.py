"""The validation of one fitted model on its test rows, as plain data."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.risk import calibration, validation
from equipoise.risk.boosted import Boosted
from equipoise.risk.ensemble import Ensemble
from equipoise.risk.grades import Grades
from equipoise.risk.model import RiskModel
from equipoise.risk.scorecard import Scorecard
from equipoise.risk.screening import quick_bins
from equipoise.risk.split import TrainTest
from equipoise.risk.stability import score_bins, stability, stability_by_month

STABILITY_FEATURES = 30


def assess(
    model: RiskModel,
    features: pl.DataFrame,
    bad: Array,
    *,
    train: BoolArray,
    test: BoolArray,
    split: TrainTest,
    grades: Grades,
    grade: Array,
    pd: FloatArray,
    weight: FloatArray | None = None,
    customers: Array | None = None,
) -> dict[str, Any]:
    """Discrimination, calibration and stability of `model`; every row of (n,) arrays is one loan.

    `pd` is the PD as fitted, `grade` each row's grade (a declared central tendency moves the PD's
    level, and these outcomes cannot judge that).
    `train` and `test` mark the rows whose outcome in the window is known. Rows that the model
    refuses to score are counted and left out. `weight` are sample weights; rows of one of
    `customers` (codes) are not independent in the interval of the AUC.
    """
    scored = np.isfinite(pd)
    train, test = train & scored, test & scored
    parts = (bad[test], pd[test], None if weight is None else weight[test])
    entry = _discrimination(*parts, None if customers is None else customers[test])
    entry |= {
        "name": model.name,
        "kind": model.kind,
        "features": list(model.features),
        "n_test": int(test.sum()),
        "n_unscored": int((split.test & ~scored).sum()),
        "split": split.text,
        "window_months": model.window_months,
        "digest": model.digest,
        "train_auc": validation.auc(
            bad[train], pd[train], None if weight is None else weight[train]
        ),
        "calibration": calibration.calibration_in_the_large(*parts),
        "hosmer_lemeshow": calibration.hosmer_lemeshow(*parts),
        "calibration_by_grade": calibration.calibration_by_grade(
            bad[test], pd[test], grade[test], grades.names, parts[2]
        ),
        "psi": _population(pd, split, scored),
        "psi_by_month": _population_by_month(pd, split, scored),
        "csi": _characteristics(model, features, split),
    }
    return entry


def _discrimination(
    bad: Array, pd: FloatArray, weight: FloatArray | None, customers: Array | None
) -> dict[str, Any]:
    interval = validation.auc_interval(bad, pd, weight=weight, customer=customers)
    return {
        "auc": validation.auc(bad, pd, weight),
        "auc_interval": list(interval),
        "discriminates": interval[0] > 0.5,
        "gini": validation.gini(bad, pd, weight),
        "ks": validation.ks(bad, pd, weight),
        "h_measure": validation.h_measure(bad, pd, weight=weight),
        "brier": validation.brier(bad, pd, weight),
        "log_loss": validation.log_loss(bad, pd, weight),
        "bad_rate_test": float(np.average(bad, weights=weight)),
        "roc": validation.roc_for_drawing(bad, pd, weight=weight),
    }


def _codes(pd: FloatArray, split: TrainTest, scored: BoolArray) -> tuple[Array, int]:
    edges = score_bins(pd[split.train & scored])
    return np.searchsorted(edges, pd, side="right"), edges.size + 1


def _population(pd: FloatArray, split: TrainTest, scored: BoolArray) -> dict[str, Any]:
    codes, size = _codes(pd, split, scored)
    return _compared(codes, split.train & scored, split.test & scored, size)


def _population_by_month(
    pd: FloatArray, split: TrainTest, scored: BoolArray
) -> list[dict[str, Any]]:
    if split.months is None:
        return []
    codes, size = _codes(pd, split, scored)
    test = split.test & scored
    return stability_by_month(codes[split.train & scored], codes[test], split.months[test], size)


def _characteristics(
    model: RiskModel, features: pl.DataFrame, split: TrainTest
) -> list[dict[str, Any]]:
    """Stability of each characteristic (a card's own bins, else deciles), test against training."""
    rows = []
    for name, codes in _feature_codes(model, features):
        size = int(codes.max()) + 1
        row: dict[str, Any] = {"feature": name, **_compared(codes, split.train, split.test, size)}
        if split.months is not None:
            months = stability_by_month(
                codes[split.train], codes[split.test], split.months[split.test], size
            )
            row["by_month"] = {each["month"]: each["index"] for each in months}
        rows.append(row)
    return rows


def _feature_codes(model: RiskModel, features: pl.DataFrame) -> list[tuple[str, Array]]:
    if isinstance(model, Scorecard):
        return [(each.name, each.locate(features[each.name])) for each in model.characteristics]
    ranked = model.importance() if isinstance(model, Boosted | Ensemble) else model.features
    strongest = list(ranked)[:STABILITY_FEATURES]
    return [(name, quick_bins(features[name])) for name in strongest]


def _compared(codes: Array, train: BoolArray, test: BoolArray, size: int) -> dict[str, Any]:
    expected, actual = (
        np.bincount(codes[rows], minlength=size).astype(float) for rows in (train, test)
    )
    return stability(expected, actual).as_dict()


def characteristics_table(card: Scorecard) -> list[dict[str, Any]]:
    """A card as a table: each characteristic with its attributes, WoE, points and IV."""
    return [
        {
            "name": each.name,
            "information_value": each.information_value,
            "coefficient": each.coefficient,
            "attributes": [attribute.as_dict() for attribute in each.all_attributes()],
        }
        for each in card.characteristics
    ]
