"""The balance looked at again and again: where the lender stands now, what moved since, and why."""

from equipoise.review.continuous.decomposition import Decomposition, decomposed
from equipoise.review.continuous.recorded import Treated, of_record
from equipoise.review.continuous.result_document import StandingResult
from equipoise.review.continuous.situation import FACTORS, Situation, mixed, moved
from equipoise.review.continuous.standing import Standing, standing

__all__ = [
    "FACTORS",
    "Decomposition",
    "Situation",
    "Standing",
    "StandingResult",
    "Treated",
    "decomposed",
    "mixed",
    "moved",
    "of_record",
    "standing",
]
