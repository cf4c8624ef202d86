"""Numbers as people write them are read as one number, or asked back; never guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.contract import Field, read_contract
from equipoise.journey import NotRead, read_answer
from equipoise.journey.amounts import amount_of
from equipoise.journey.quantities import figure_of, priced
from equipoise.texts import numbers
from equipoise.texts.saying import speaking

INCOME = Field(name="income", type="number", unit="money a month")
TERM = Field(name="term", type="integer", unit="months", range=(6, 60), missing="refuse")
DOLLARS = Field(name="amount", type="number", unit="USD", range=(0, 50_000))
LANGUAGES = st.sampled_from(["en", "zh"])


def read(field: Field, text: str, language: str = "en") -> object:
    return read_answer(field, {"": text}, language)


def refusal(field: Field, text: str, language: str = "en") -> str:
    with pytest.raises(NotRead) as refused:
        read(field, text, language)
    assert refused.value.field == field.name
    return refused.value.message


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,000", 12_000),
        ("12 000", 12_000),
        ("12\u00a0000", 12_000),
        ("12\u2009000", 12_000),
        ("12\u202f000", 12_000),
        ("１２，０００", 12_000),
        ("12'000", 12_000),
        ("¥12,000.50", 12_000.5),
        ("￥12,000.50", 12_000.5),
        ("$1,200", 1_200),
        ("USD 1,200", 1_200),
        ("1200 usd", 1_200),
        ("1.2万", 12_000),
        ("1.2 万元", 12_000),
        ("12000元", 12_000),
        ("3千", 3_000),
        ("2百万", 2_000_000),
        ("0.5亿", 50_000_000),
        ("1.5k", 1_500),
        ("12 thousand", 12_000),
        ("1.5 million", 1_500_000),
        ("1,20,000", 120_000),
        ("1.2 lakh", 120_000),
        ("1.234.567", 1_234_567),
        ("1 234,5", 1_234.5),
        ("1,234,567.891", 1_234_567.891),
        ("0,5", 0.5),
        ("0.125", 0.125),
        ("1234.567", 1_234.567),
        ("12.", 12),
        (".5", 0.5),
        ("  42  ", 42),
        ("12  000", 12_000),
        ("+7", 7),
        ("−3", -3),
        ("-$3", -3),
        ("٤٢", 42),
    ],
)
def test_an_amount_is_read_as_it_is_written(text: str, number: float) -> None:
    assert read(INCOME, text) == number
    assert read(INCOME, text, "zh") == number


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("12.000,50", "12000.5", "12.0005"),
        ("1.234.567,89", "1234567.89", "123456789"),
        ("1.234", "1234", "1.2340"),
        ("12,5", "12.5", "125"),
        ("1,2345", "1.2345", "12345"),
        ("1 234,567", "1234.567", "1234567"),
        ("-1.234", "-1234", "-1.2340"),
        ("1.234万", "12340000", "12340"),
    ],
)
def test_what_could_be_read_twice_is_asked_back_with_both(
    text: str, first: str, second: str
) -> None:
    for language in ("en", "zh"):
        said = refusal(INCOME, text, language)
        assert f"“{text}”" in said
        assert first in said
        assert second in said
    assert read(INCOME, first) == float(first)
    assert read(INCOME, second) == float(second)


@pytest.mark.parametrize(
    "text",
    ["abc", "2e5", "1,234,56", "12,00.5", "(50)", "1-2", "10,000 to 20,000", "12 00", "1..2", "--5",
     "-$-5", "5 m", "5 apples", "$", "½k", "nan", "inf", "1" * 100],
)  # fmt: skip
def test_what_is_no_number_is_not_read(text: str) -> None:
    said = refusal(INCOME, text)
    assert "cannot read this as a number" in said
    assert "12000.50" in said


def test_a_number_outside_the_range_is_told_the_bounds_in_their_unit() -> None:
    assert refusal(TERM, "70") == "Please give a number from 6 months to 60 months."
    assert refusal(TERM, "70", "zh") == "请填写 6 个月 至 60 个月 之间的数字。"
    assert "USD\u202f0 to USD\u202f50,000" in refusal(DOLLARS, "-1")
    least = Field(name="income", type="number", unit="EUR a month", range=(100, None))
    assert refusal(least, "99.99") == "Please give a number of EUR\u202f100 a month or more."
    most = Field(name="share", type="number", unit="share", range=(None, 0.35))
    assert refusal(most, "36%") == "Please give a number of 35\u202f% or less."


def test_a_lenders_own_word_for_a_unit_is_said_and_read() -> None:
    age = Field(name="age", type="integer", unit="years", unit_label={"zh": "岁"}, range=(18, 110))
    assert refusal(age, "17", "zh") == "请填写 18 岁 至 110 岁 之间的数字。"
    assert refusal(age, "17") == "Please give a number from 18 years to 110 years."
    assert read(age, "34岁", "zh") == 34


@pytest.mark.parametrize("example", ["demo", "business"])
def test_no_example_leaves_an_english_unit_in_a_chinese_sentence(example: str) -> None:
    contract = read_contract(files("equipoise.examples") / example / "contract.yaml").value  # type: ignore[arg-type]
    with speaking("zh"):
        said = {
            each.name: figure_of(priced(each, "CNY"), 3) for each in contract.fields if each.unit
        }
    assert said
    assert {n: text for n, text in said.items() if re.search("[a-z]", text)} == {}


@pytest.mark.parametrize(("text", "at"), [("6", 6), ("60", 60)])
def test_the_bounds_themselves_are_inside(text: str, at: int) -> None:
    assert read(TERM, text) == at


@pytest.mark.parametrize(
    ("text", "months"),
    [("24", 24), ("24 months", 24), ("2 years", 24), ("2 years 3 months", 27), ("24个月", 24),
     ("2年", 24), ("1.5 years", 18)],
)  # fmt: skip
def test_a_term_may_be_said_in_years(text: str, months: int) -> None:
    assert read(TERM, text) == months
    assert type(read(TERM, text)) is int


@pytest.mark.parametrize("text", ["10+ years", "<1 year", "2,5 years"])
def test_a_vague_term_is_not_read(text: str) -> None:
    assert refusal(TERM, text)


def test_a_fraction_where_a_whole_number_is_asked_is_named() -> None:
    assert refusal(TERM, "24.5") == "Please give a whole number, without decimals: 24.5 is none."
    assert read(TERM, "24.0") == 24


def test_a_share_may_be_written_in_per_cent() -> None:
    share = Field(name="deposit", type="number", unit="share of price", range=(0, 1))
    assert read(share, "35 %") == 0.35
    assert read(share, "35％") == 0.35
    assert read(share, "0.35") == 0.35
    assert "100" in refusal(share, "35")
    assert read(Field(name="rate", type="number", unit="%"), "7.5%") == 7.5


def test_another_currency_is_never_taken_for_the_lender_s() -> None:
    assert read(DOLLARS, "$500") == 500
    assert refusal(DOLLARS, "€500") == "Please give this in USD."
    assert refusal(DOLLARS, "500 元", "zh") == "请以USD为单位填写。"
    yuan = Field(name="amount", type="number", unit="CNY")
    assert read(yuan, "¥500") == read(yuan, "500块钱") == 500
    assert refusal(yuan, "$500")


def test_plain_money_is_in_the_contract_s_currency() -> None:
    assert read_answer(INCOME, {"": "¥500"}, "en", "CNY") == 500
    assert read_answer(INCOME, {"": "$500"}, "en", "money") == 500
    with pytest.raises(NotRead, match="Please give this in CNY a month"):
        read_answer(INCOME, {"": "$500"}, "en", "CNY")
    bounded = Field(name="income", type="number", unit="money", range=(1, None))
    with pytest.raises(NotRead, match="CNY\u202f1 or more"):
        read_answer(bounded, {"": "0"}, "en", "CNY")


def test_zero_has_one_sign() -> None:
    assert str(read(INCOME, "-0")) == "0.0"


def test_a_number_that_no_file_can_hold_is_asked_again() -> None:
    whole = Field(name="n", type="integer")
    assert "more digits" in refusal(whole, "9007199254740993")
    assert "more digits" in refusal(INCOME, "1" + "0" * 23)


@given(st.decimals(-9_999_999, 9_999_999, places=2), LANGUAGES, LANGUAGES)
def test_every_number_that_we_write_reads_back_as_itself(
    value: Decimal, written: str, asked: str
) -> None:
    number = float(value)
    with speaking(written):
        texts = [
            numbers.fixed(number, 2),
            numbers.fixed(round(number), 0),
            numbers.fixed(round(number, 1), 1),
            numbers.count(round(number)),
            numbers.money(float(round(number)), "USD"),
        ]
    said = [number, round(number), round(number, 1), round(number), round(number)]
    for text, truth in zip(texts, said, strict=True):
        field = Field(name="amount", type="number", unit="USD")
        assert read(field, text, asked) == pytest.approx(truth, abs=1e-9)


@given(st.integers(100, 99_999), st.sampled_from([10**4, 10**5, 10**6, 10**7]), LANGUAGES)
def test_large_amounts_in_words_read_back_within_what_was_rounded(
    digits: int, size: int, language: str
) -> None:
    with speaking(language):
        text = numbers.money(digits * size, "CNY")
    amount = amount_of(text)
    assert amount is not None
    assert any(float(each) == pytest.approx(digits * size, rel=0.006) for each in amount.readings)


@given(st.text(max_size=40), LANGUAGES)
def test_no_text_makes_the_reader_fail_otherwise(text: str, language: str) -> None:
    try:
        answer = read(INCOME, text, language)
    except NotRead as refused:
        assert refused.message
    else:
        assert answer is None or isinstance(answer, float)


@given(st.decimals(0, 10**9, places=4), st.integers(0, 4))
def test_marks_never_make_another_number_of_it(value: Decimal, places: int) -> None:
    written = f"{value:,.{places}f}"
    amount = amount_of(written)
    assert amount is not None
    assert Decimal(written.replace(",", "")) in amount.readings
