"""A version's way from draft to retired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import GateRefused
from equipoise.service.registry.lifecycle import WAYS, OwnWork, State, Step, after

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
