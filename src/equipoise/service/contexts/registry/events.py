"""What happens to strategies, each in a chain of its own: `strategy.…`. Each step of a version's
life is a kind of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.record.events import Signed, event

_CHAIN = "strategy."
Gates = Sequence[Mapping[str, Any]]
"""What gates said; see `gates.GateResult.as_dict`."""


class VersionEvent(Signed, frozen=True, kw_only=True):
    """What a person, by themselves or by a program, did to a version."""

    number: int
    digest: str
    person: str


@event("strategy.drafted", 1)
class Drafted(VersionEvent, frozen=True, kw_only=True):
    """A version was taken in."""


@event("strategy.check", 1)
class Checked(VersionEvent, frozen=True, kw_only=True):
    """A version was looked at alone, and can decide."""

    gates: Gates


@event("strategy.submit", 1)
class Submitted(VersionEvent, frozen=True, kw_only=True):
    """Review was asked for."""


@event("strategy.approve", 1)
class Approved(VersionEvent, frozen=True, kw_only=True):
    """A second person said yes, having been shown `notices` of both."""

    reason: str
    notices: Sequence[str]


@event("strategy.reject", 1)
class Rejected(VersionEvent, frozen=True, kw_only=True):
    """A version was sent back to its author."""

    reason: str


@event("strategy.retire", 1)
class Retired(VersionEvent, frozen=True, kw_only=True):
    """A version was put away for good."""

    reason: str


@event("strategy.publish", 1)
class Published(VersionEvent, frozen=True, kw_only=True):
    """A version was put in force, in place of the one of digest `former` where there was one."""

    move: str
    serial: int
    former: str | None
    reason: str
    gates: Gates

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**_in_force(self, chain), "former": self.former}


@event("strategy.bootstrapped", 1)
class Bootstrapped(Signed, frozen=True, kw_only=True):
    """The first version was put in force by the first start, approved by nobody."""

    number: int
    serial: int
    digest: str
    reason: str
    gates: Gates

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**_in_force(self, chain), "former": None}


@event("strategy.withdraw", 1)
class Withdrawn(VersionEvent, frozen=True, kw_only=True):
    """The version in force was taken out, and nothing takes its place."""

    serial: int
    reason: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return _in_force(self, chain)


@event("strategy.default", 1)
class DefaultMade(Signed, frozen=True, kw_only=True):
    """A strategy answers from now on where none is named, in place of `former`."""

    strategy: str
    former: str | None
    reason: str
    person: str | None = None
    gates: Gates | None = None

    def public(self, chain: str) -> Mapping[str, Any]:  # noqa: ARG002
        """As others' systems are told it."""
        return {"strategy": self.strategy, "former": self.former}


def _in_force(event: Published | Bootstrapped | Withdrawn, chain: str) -> dict[str, Any]:
    public = {"number": event.number, "digest": event.digest, "serial": event.serial}
    return {"strategy": chain.removeprefix(_CHAIN), **public}
