"""PD and LGD: scorecards, boosted trees, calibration, validation, reason codes."""

from __future__ import annotations

from equipoise.risk.boosted import Boosted
from equipoise.risk.capital import capital_requirement, risk_weight
from equipoise.risk.document import RiskDocument
from equipoise.risk.features import feature_set
from equipoise.risk.fit import cross_fitted_pd, fit_risk
from equipoise.risk.result import RiskFit, load_risk
from equipoise.risk.scorecard import Scaling, Scorecard
from equipoise.risk.scorecard_sql import pd_sql, points_sql, score_query

__all__ = [
    "Boosted",
    "RiskDocument",
    "RiskFit",
    "Scaling",
    "Scorecard",
    "capital_requirement",
    "cross_fitted_pd",
    "feature_set",
    "fit_risk",
    "load_risk",
    "pd_sql",
    "points_sql",
    "risk_weight",
    "score_query",
]
