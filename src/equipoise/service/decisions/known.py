"""What an application's chain already knows, and the application with it.

Nothing that was given is forgotten by leaving it out: whoever asks again sends what is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from equipoise.service.decisions.facts import CHECKS
from equipoise.service.decisions.loaded import Unusable, loaded
from equipoise.service.decisions.models import Decision
from equipoise.service.ledger import services as ledger
from equipoise.service.ledger.models import Subject
from equipoise.service.ledger.subjects import opened


def gone_on(flight: Decision, application: Mapping[str, Any]) -> dict[str, Any]:
    """An application in flight: what its chain knows, with what is given now over it.

    A fact given as null is null; results of checks are taken over those known, and with none given
    those known stand. Raises Unreadable where the applicant was erased.
    """
    return with_known(_known(flight), application)


def with_known(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given before and what is given now; of both what is given now."""
    both = {**known, **given}
    before, now = known.get(CHECKS), given.get(CHECKS)
    if isinstance(before, Mapping) and (now is None or isinstance(now, Mapping)):
        both[CHECKS] = {**before, **(now or {})}
    return both


def _known(flight: Decision) -> dict[str, Any]:
    """All that was given in the chain, later over earlier, as far as its strategy reads it."""
    subject = Subject.objects.filter(pk=flight.subject).first()
    given = [
        opened(subject, entry.data["facts"])["application"]
        for entry in ledger.history(flight.application)
        if "made" in entry.data
    ]
    return _readable(flight.digest, reduce(with_known, given, {}))


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
        checks = strategy.live.conditions
        found[CHECKS] = {name: result for name, result in results.items() if name in checks}
    return found
