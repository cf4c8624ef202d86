"""What happens to rankings of assumptions, to experiments planned, and to what was measured."""

from __future__ import annotations

from equipoise.record.events import Event, Signed, event


@event("learning.asked", 1)
class LearningAsked(Signed, frozen=True, kw_only=True):
    """Somebody had the assumptions of the balance ranked, by the promise or by the decision."""

    order: str


@event("learning.ranked", 1)
class LearningRanked(Event, frozen=True, kw_only=True):
    """They were; the result has that digest."""

    sha256: str


@event("learning.failed", 1)
class LearningFailed(Event, frozen=True, kw_only=True):
    """They could not be: the kind of error."""

    error: str


@event("learning.planned", 1)
class ExperimentPlanned(Signed, frozen=True, kw_only=True):
    """Somebody plans the experiment that the ranking names for an input, under that name."""

    input: str
    experiment: str


@event("assumption.proposed", 1)
class AssumptionProposed(Signed, frozen=True, kw_only=True):
    """What was measured of an input, with its interval, to stand in experience.yaml: of how many
    outcomes, known on which day, by what; in the arms of that trial, or elsewhere."""

    input: str
    value: float
    low: float
    high: float
    outcomes: int
    known_on: str
    source: str
    trial: int | None = None


@event("assumption.accepted", 1)
class AssumptionAccepted(Signed, frozen=True, kw_only=True):
    """Somebody else accepted it; experience.yaml went from the one digest to the other."""

    before: str
    after: str


@event("assumption.refused", 1)
class AssumptionRefused(Signed, frozen=True, kw_only=True):
    """Somebody refused it, or took it back."""

    reason: str


def chain_of_ranking(ranking: int) -> str:
    """The chain of a ranking."""
    return f"learning.{ranking}"


def chain_of_proposal(proposal: int) -> str:
    """The chain of a proposal."""
    return f"assumption.{proposal}"
