"""Parts of a change by factor: they add up, and no factor is favoured by its place."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.review.continuous import decomposed

GLOVES = {"left": 0, "right one": 1, "right two": 1}


def gloves(owners: frozenset[str]) -> Mapping[str, float]:
    """The game of gloves: a pair is worth 1."""
    left = sum(GLOVES[each] == 0 for each in owners)
    return {"worth": float(min(left, len(owners) - left))}


def test_the_game_of_gloves_as_published() -> None:
    """Shapley values 2/3, 1/6, 1/6: the textbook's example of one left and two right gloves."""
    parts = decomposed(list(GLOVES), gloves).parts["worth"]
    assert parts == pytest.approx({"left": 2 / 3, "right one": 1 / 6, "right two": 1 / 6})


def test_factors_that_only_add_have_what_they_add() -> None:
    adds = {"a": 2.0, "b": -3.0, "c": 0.0}
    result = decomposed(list(adds), lambda some: {"sum": 10.0 + sum(adds[each] for each in some)})
    assert (result.before, result.after) == ({"sum": 10.0}, {"sum": 9.0})
    assert result.parts["sum"] == pytest.approx(adds)


@given(st.lists(st.floats(-1e6, 1e6), min_size=16, max_size=16))
def test_the_parts_add_up_whatever_the_figures_are(values: list[float]) -> None:
    factors = ["a", "b", "c", "d"]

    def figures(some: frozenset[str]) -> Mapping[str, float]:
        return {"f": values[sum(1 << at for at, each in enumerate(factors) if each in some)]}

    result = decomposed(factors, figures)
    whole = result.after["f"] - result.before["f"]
    assert sum(result.parts["f"].values()) == pytest.approx(whole, abs=1e-6)


def test_nothing_moved_where_no_factor_did() -> None:
    result = decomposed([], lambda _: {"f": 4.0})
    assert (result.before, result.after, result.parts) == ({"f": 4.0}, {"f": 4.0}, {"f": {}})


def test_too_many_factors_are_refused_before_anything_is_solved() -> None:
    with pytest.raises(ValueError, match="take fewer"):
        decomposed([str(each) for each in range(9)], lambda _: pytest.fail("was asked"))
