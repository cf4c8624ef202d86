"""The record's canonical JSON: one text for one content, and nothing silently another."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from equipoise.record.chain import canonical
from equipoise.record.json_text import write_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | st.integers() | NUMBERS | TEXTS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


class Word(StrEnum):
    OPEN = "open"


@given(st.dictionaries(TEXTS, VALUES))
@example({"g123456\u00f0\u007f": "g123456\xff\xff"})  # looks like an infinity
def test_read_again_it_is_the_same_to_the_bit(value: dict[str, Any]) -> None:
    text = canonical(value)
    assert json.dumps(json.loads(text), sort_keys=True) == json.dumps(value, sort_keys=True)
    assert canonical(json.loads(text)) == text


def test_names_are_sorted_and_nothing_is_between() -> None:
    assert canonical({"b": 0.1, "a": [1, None, True], "名": "李"}) == (
        '{"a":[1,null,true],"b":0.1,"名":"李"}'.encode()
    )
    assert canonical({"state": Word.OPEN}) == b'{"state":"open"}'


@pytest.mark.parametrize("number", [float("nan"), -float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("place", ["{0}", "list", "deep", "many"])
def test_no_number_that_is_not_finite_becomes_nothing(number: float, place: str) -> None:
    value: dict[str, Any] = {
        "{0}": {"a": number},
        "list": {"a": [1.0, number]},
        "deep": {"a": {"b": ({"c": number},)}},
        "many": {f"n{n}": 1.5 * n for n in range(300)} | {"last": number},
    }[place]
    with pytest.raises(ValueError, match="not finite"):
        canonical(value)


@pytest.mark.parametrize("value", [datetime(2030, 1, 1, tzinfo=UTC), Decimal(1), object(), 1j])
def test_what_json_has_no_word_for_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical({"a": value})


def test_numbers_by_another_name_are_numbers() -> None:
    assert canonical({"a": np.float64(0.1), "b": [np.float64(2)]}) == b'{"a":0.1,"b":[2.0]}'
    assert write_json({"a": np.float64(0.1), "b": Word.OPEN}) == b'{"a":0.1,"b":"open"}'
    for number in (np.float64("nan"), np.float64("inf")):
        with pytest.raises(ValueError, match="not finite"):
            canonical({"a": number})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical({"a": "\ud800"})
