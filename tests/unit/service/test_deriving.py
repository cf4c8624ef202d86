"""Rows are held against what was told of them last; each that is otherwise is named."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from equipoise.record.chain import canonical
from equipoise.service.platform.record.deriving import Derived, Difference, Tale, Times, held

TOLD = {"1": {"role": "analyst"}, "2": {"role": "auditor"}, "3": None}


def named(stored: dict[str, Any]) -> list[str]:
    return [str(each) for each in held("users", TOLD, iter(stored.items()))]


def test_rows_as_they_were_told_are_not_named() -> None:
    assert named({"1": {"role": "analyst"}, "2": {"role": "auditor"}}) == []


def test_what_differs_is_missing_or_was_never_told_is_named() -> None:
    rows = {"1": {"role": "administrator"}, "3": {"role": "analyst"}, "9": {"role": ""}}
    assert named(rows) == [
        "users 1: differs in role",
        "users 3: is there without an entry",
        "users 9: is there without an entry",
        "users 2: is missing",
    ]


def test_a_column_that_nothing_was_told_of_is_one_that_differs() -> None:
    [difference] = held("users", {"1": {"role": "x"}}, iter([("1", {"role": "x", "level": 9})]))
    assert difference == Difference("users", "1", "differs", ("level",))


def tale(sequence: int, states: dict[str, Any]) -> Tale:
    return Tale(sequence, "user.1", 0, "user.changed", 0, canonical({"tables": {"users": states}}))


states = st.dictionaries(
    st.sampled_from("123"), st.none() | st.fixed_dictionaries({"n": st.integers()}), min_size=1
)


@given(st.lists(states, max_size=12), st.integers(0, 12))
def test_the_last_word_counts_however_the_record_is_cut(told: list[Any], cut: int) -> None:
    tales = [tale(sequence, each) for sequence, each in enumerate(told)]
    whole, first, rest = Derived(), Derived(), Derived()
    whole.read(iter(tales))
    first.read(iter(tales[:cut]))
    rest.read(iter(tales[cut:]))
    first.add(rest)
    assert first.times == whole.times
    assert first.states == whole.states
    expected: dict[str, Any] = {}
    for each in told:
        expected |= each
    assert whole.states.get("users", {}) == expected


def test_where_time_goes_back_is_noticed_also_between_two_stretches() -> None:
    minute = 60_000_000
    moments = [10 * minute, 9 * minute + 1, 2 * minute, 3 * minute, 1 * minute]
    for cut in range(6):
        first, rest = Times(), Times()
        for sequence, at in enumerate(moments, start=1):
            (first if sequence <= cut else rest).see(sequence, at)
        first.add(rest)
        assert (first.back, first.where, first.last) == (2, 3, minute)
