"""What says who somebody is does not leave the house."""

from __future__ import annotations

import pytest

from equipoise.helper import masked
from equipoise.helper.checksums import is_card, is_iban, is_resident_number


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("card 4111 1111 1111 1111 please", "card [card] please"),
        ("卡号4111-1111-1111-1111。", "卡号[card]。"),
        ("４１１１１１１１１１１１１１１１", "[card]"),
        ("mail ann.b+x@bank.example now", "mail [e-mail] now"),
        ("GB82 WEST 1234 5698 7654 32", "[account]"),
        ("身份证11010519491231002x的", "身份证[identity number]的"),
        ("SSN 078-05-1120", "SSN [identity number]"),
        ("born 12 March 1990", "born [date]"),
        ("on March 3rd, 1990", "on [date]"),
        ("1990年3月12日生", "[date]生"),
        ("03/12/1990", "[date]"),
        ("手机13800138000", "手机[telephone]"),
        ("call +44 (20) 7946-0958", "call [telephone]"),
        ("reference 12345678901234567890", "reference [number]"),
    ],
)
def test_numbers_and_addresses_are_masked(text: str, hidden: str) -> None:
    assert masked(text) == hidden


def test_the_persons_own_fields_are_masked_however_they_are_written() -> None:
    own = ["Ann O'Brien", "王小明", "12 Mill Lane", "Ann"]
    assert masked("I am ＡＮＮ O'BRIEN of 12 mill lane", own) == "I am [known] of [known]"
    assert masked("我叫王小明", own) == "我叫[known]"
    assert masked("a b", ["a", ""]) == "a b"  # one letter would take half of what is written


@pytest.mark.parametrize(
    "text", ["how much is 12,000 over 36 months", "利率9.9%，分36期", "room 101, page 2 of 3"]
)
def test_a_question_with_amounts_stays_as_it_is(text: str) -> None:
    assert masked(text) == text.replace("，", ",")  # NFKC has the comma so


def test_the_published_examples_pass_their_checks_and_others_do_not() -> None:
    assert is_card("79927398713000") is False
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert is_iban("GB82WEST12345698765432")  # of the standard's own pages
    assert not is_iban("GB82WEST12345698765433")
    assert is_resident_number("11010519491231002X")
    assert not is_resident_number("110105194912310021")


@pytest.mark.parametrize("body", ["1" * 17, "98765432123456789", "44052418800101001"])
def test_a_residents_number_is_checked_as_iso_7064_mod_11_2_says(body: str) -> None:
    total = sum(int(each) * 2 ** (17 - at) for at, each in enumerate(body))
    check = "0123456789X"[(1 - total) % 11]  # all eighteen, weighted by powers of 2, leave 1
    assert [each for each in "0123456789X" if is_resident_number(body + each)] == [check]
