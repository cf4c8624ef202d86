"""Overrides prove themselves: what people decided against the strategy, and what came of it."""

from equipoise.review.overrides.cases import Worth, override_frame
from equipoise.review.overrides.findings import Finding, Group, OverrideReview
from equipoise.review.overrides.measuring import measure_overrides
from equipoise.review.overrides.sides import Approved, Declined, Next

__all__ = [
    "Approved",
    "Declined",
    "Finding",
    "Group",
    "Next",
    "OverrideReview",
    "Worth",
    "measure_overrides",
    "override_frame",
]
