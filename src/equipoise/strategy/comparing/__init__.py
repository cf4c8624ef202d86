"""Two strategies on the same applicants: swap sets, measures, segments, with intervals."""

from equipoise.strategy.comparing.compare import compare_strategies
from equipoise.strategy.comparing.comparison import Cell, Comparison, SegmentChange
from equipoise.strategy.comparing.intervals import Change, Rate

__all__ = ["Cell", "Change", "Comparison", "Rate", "SegmentChange", "compare_strategies"]
