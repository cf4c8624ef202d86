"""The states of a strategy's version, the ways between them, and who may not go them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from equipoise.errors import GateRefused


class State(StrEnum):
    """Where a version stands. One of `published` is in force for each strategy."""

    DRAFT = "draft"
    CHECKED = "checked"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETIRED = "retired"


class Step(StrEnum):
    """What is done to a version."""

    CHECK = "check"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"  # by publishing another: it may be published again
    RETIRE = "retire"  # for good


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a step leads where; `four_eyes` forbids it to the author."""

    start: frozenset[State]
    end: State
    four_eyes: bool = False


WAYS: Mapping[Step, Way] = {
    Step.CHECK: Way(frozenset({State.DRAFT}), State.CHECKED),
    Step.SUBMIT: Way(frozenset({State.CHECKED}), State.IN_REVIEW),
    Step.APPROVE: Way(frozenset({State.IN_REVIEW}), State.APPROVED, four_eyes=True),
    Step.REJECT: Way(frozenset({State.IN_REVIEW}), State.DRAFT),
    Step.PUBLISH: Way(frozenset({State.APPROVED}), State.PUBLISHED, four_eyes=True),
    Step.SUPERSEDE: Way(frozenset({State.PUBLISHED}), State.APPROVED),
    Step.RETIRE: Way(
        frozenset({State.DRAFT, State.CHECKED, State.IN_REVIEW, State.APPROVED}), State.RETIRED
    ),
}


class OwnWork(GateRefused):
    """Someone would pass judgement on what they wrote themselves."""


def after(step: Step, state: State, *, authors: frozenset[str], by: str) -> State:
    """The state the step leads to. Raises GateRefused where it does not start here, and OwnWork
    where `by` is one of the authors: whatever role they have by now."""
    way = WAYS[step]
    if state not in way.start:
        starts = " or ".join(sorted(way.start))
        raise GateRefused(
            f"a version that is {state.value} cannot take the step '{step.value}'",
            field="state",
            mend=f"it starts from {starts}",
        )
    if way.four_eyes and by in authors:
        raise OwnWork(
            f"nobody can {step.value} what they wrote themselves",
            mend=f"ask someone else to {step.value} it",
        )
    return way.end
