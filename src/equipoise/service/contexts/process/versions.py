"""Which version of a strategy a digest is, and which one was in force when a person began."""

from __future__ import annotations

from typing import Any

from equipoise.service.contexts.process.models import KnownVersion
from equipoise.service.contexts.registry.events import Bootstrapped, Published, Withdrawn
from equipoise.service.contexts.trials.events import TrialBegun

VERSIONS = (Bootstrapped, Published, Withdrawn, TrialBegun)
_CHAIN = "strategy."


class Versions:
    """The versions that the record told of so far; read when the first is asked for."""

    def __init__(self) -> None:
        self._known = {each.digest: each for each in KnownVersion.objects.all()}
        self._changed: set[str] = set()

    def take(self, chain: str, event: Any) -> None:
        """What happened to a strategy, in the order of the record."""
        strategy = chain.removeprefix(_CHAIN)
        if isinstance(event, TrialBegun):
            for arm in event.arms:
                self._add(strategy, arm.digest, arm.number)
            return
        for each in self._known.values():
            if each.strategy == strategy and each.in_force:
                each.in_force = False
                self._changed.add(each.digest)
        if not isinstance(event, Withdrawn):
            self._add(strategy, event.digest, event.number).in_force = True

    def in_force(self, strategy: str) -> str:
        """The version that decides for a strategy now, empty where none does."""
        versions = (e for e in self._known.values() if e.strategy == strategy and e.in_force)
        return next((_name(each) for each in versions), "")

    def named(self, digest: str) -> str:
        """The version of that digest; empty for one that the record never told of."""
        each = self._known.get(digest)
        return "" if each is None else _name(each)

    def save(self) -> None:
        """Write what changed."""
        KnownVersion.objects.bulk_create(
            [self._known[digest] for digest in sorted(self._changed)],
            update_conflicts=True,
            unique_fields=["digest"],
            update_fields=["in_force"],
        )

    def _add(self, strategy: str, digest: str, number: int) -> KnownVersion:
        self._changed.add(digest)
        fresh = KnownVersion(digest=digest, strategy=strategy, number=number)
        return self._known.setdefault(digest, fresh)


def _name(each: KnownVersion) -> str:
    return f"{each.strategy} {each.number}"
