"""What a strategy would answer somebody of whom few facts are known, and how sure that is."""

from equipoise.strategy.estimating.estimate import DEPENDS, LIKELY, UNLIKELY, Estimate, estimate

__all__ = ["DEPENDS", "LIKELY", "UNLIKELY", "Estimate", "estimate"]
