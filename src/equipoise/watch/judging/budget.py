"""How improbable a reading must be before it raises an alarm, over all indicators together.

If nothing changes, the expected number of alarms a year is the sum of every test's chance, however
the indicators hang together. So the budget is shared out among the tests of a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.watch.document.watch import WatchDocument

MOST_RED, MOST_AMBER = 0.01, 0.1  # of one test: a watch of few indicators is no excuse for alarms


@dataclass(frozen=True, slots=True)
class Levels:
    """The chance at or below which one test of an indicator is amber, and red."""

    amber: float
    red: float


def levels(document: WatchDocument) -> Mapping[str, Levels]:
    """Of each indicator, by its weight."""
    total = sum(each.weight for each in document.indicators) * document.periods_a_year
    return {
        each.name: Levels(
            amber=min(MOST_AMBER, document.budget.false_ambers * each.weight / total),
            red=min(MOST_RED, document.budget.false_reds * each.weight / total),
        )
        for each in document.indicators
    }
