"""What an application's chain already knows, and the application with it.

Nothing that was given is forgotten by leaving it out: whoever asks again sends what is new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from equipoise.service.contexts.decisions.application_shape import CHECKS
from equipoise.service.contexts.decisions.compiled_cache import Unusable, loaded
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.record.models import Chain, Event
from equipoise.service.platform.record.subjects import opened


@dataclass(frozen=True, slots=True)
class Flight:
    """An application in flight: its last decision, its chain with the applicant's key, and the
    bodies of the chain's entries in order."""

    last: Decision
    chain: Chain
    entries: Sequence[Mapping[str, Any]]

    def with_what_it_knows(self, application: Mapping[str, Any]) -> dict[str, Any]:
        """What the chain knows, with what is given now over it.

        A fact given as null is null; results of checks are taken over those known, and with none
        given those known stand. Raises Unreadable where the applicant was erased.
        """
        given = [
            opened(self.chain, each["facts"])["application"]
            for each in self.entries
            if "made" in each
        ]
        return with_known(_readable(self.last.digest, reduce(with_known, given, {})), application)


def flights_of(decisions: Iterable[Decision]) -> dict[str, Flight]:
    """The applications of these decisions, by their chains: all read at once."""
    by_chain = {each.application: each for each in decisions}
    if not by_chain:
        return {}
    entries: dict[str, list[Any]] = {chain: [] for chain in by_chain}
    rows = Event.objects.filter(chain__in=by_chain).order_by("chain", "place")
    for chain, body in rows.values_list("chain", "body"):
        entries[chain].append(json.loads(bytes(body)))
    chains = Chain.objects.in_bulk(by_chain)
    return {name: Flight(last, chains[name], entries[name]) for name, last in by_chain.items()}


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
    found = {name: value for name, value in known.items() if name in names}
    results = known.get(CHECKS)
    if isinstance(results, Mapping):
        checks = strategy.compiled.conditions
        found[CHECKS] = {name: result for name, result in results.items() if name in checks}
    return found
