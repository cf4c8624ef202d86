"""PD and LGD: scorecards, boosted trees, calibration, validation, reason codes."""

from __future__ import annotations

from equipoise.risk.boosted import Boosted
from equipoise.risk.scorecard import Scaling, Scorecard

__all__ = ["Boosted", "Scaling", "Scorecard"]
