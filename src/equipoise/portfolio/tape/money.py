"""Which currency a tape is in: by a column, or by the signs beside its amounts."""

from __future__ import annotations

import re

from equipoise.portfolio.tape.choosing import Making
from equipoise.portfolio.tape.document import MONEY

_SIGNS = {
    "R$": "BRL", "£": "GBP", "€": "EUR", "₹": "INR", "₩": "KRW", "₫": "VND", "₽": "RUB",
    "zł": "PLN", "₺": "TRY", "₴": "UAH", "₦": "NGN", "₱": "PHP", "฿": "THB",
}  # fmt: skip
_CODE = re.compile(
    r"(?<![A-Z])T?(AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR"
    r"|JPY|KES|KRW|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND"
    r"|ZAR)(?![A-Z])"
)
# A sign that several countries have, beside the words of one of them.
_YUAN = re.compile(r"[元¥￥]")
_CHINESE, _JAPANESE = re.compile("[贷额]"), re.compile("円|残高")


def currency_of(making: Making) -> str:
    """The code of the currency that most rows are in, or that stands beside the amounts; "" where
    none does."""
    column = making.column("currency")
    return _commonest(making, column.column) if column is not None else _beside_amounts(making)


def _commonest(making: Making, column: str) -> str:
    counted = making.frame[column].cast(str).str.to_uppercase().drop_nulls().value_counts()
    ranked = counted.sort("count", counted.columns[0], descending=[True, False])
    if ranked.height > 1:
        others = ", ".join(ranked[counted.columns[0]][1:].to_list()[:5])
        making.review.append(f"currency: the commonest; rows in others are refused: {others}")
    return str(ranked[counted.columns[0]][0]) if ranked.height else ""


def _beside_amounts(making: Making) -> str:
    told: dict[str, str] = {}
    for each in (each for each in making.columns if each.role in MONEY):
        if code := _of_text(each.called, f"{each.called} {each.format}"):
            told.setdefault(code, each.called)
    if len(told) != 1:
        making.review.append("currency: none is named; name its code with --currency, as in CNY")
        return ""
    ((code, header),) = told.items()
    making.review.append(f"currency: {code}, by the amounts of '{header}'; --currency says another")
    return code


def _of_text(header: str, text: str) -> str:
    if named := _CODE.search(header):
        return str(named[1])
    if _JAPANESE.search(header):
        return "JPY"
    if _YUAN.search(text) and _CHINESE.search(header):
        return "CNY"
    return next((code for sign, code in _SIGNS.items() if sign in text), "")
