"""A version's way from draft to retired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.authority.lifecycle import (
    WAYS,
    Move,
    Moved,
    OwnWork,
    State,
    Step,
    after,
    given_up,
    way_back,
)
from equipoise.errors import GateRefused

AUTHORS = frozenset({"user.1"})


def walk(steps: list[Step], by: str = "user.2") -> State:
    state = State.DRAFT
    for step in steps:
        state = after(step, state, authors=AUTHORS, by=by)
    return state


def test_the_way_from_draft_to_published() -> None:
    steps = [Step.CHECK, Step.SUBMIT, Step.APPROVE, Step.PUBLISH]
    assert walk(steps) is State.PUBLISHED


def test_what_was_rejected_is_a_draft_again() -> None:
    assert walk([Step.CHECK, Step.SUBMIT, Step.REJECT]) is State.DRAFT


def test_what_was_superseded_can_be_published_again() -> None:
    way = [Step.CHECK, Step.SUBMIT, Step.APPROVE, Step.PUBLISH, Step.SUPERSEDE, Step.PUBLISH]
    assert walk(way) is State.PUBLISHED


@pytest.mark.parametrize("step", [Step.APPROVE, Step.PUBLISH])
def test_an_author_passes_no_judgement_on_their_own(step: Step) -> None:
    [start] = WAYS[step].start
    with pytest.raises(OwnWork):
        after(step, start, authors=AUTHORS, by="user.1")


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_nothing_is_published_that_was_not_approved(steps: list[Step]) -> None:
    state, approved = State.DRAFT, False
    for step in steps:
        try:
            state = after(step, state, authors=AUTHORS, by="user.2")
        except GateRefused:
            continue
        approved = approved or step is Step.APPROVE
        assert state is not State.PUBLISHED or approved


@pytest.mark.parametrize("step", Step)
def test_what_is_retired_stays_so(step: Step) -> None:
    with pytest.raises(GateRefused, match="retired"):
        after(step, State.RETIRED, authors=AUTHORS, by="user.2")


def moves(text: str) -> list[Moved]:
    """Moves as short words: `p1` publishes version 1, `r1` goes back to it, `w1` withdraws it."""
    ways = {"p": Move.PUBLISH, "r": Move.ROLL_BACK, "w": Move.WITHDRAW}
    words = enumerate(text.split(), start=1)
    return [Moved(ways[word[0]], int(word[1:]), serial) for serial, word in words]


@pytest.mark.parametrize(
    ("made", "back", "gone"),
    [
        ("", None, []),
        ("p1", None, []),
        ("p1 p2", 1, []),
        ("p1 p2 p3", 2, []),
        ("p1 p2 r1", None, [2]),
        ("p1 p2 p3 r2", 1, [3]),
        ("p1 p2 p3 r2 r1", None, [2, 3]),
        ("p1 p2 r1 p2", 1, []),
        ("p1 p2 r1 p3", 1, [2]),
        ("p1 p2 w2", 1, [2]),
        ("p1 w1", None, [1]),
        ("p1 p2 w2 r1", None, [2]),
        ("p1 p2 p1 r2", None, [1]),
        ("p1 p2 p3 r1", None, [3]),
    ],
)
def test_the_way_back(made: str, back: int | None, gone: list[int]) -> None:
    assert way_back(moves(made), {1, 2, 3}) == back
    assert sorted(given_up(moves(made))) == gone


def test_the_way_back_passes_by_what_is_retired() -> None:
    assert way_back(moves("p1 p2 p3"), {1}) == 1


@given(st.lists(st.tuples(st.sampled_from(["publish", "back", "withdraw"]), st.integers(1, 4))))
def test_a_way_back_never_leads_to_what_was_given_up(wanted: list[tuple[str, int]]) -> None:
    made: list[Moved] = []
    current: int | None = None
    for what, version in wanted:
        back = way_back(made, {1, 2, 3, 4})
        assert back not in given_up(made)
        assert back is None or back != current
        if what == "publish" and version != current:
            made.append(Moved(Move.PUBLISH, version, len(made) + 1))
        elif what == "back" and back is not None:
            made.append(Moved(Move.ROLL_BACK, back, len(made) + 1))
        elif what == "withdraw" and current is not None:
            made.append(Moved(Move.WITHDRAW, current, len(made) + 1))
        else:
            continue
        current = None if made[-1].move is Move.WITHDRAW else made[-1].version
