"""Amounts are written in the decimals of their currency."""

from __future__ import annotations

import pytest

from equipoise.texts.decisions import money


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (199.66, "EUR", "199.66 EUR"),
        (8000.0, "EUR", "8,000 EUR"),
        (19_966.4, "JPY", "19,966 JPY"),
        (1_500_000.5, "KRW", "1,500,000 KRW"),
        (12.3456, "KWD", "12.346 KWD"),
        (12.0, "KWD", "12 KWD"),
        (-0.2, "JPY", "0 JPY"),
        (199.66, "", "199.66"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(
    value: float, currency: str, written: str
) -> None:
    assert money(value, currency) == written


def test_where_no_currency_is_named_the_amount_stands_alone() -> None:
    assert [money(1234.5, "money"), money(2000, ""), money(2000, "EUR")] == [
        "1,234.50",
        "2,000",
        "2,000 EUR",
    ]
