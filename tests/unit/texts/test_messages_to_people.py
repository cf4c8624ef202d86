"""Texts that are sent: the same in every language, whole, and filled exactly."""

from __future__ import annotations

import re

import pytest

from equipoise.errors import BadInput
from equipoise.texts.messages import (
    ending,
    ids,
    message_text,
    places,
    purpose_name,
)
from equipoise.texts.saying import our_languages

OTHERS = [each for each in our_languages() if each != "en"]
PURPOSES = ("code", "notice", "progress", "reminder", "feedback", "duty")


@pytest.mark.parametrize("language", OTHERS)
def test_every_version_of_every_text_is_in_every_language(language: str) -> None:
    assert ids(language) == ids("en")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", ids("en"))
def test_each_form_of_a_text_has_the_same_places_in_every_language(
    language: str, name: str
) -> None:
    ours, theirs = message_text(name, "en"), message_text(name, language)
    for form in ("subject", "text", "short"):
        assert places(getattr(ours, form)) == places(getattr(theirs, form)), form
    assert places(ours.short) == places(ours.text)


@pytest.mark.parametrize("language", our_languages())
@pytest.mark.parametrize("name", ids("en"))
def test_a_text_is_in_its_language_and_of_a_length_that_is_read(language: str, name: str) -> None:
    text = message_text(name, language)
    chinese = re.compile(r"[一-鿿]")
    for form in (text.subject, text.text, text.short):
        assert bool(chinese.search(form)) == (language == "zh")
        assert form.strip()
    assert "\n" not in text.subject + text.short
    assert "{" not in text.subject, "what stands in a subject is read over shoulders"
    assert len(text.short) <= (160 if language == "en" else 67)  # one SMS, its places apart


def test_the_newest_version_is_sent_and_any_can_be_read() -> None:
    text = message_text("code", "en")
    assert (text.id, text.name, text.version) == ("code@1", "code", 1)
    assert message_text("code@1", "en") == text
    assert message_text("code", "zh-Hans-CN").language == "zh"
    assert message_text("code", "fr").language == "en"
    with pytest.raises(BadInput, match="did you mean 'received'"):
        message_text("recieved", "en")


def test_a_text_is_filled_exactly() -> None:
    text = message_text("code", "en")
    filled = text.filled({"code": "012345", "minutes": "10"})
    assert "Your code is 012345." in filled.text
    assert "012345" in filled.short
    with pytest.raises(BadInput, match="code@1 lacks 'minutes'"):
        text.filled({"code": "012345"})
    with pytest.raises(BadInput, match="has no place for 'name'"):
        text.filled({"code": "012345", "minutes": "10", "name": "Ada"})


def test_a_value_is_one_line_and_never_read_as_a_place() -> None:
    text = message_text("code", "en").filled({"code": "{minutes}\r\nBcc: eve", "minutes": "10"})
    assert "Your code is {minutes} Bcc: eve." in text.text


@pytest.mark.parametrize("language", our_languages())
def test_an_ending_leads_out_or_says_why_there_is_no_way_out(language: str) -> None:
    assert "https://x.example/stop" in ending(language, "https://x.example/stop")
    assert "{" not in ending(language, "")
    assert ending(language, "") != ending(language, "https://x.example/stop")
    assert len({purpose_name(each, language) for each in PURPOSES}) == len(PURPOSES)
