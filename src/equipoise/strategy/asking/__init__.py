"""Asking step by step: the next check is named only while it is worth more than it costs."""

from equipoise.strategy.asking.figures import AskingFigures, Request, asking_figures
from equipoise.strategy.asking.waits import MOST_CHECKS, checks_of, journeys_used, waits_of

__all__ = [
    "MOST_CHECKS",
    "AskingFigures",
    "Request",
    "asking_figures",
    "checks_of",
    "journeys_used",
    "waits_of",
]
