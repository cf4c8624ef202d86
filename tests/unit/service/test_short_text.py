"""One rule for the short texts that people enter and others read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from equipoise.errors import BadInput
from equipoise.service.platform.api.short_text import Name, Place, Reason, check_plain, is_plain

HIDDEN = [
    "\x00", "\t", "\n", "\x1b", "\x7f", "\x85", "\xa0", "\xad", "\u034f", "\u061c", "\u115f",
    "\u180e", "\u200b", "\u200d", "\u200e", "\u2028", "\u202e", "\u2060", "\u2066", "\u2069",
    "\u2800", "\u3000", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ue000",
    "\U000e0041", "\U000e0101", "\U0010fffd", "\U0001d173",
]  # fmt: skip


@pytest.mark.parametrize("character", HIDDEN, ids=lambda each: f"{ord(each):x}")
def test_what_cannot_be_seen_is_refused(character: str) -> None:
    text = f"no{character}rth"
    with pytest.raises(BadInput, match="cannot be seen"):
        check_plain(text, "branch")
    for kind in (Name, Place):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)
    if character != "\n":
        with pytest.raises(ValidationError):
            TypeAdapter(Reason).validate_python(text)


def test_a_lone_surrogate_is_refused() -> None:
    for kind in (Name, Place, Reason):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python("nor\ud800th")
    assert not is_plain("\ud800")


@pytest.mark.parametrize(
    "text",
    ["north", "Zürich-Süd", "Łódź", "東京支店", "فرع الشمال", "सेवा", "St. John's (1)", "R&D 🙂"],
)
def test_names_of_people_and_places_are_taken(text: str) -> None:
    assert check_plain(f" {text} ", "name") == text
    assert TypeAdapter(Name).validate_python(f" {text} ") == text


def test_two_ways_to_write_one_letter_are_one() -> None:
    decomposed = unicodedata.normalize("NFD", "Zürich")
    assert (
        TypeAdapter(Place).validate_python(decomposed) == check_plain(decomposed, "x") == "Zürich"
    )


def test_a_reason_may_have_several_lines() -> None:
    assert TypeAdapter(Reason).validate_python("one\ntwo") == "one\ntwo"


@given(st.text(max_size=40))
def test_whatever_is_taken_has_no_control_or_format_character(text: str) -> None:
    if is_plain(text):
        kinds = {unicodedata.category(each) for each in text}
        assert not kinds & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
