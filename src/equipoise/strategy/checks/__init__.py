"""What must hold before a strategy is sealed, each fault with file, line and mend."""

from equipoise.strategy.checks.check import StrategyCheck, check_strategy, ranges_in
from equipoise.strategy.checks.order import Placed, never_or_always

__all__ = ["Placed", "StrategyCheck", "check_strategy", "never_or_always", "ranges_in"]
