"""PD and LGD: scorecards, boosted trees, calibration, validation, reason codes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "Boosted": "boosted",
    "RiskDocument": "document",
    "RiskFit": "result",
    "Scaling": "scorecard",
    "Scorecard": "scorecard",
    "capital_requirement": "capital",
    "cross_fitted_pd": "fit",
    "feature_set": "features",
    "fit_risk": "fit",
    "load_risk": "result",
    "pd_sql": "scorecard_sql",
    "points_sql": "scorecard_sql",
    "risk_weight": "capital",
    "score_query": "scorecard_sql",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: commands should not wait for all of them."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    module = import_module(f"{__name__}.{home}")
    globals()[name] = found = module if home == name else getattr(module, name)
    return found
