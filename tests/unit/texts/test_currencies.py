"""Amounts are written in the decimals of their currency."""

from __future__ import annotations

import pytest

from equipoise.contract import Field
from equipoise.journey import written_answer
from equipoise.strategy.recourse.moves import Move
from equipoise.strategy.recourse.way import changed
from equipoise.texts import numbers
from equipoise.texts.decisions import money, percent
from equipoise.texts.saying import our_languages, speaking


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (199.66, "EUR", "EUR 199.66"),
        (8000.0, "EUR", "EUR 8,000"),
        (19_966.4, "JPY", "JPY 19,966"),
        (1_500_000.5, "KRW", "KRW 1,500,000"),
        (12.3456, "KWD", "KWD 12.346"),
        (12.0, "KWD", "KWD 12"),
        (-0.2, "JPY", "JPY 0"),
        (199.66, "", "199.66"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(
    value: float, currency: str, written: str
) -> None:
    assert money(value, currency).replace("\u202f", " ") == written


def test_where_no_currency_is_named_the_amount_stands_alone() -> None:
    assert [money(1234.5, "money"), money(2000, ""), money(2000, "EUR")] == [
        "1,234.50",
        "2,000",
        "EUR\u202f2,000",
    ]


@pytest.mark.parametrize("language", our_languages())
def test_a_currency_stands_on_one_side_wherever_an_amount_is_written(language: str) -> None:
    """Of questions, of offers and letters, and of reports; CLDR puts it first in both languages."""
    slip = Field(name="amount", type="number", unit="money")
    move = Move(slip.model_copy(update={"unit": "money a month"}), True, 8000.0, 1, 1.0, -500.0)
    with speaking(language):
        said = [
            written_answer(slip, 12_000.0, "USD", language),
            money(12_000, "USD"),
            numbers.money(12_000, "USD").replace("\u202f000", ",000"),
        ]
    assert said == ["USD\u202f12,000"] * 3
    way = changed(move, 1, (language,), "USD").said[language]
    assert "USD\u202f7,500" in way
    assert "USD\u202f8,000" in way


def test_shares_of_an_offer_are_written_as_each_language_writes_them() -> None:
    assert [percent(0.0725, each) for each in ("en", "zh-CN")] == ["7.25\u202f%", "7.25%"]
