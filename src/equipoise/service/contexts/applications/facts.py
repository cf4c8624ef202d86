"""What an application holds by now: what was given before, and what is given on top of it.

Nothing that was given is forgotten by leaving it out: whoever asks again sends what is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.service.contexts.applications import CHECKS
from equipoise.service.contexts.registry.reading import Unusable, loaded


def with_known(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given before and what is given now; of both what is given now."""
    both = {**known, **given}
    before, now = known.get(CHECKS), given.get(CHECKS)
    if isinstance(before, Mapping) and (now is None or isinstance(now, Mapping)):
        both[CHECKS] = {**before, **(now or {})}
    return both


def readable(digest: str, known: dict[str, Any]) -> dict[str, Any]:
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
