"""Two strategies on the same applicants: swap sets, measures, segments, with intervals."""

from equipoise.review.comparing.compare import compare_strategies
from equipoise.review.comparing.comparison import Cell, Comparison, SegmentChange
from equipoise.review.comparing.intervals import Change, Rate

__all__ = ["Cell", "Change", "Comparison", "Rate", "SegmentChange", "compare_strategies"]
