"""What happens to a measurement of where the lender stands, in a chain of its own."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.record.events import Event, Signed, event


@event("standing.due", 1)
class StandingDue(Event, frozen=True, kw_only=True):
    """It was time to measure, on that day: a week is over, or what it is read from has changed."""

    day: str


@event("standing.asked", 1)
class StandingAsked(Signed, frozen=True, kw_only=True):
    """Somebody had it measured."""


@event("standing.measured", 1)
class StandingMeasured(Event, frozen=True, kw_only=True):
    """Where the lender stands, by the figures of `review.continuous.Standing`; `before` the same of
    the measurement `since`, and `parts` what each factor did to each figure. `source` says whether
    the applicants are of the record or of the history; `read` are digests of what it was read
    from, and `sha256` that of the whole result."""

    source: str
    applicants: int
    goal: str
    figures: Mapping[str, float]
    since: int | None
    before: Mapping[str, float]
    parts: Mapping[str, Mapping[str, float]]
    untold: str
    keep_within: float | None
    read: Mapping[str, str]
    sha256: str


@event("standing.beyond", 1)
class StandingBeyond(Event, frozen=True, kw_only=True):
    """The policy is further from the frontier than is accepted; the draft has that digest, empty
    where none could be made."""

    distance: float
    keep_within: float
    draft: str


@event("standing.failed", 1)
class StandingFailed(Event, frozen=True, kw_only=True):
    """It could not be measured: the kind of error."""

    error: str


@event("standing.cancelled", 1)
class StandingCancelled(Signed, frozen=True, kw_only=True):
    """Somebody ended it before it was done."""


@event("standing.sent", 1)
class StandingSent(Signed, frozen=True, kw_only=True):
    """The draft went to the registry: that strategy's version of that digest."""

    strategy: str
    number: int
    digest: str


def chain_of(measurement: int) -> str:
    """The chain of a measurement."""
    return f"standing.{measurement}"
