"""Numbers with their units as a person reads them: every digit, in the language spoken now."""

from __future__ import annotations

from decimal import Decimal

from equipoise.contract.currencies import is_currency
from equipoise.texts.numbers import THIN, fixed, unit_word
from equipoise.texts.numbers import written as number_format
from equipoise.texts.saying import say

_SHARES = ("share", "fraction", "ratio", "rate", "proportion", "probability", "apr")


def figure(value: float | Decimal, unit: str, currency: str = "") -> str:
    """A number with its unit; `currency` is the contract's, where the unit is plain money."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    first, _, rest = unit.strip().partition(" ")
    if is_share(unit):
        return f"{_exact(number * 100)}{number_format().percent}"
    if first.lower() == "money" or is_currency(first):
        return _per(_money(number, currency if first.lower() == "money" else first), rest)
    if unit.strip() == "%":
        return f"{_exact(number)}{number_format().percent}"
    return _with_unit(_exact(number), unit.strip())


def is_share(unit: str) -> bool:
    """Whether a unit says a fraction of one, which people write in per cent."""
    return unit.strip().partition(" ")[0].lower() in _SHARES


def _money(number: Decimal, currency: str) -> str:
    """An amount: no decimals where it is whole, else two or all it has."""
    amount = _exact(number, least=2)
    return amount if currency.lower() in ("", "money") else f"{currency}{THIN}{amount}"


def _per(amount: str, rest: str) -> str:
    if rest == "a month":
        return say("{amount} a month", amount=amount)
    if rest == "a year":
        return say("{amount} a year", amount=amount)
    return _with_unit(amount, rest)


def _with_unit(amount: str, unit: str) -> str:
    return say("{amount} {unit}", amount=amount, unit=unit_word(unit)) if unit else amount


def _exact(number: Decimal, least: int = 0) -> str:
    """All of a number's digits in groups; at least so many decimals where it has any."""
    exponent = number.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return fixed(float(number), max(decimals, least) if decimals else 0)
