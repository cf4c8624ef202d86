"""The states of a strategy's version, the ways between them, who may not go them, and the way back
along the moves of the pointer to the version in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
    WITHDRAW = "withdraw"  # out of force, and nothing takes its place
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
    # Without four eyes: it approves nothing, it stops, and harm cannot wait for a second person.
    Step.WITHDRAW: Way(frozenset({State.PUBLISHED}), State.APPROVED),
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
        in_force = step is Step.RETIRE and state is State.PUBLISHED
        raise GateRefused(
            f"a version that is {state.value} cannot take the step '{step.value}'",
            field="state",
            mend="take it out of force first" if in_force else f"it starts from {starts}",
        )
    if way.four_eyes and by in authors:
        raise OwnWork(
            f"nobody can {step.value} what they wrote themselves",
            mend=f"ask someone else to {step.value} it",
        )
    return way.end


class Move(StrEnum):
    """How the pointer to the version in force moved."""

    PUBLISH = "publish"
    ROLL_BACK = "roll_back"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a strategy's pointer: how, the version it is about (of a withdrawal the one that
    was taken out of force), and its place among the strategy's moves, from 1."""

    move: Move
    version: int
    serial: int


def way_back(moves: Iterable[Moved], approved: Collection[int]) -> int | None:
    """The version that a roll-back puts in force: the last before today's that is still approved,
    and was neither rolled back from nor taken out of force since it was published. None where
    there is none."""
    before = _walked(moves).standing
    return next((version for version in reversed(before) if version in approved), None)


def given_up(moves: Iterable[Moved]) -> Mapping[int, Moved]:
    """The versions that were rolled back from or taken out of force and not published since, each
    with the move that did it."""
    return _walked(moves).given_up


@dataclass(slots=True)
class _Walk:
    """The moves gone through so far: the version in force, those that stood well before it (the
    last at the end), and those given up."""

    current: int | None
    standing: list[int]
    given_up: dict[int, Moved]

    def take(self, moved: Moved) -> None:
        if moved.move is Move.PUBLISH:
            if self.current is not None:
                self.standing.append(self.current)
            self.given_up.pop(moved.version, None)
        elif self.current is not None:
            self.given_up[self.current] = moved
        self.current = None if moved.move is Move.WITHDRAW else moved.version
        if moved.move is Move.ROLL_BACK:
            # whatever lay between was no way back then, and is none later
            self.standing = self.standing[: _last(self.standing, moved.version)]
        aside = {self.current, *self.given_up}
        self.standing = [version for version in self.standing if version not in aside]


def _walked(moves: Iterable[Moved]) -> _Walk:
    walk = _Walk(None, [], {})
    for moved in moves:
        walk.take(moved)
    return walk


def _last(versions: list[int], version: int) -> int:
    places = [place for place, each in enumerate(versions) if each == version]
    return places[-1] if places else len(versions)
