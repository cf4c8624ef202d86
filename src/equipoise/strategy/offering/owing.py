"""The checks that a strategy still wanted where it left a decision to a person."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.strategy.conditions import owed
from equipoise.strategy.decision import Condition
from equipoise.strategy.engine import Strategy


def owed_of_journey(
    strategy: Strategy, journey: str | None, results: Mapping[str, str]
) -> tuple[Condition, ...]:
    """Those of the journey that it had chosen (None: it chose none) which these results do not show
    as passed, in order."""
    menu = strategy.compiled.program.menu
    chosen = (each.journey for each in menu if each.journey and each.journey.name == journey)
    planned = next(chosen, None)
    if planned is None:
        return ()
    conditions = strategy.compiled.conditions
    return tuple(conditions[name] for name in owed(planned.checks, results))
