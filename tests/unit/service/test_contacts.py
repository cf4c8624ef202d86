"""How contact points are read: one spelling, whatever was typed."""

from __future__ import annotations

import pytest

from equipoise.errors import BadInput
from equipoise.service.platform.messages.contacts import Channel, Contact, contact, email, phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Example.COM ", "Ada@example.com"),
        ("ada.byron+loan@example.co.uk", "ada.byron+loan@example.co.uk"),
        ("ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com"),
        # RFC 3492 and the registries' own examples of names that are not ASCII
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("wang@例え.テスト", "wang@xn--r8jz45g.xn--zckzah"),
        ("ada@example.com.", "ada@example.com"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert email(typed) == Contact(Channel.EMAIL, kept)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "a b@example.com",
        "ada@exa mple.com",
        "ada@example.com\nBcc: eve@example.com",
        "Ada <ada@example.com>",
        "ada@example.com, eve@example.com",
        f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.com",
        f"ada@{'b' * 64}.com",
    ],
)
def test_what_is_no_address_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(BadInput, match="e-mail address") as caught:
        email(typed)
    assert caught.value.field == "email"
    if typed:
        assert typed not in caught.value.message


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("+86 138 0013 8000", "", "+8613800138000"),
        ("0086-138-0013-8000", "", "+8613800138000"),
        ("138 0013 8000", "86", "+8613800138000"),
        ("＋８６１３８００１３８０００", "", "+8613800138000"),
        ("+44 (0)20 7946 0000", "", "+442079460000"),  # of the numbers kept for fiction
        ("020 7946 0000", "44", "+442079460000"),
        ("+1 (202) 555-0143", "", "+12025550143"),
    ],
)
def test_a_number_has_one_spelling(typed: str, country: str, kept: str) -> None:
    assert phone(typed, country) == Contact(Channel.PHONE, kept)


@pytest.mark.parametrize(
    "typed",
    ["", "138 0013 8000", "+0 123 4567", "+12345", "+1234567890123456", "+44 call me", "110"],
)
def test_what_is_no_number_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(BadInput, match="telephone number") as caught:
        phone(typed)
    assert caught.value.field == "phone"


def test_two_spellings_of_one_mailbox_have_one_key() -> None:
    assert email("ADA@example.com").key == email("ada@EXAMPLE.com").key
    assert email("ada@example.com").key != email("eve@example.com").key


def test_a_contact_is_not_shown_where_it_is_printed() -> None:
    assert "ada" not in repr(contact("email", "ada@example.com"))
    assert "555" not in repr(contact("phone", "+12025550143"))
