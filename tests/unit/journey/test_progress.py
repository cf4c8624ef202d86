"""The bar that a person sees moves forward, whatever steps are added."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.journey import share_done


def test_the_share_is_that_of_the_steps_known() -> None:
    assert share_done(0.0, 0, 0) == 0
    assert share_done(0.0, 1, 3) == 0.25
    assert share_done(0.25, 2, 2) == 0.5


def test_the_share_stays_when_steps_are_added() -> None:
    assert share_done(0.5, 2, 4) == 0.5
    assert share_done(0.5, 4, 2) == pytest.approx(2 / 3)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=30), st.integers(1, 5))
def test_the_share_never_falls_and_ends_full(moves: list[tuple[bool, int]], first: int) -> None:
    shown, done, left = 0.0, 0, first
    for finishes, added in moves:
        if finishes and left:
            done, left = done + 1, left - 1
        left += added
        later = share_done(shown, done, left)
        assert shown <= later <= 1
        shown = later
    assert share_done(shown, done + left, 0) == 1


@pytest.mark.parametrize(
    ("shown", "done", "left"), [(0, -1, 2), (0, 1, -1), (1.1, 1, 1), (-0.1, 1, 1)]
)
def test_impossible_counts_are_refused(shown: float, done: int, left: int) -> None:
    with pytest.raises(BadInput):
        share_done(shown, done, left)
