"""What an offer still waits for: the checks of its journey that have not been passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from equipoise.strategy.content import Content
from equipoise.strategy.decision import Condition
from equipoise.strategy.explaining.names import label_of, need_of
from equipoise.strategy.intake import PASSED
from equipoise.value.treatments import Treatment


def conditions_of(content: Content, menu: Iterable[Treatment]) -> dict[str, Condition]:
    """Every check of the menu's journeys as a condition, by name; some that no tier opens."""
    journeys = (each.journey for each in menu if each.journey)
    names = dict.fromkeys(name for each in journeys for name in each.checks)
    return {name: _condition(name, content) for name in names}


def owed(
    checks: Iterable[str], results: Mapping[str, str], first: str | None = None
) -> tuple[str, ...]:
    """Those of a journey's checks that have not been passed, in order; `first` is asked for now."""
    names = dict.fromkeys(checks if first is None else (first, *checks))
    return tuple(name for name in names if results.get(name) != PASSED)


def _condition(name: str, content: Content) -> Condition:
    languages = content.strategy.languages
    needs = {each: need_of(content, name, each) for each in languages}
    return Condition(
        name,
        {each: label_of(content, name, each) for each in languages},
        {each: need for each, need in needs.items() if need},
    )
