"""How long each check keeps people waiting, read from the waits of whole journeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from equipoise.errors import BadInput
from equipoise.strategy.document import StrategyDocument
from equipoise.value.treatments import Journey, Treatment

MOST_CHECKS = 8  # sets of them are looked at one by one
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Waits:
    """Days of waiting: `base` whatever is asked, `of` each check besides."""

    base: float
    of: Mapping[str, float]


def journeys_used(document: StrategyDocument, menu: Iterable[Treatment]) -> tuple[Journey, ...]:
    """The journeys that some tier opens and some treatment of the menu has, in its order."""
    opened = {name for tier in document.tiers for name in tier.journeys}
    journeys = {each.journey.name: each.journey for each in menu if each.journey}
    return tuple(each for name, each in journeys.items() if name in opened)


def checks_of(journeys: Iterable[Journey]) -> tuple[str, ...]:
    """The checks of these journeys, in the order in which they first come."""
    return tuple(dict.fromkeys(name for each in journeys for name in each.checks))


def waits_of(journeys: Sequence[Journey], said: Mapping[str, float]) -> Waits:
    """Share the journeys' waits out among their checks; `said` are those that are known.

    A check that one journey has beyond another takes what the one waits longer; one that all have
    takes nothing of its own unless said. Raises BadInput where that leaves a check open, or does
    not add up to the journeys' waits.
    """
    checks = checks_of(journeys)
    common = set(checks).intersection(*(each.checks for each in journeys))
    known = {name: float(said.get(name, 0.0)) for name in checks if name in said or name in common}
    while _one_more(journeys, known):
        pass
    for name in checks:
        if name not in known:
            raise BadInput(
                f"how long '{name}' keeps people waiting cannot be read from the journeys",
                field="asking.wait_days",
                mend=f"write it: wait_days: {{{name}: DAYS}}",
            )
        if known[name] < 0:
            raise BadInput(
                f"by the journeys' waits '{name}' would take {known[name]:g} days",
                field="asking.wait_days",
                mend="mend `wait_days` of the journeys: a journey that asks for more waits as long",
            )
    rest = {each.name: each.wait_days - sum(known[c] for c in each.checks) for each in journeys}
    base = next(iter(rest.values()))
    for name, left in rest.items():
        if left < -_CLOSE or abs(left - base) > _CLOSE:
            raise BadInput(
                f"the waits of the checks do not add up to that of journey '{name}': "
                f"{left:g} days are left, and {base:g} in '{next(iter(rest))}'",
                field="asking.wait_days",
                mend="mend `wait_days` here or of the journeys",
            )
    return Waits(max(base, 0.0), known)


def _one_more(journeys: Sequence[Journey], known: dict[str, float]) -> bool:
    """Find one check's wait from two journeys between which it alone is not known."""
    for less, more in permutations(journeys, 2):
        extra = [name for name in more.checks if name not in less.checks]
        open_ = [name for name in extra if name not in known]
        if set(less.checks) <= set(more.checks) and len(open_) == 1:
            rest = sum(known[name] for name in extra if name in known)
            # the journeys are written in decimals: so is what lies between them
            known[open_[0]] = round(more.wait_days - less.wait_days - rest, 9)
            return True
    return False
