"""What happens to a run of the balance, in a chain of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Event, Signed, event


@event("balance.asked", 1)
class BalanceAsked(Signed, frozen=True, kw_only=True):
    """Somebody had the balance found under the appetite of that digest."""

    appetite: str


@event("balance.solved", 1)
class BalanceSolved(Event, frozen=True, kw_only=True):
    """It was found for so many applicants; the result has that digest."""

    applicants: int
    sha256: str


@event("balance.failed", 1)
class BalanceFailed(Event, frozen=True, kw_only=True):
    """It could not be found: the kind of error, and the line of the appetite where it has one."""

    error: str
    line: int | None


@event("balance.cancelled", 1)
class BalanceCancelled(Signed, frozen=True, kw_only=True):
    """Somebody ended it."""


@event("balance.sent", 1)
class BalanceSent(Signed, frozen=True, kw_only=True):
    """A point of it went to the registry as a draft: that strategy's version of that digest."""

    point: str
    strategy: str
    number: int
    digest: str


@event("balance.under_change", 1)
class UnderChange(Signed, frozen=True, kw_only=True):
    """It is found under a change of law or policy, and held beside the run `base`; none where the
    change is only about loans already made."""

    base: int | None
    change: Mapping[str, Any]


def chain_of(run: int) -> str:
    """The chain of a run."""
    return f"balance.{run}"
