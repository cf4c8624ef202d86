"""What must hold before a strategy is sealed, each fault with file, line and mend."""

from equipoise.strategy.checks.check import StrategyCheck, check_strategy

__all__ = ["StrategyCheck", "check_strategy"]
