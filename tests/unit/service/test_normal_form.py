"""What is one request: the same values, however a program has written them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from equipoise.service.contexts.decisions.normal import normal_form

texts = some.text(some.characters(codec="utf-8"), max_size=6)
scalars = (
    some.none()
    | some.booleans()
    | some.integers(-(10**20), 10**20)
    | some.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = some.recursive(
    scalars,
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(
            some.text(some.characters(codec="utf-8"), max_size=4), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: by kind, and a number by its exact value."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if number(one) and number(other):
        return Decimal(one) == Decimal(other)
    return type(one) is type(other) and bool(one == other)


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def rewritten(value: Any, draw: Any) -> str:
    """The value as another program may write it."""
    blank = draw(some.sampled_from(["", " ", "\n\t"]))
    if isinstance(value, dict):
        names = draw(some.permutations(list(value)))
        inner = [f"{json.dumps(n)}{blank}:{rewritten(value[n], draw)}" for n in names]
        return f"{{{blank}{f',{blank}'.join(inner)}{blank}}}"
    if isinstance(value, list):
        return f"[{f',{blank}'.join(rewritten(each, draw) for each in value)}{blank}]"
    if number(value) and value == 0:
        return draw(some.sampled_from(["0", "-0", "0.0", "-0.0", "0e7"]))
    if number(value) and float(value) == value and float(value).is_integer():
        return draw(
            some.sampled_from([str(int(value)), repr(float(value)), f"{float(value):.17e}"])
        )
    return json.dumps(value, ensure_ascii=draw(some.booleans()))


@given(values, some.data())
def test_however_it_is_written_it_is_one_request(value: Any, data: some.DataObject) -> None:
    text = rewritten(value, data.draw)
    assert normal_form(json.loads(text)) == normal_form(value), text


@given(values, values)
@example(1, True)
@example(0, False)
@example("1", 1)
@example(2**53, 2**53 + 1)
@example(float(2**53), 2**53 + 1)
@example(None, "null")
@example([], {})
@example("\u00e9", "e\u0301")
@example("", " ")
@example(0.1, 0.1000000000000001)
def test_two_are_one_exactly_where_their_values_are(one: Any, other: Any) -> None:
    assert (normal_form(one) == normal_form(other)) is same(one, other)


@given(values)
def test_to_take_the_form_changes_no_value(value: Any) -> None:
    assert same(json.loads(normal_form(value)), value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_json_has_no_form(value: Any) -> None:
    with pytest.raises(ValueError, match="JSON"):
        normal_form(value)
