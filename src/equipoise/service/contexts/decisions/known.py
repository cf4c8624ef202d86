"""What an application's chain already knows, and the application with it.

Nothing that was given is forgotten by leaving it out: whoever asks again sends what is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from equipoise.service.contexts.decisions.application_shape import CHECKS
from equipoise.service.contexts.decisions.compiled_cache import Unusable, loaded
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.models import Chain
from equipoise.service.platform.record.subjects import opened


@dataclass(frozen=True, slots=True)
class Flight:
    """An application in flight: its last decision, its chain with the applicant's key, and
    what was decided in it, in order."""

    last: Decision
    chain: Chain
    decided: Sequence[DecisionMade]

    def with_what_it_knows(self, application: Mapping[str, Any]) -> dict[str, Any]:
        """What the chain knows, with what is given now over it.

        A fact given as null is null; results of checks are taken over those known, and with none
        given those known stand. Raises Unreadable where the applicant was erased.
        """
        given = [opened(self.chain, each.facts)["application"] for each in self.decided]
        return with_known(_readable(self.last.digest, reduce(with_known, given, {})), application)


def flights_of(decisions: Iterable[Decision]) -> dict[str, Flight]:
    """The applications of these decisions, by their chains: all read at once."""
    by_chain = {each.application: each for each in decisions}
    if not by_chain:
        return {}
    decided: dict[str, list[DecisionMade]] = {chain: [] for chain in by_chain}
    for each in record.in_chains(sorted(by_chain), DecisionMade):
        decided[each.entry.chain].append(each.event)
    chains = Chain.objects.in_bulk(by_chain)
    return {name: Flight(last, chains[name], decided[name]) for name, last in by_chain.items()}


def with_known(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given before and what is given now; of both what is given now."""
    both = {**known, **given}
    before, now = known.get(CHECKS), given.get(CHECKS)
    if isinstance(before, Mapping) and (now is None or isinstance(now, Mapping)):
        both[CHECKS] = {**before, **(now or {})}
    return both


def _readable(digest: str, known: dict[str, Any]) -> dict[str, Any]:
    """Without names that the strategy would refuse: while it could not be loaded, nobody read what
    was sent, and it must not stand in the way of what is sent now."""
    try:
        strategy = loaded(digest)
    except Unusable:
        return known
    names = {field.name for field in strategy.content.contract.fields}
    facts = {name: value for name, value in known.items() if name in names}
    results = known.get(CHECKS)
    if isinstance(results, Mapping):
        checks = strategy.compiled.conditions
        facts[CHECKS] = {name: result for name, result in results.items() if name in checks}
    return facts
