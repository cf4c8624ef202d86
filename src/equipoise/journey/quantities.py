"""Numbers with their units as a person reads them: every digit, in the language spoken now."""

from __future__ import annotations

from decimal import Decimal

from equipoise.contract import Field
from equipoise.contract.currencies import is_currency
from equipoise.texts.currencies import decimals
from equipoise.texts.numbers import THIN, fixed, unit_word, with_currency
from equipoise.texts.numbers import written as number_format
from equipoise.texts.saying import say, spoken

_MONEY = "money"
_SHARES = ("share", "fraction", "ratio", "rate", "proportion", "probability", "apr")


def priced(field: Field, currency: str) -> Field:
    """The field with the contract's currency in its unit, where that says money alone."""
    first, space, rest = field.unit.strip().partition(" ")
    if first.lower() != _MONEY or currency.lower() in ("", _MONEY):
        return field
    return field.model_copy(update={"unit": f"{currency}{space}{rest}"})


def figure(value: float | Decimal, unit: str) -> str:
    """A number with its unit, in the way that unit is read."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    first, _, rest = unit.strip().partition(" ")
    if is_share(unit):
        return f"{_exact(number * 100)}{number_format().percent}"
    if first.lower() == _MONEY or is_currency(first):
        return _per(_money(number, "" if first.lower() == _MONEY else first), rest)
    if unit.strip() == "%":
        return f"{_exact(number)}{number_format().percent}"
    return _with_unit(_exact(number), unit.strip())


def figure_of(field: Field, value: float | Decimal) -> str:
    """A field's number as an applicant reads it, with the lender's own word for the unit if any."""
    own = field.unit_label.get(spoken(), "")
    if not own:
        return figure(value, field.unit)
    return say("{amount} {unit}", amount=figure(value, ""), unit=own)


def is_share(unit: str) -> bool:
    """Whether a unit says a fraction of one, which people write in per cent."""
    return unit.strip().partition(" ")[0].lower() in _SHARES


def _money(number: Decimal, currency: str) -> str:
    """An amount: no decimals where it is whole, else its currency's or all it has."""
    return with_currency(_exact(number, least=decimals(currency)), currency)


def _per(amount: str, rest: str) -> str:
    if rest == "a month":
        return say("{amount} a month", amount=amount)
    if rest == "a year":
        return say("{amount} a year", amount=amount)
    return _with_unit(amount, rest)


def _with_unit(amount: str, unit: str) -> str:
    return say("{amount} {unit}", amount=amount, unit=unit_word(unit)) if unit else amount


def _exact(number: Decimal, least: int = 0) -> str:
    """All of a number's digits, in groups by commas as in what is offered, whatever the language;
    at least so many decimals where it has any."""
    exponent = number.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    text = fixed(float(number), max(decimals, least) if decimals else 0)
    return text.replace(THIN, ",")
