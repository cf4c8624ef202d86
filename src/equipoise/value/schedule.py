"""What is paid for a loan, month by month, in whole minor units of its currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

_PLACES = 2  # of a currency with hundredths
_EXACT = Context(prec=40, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment of one month in minor units: what is paid, of it interest and principal, and what
    is owed after it."""

    number: int
    paid: int
    interest: int
    principal: int
    left: int


def schedule(amount: float, apr: float, months: int, places: int = _PLACES) -> tuple[Payment, ...]:
    """The payments of an annuity at apr / 12 a month; `apr` is a fraction a year, `places` are the
    decimals of the currency.

    Interest and the level payment are rounded half up to the minor unit, and the last payment is
    what is owed then: what is shown adds up. Raises ValueError for no months.
    """
    if months < 1:
        raise ValueError("a loan is paid back over one month at least")
    rate = _EXACT.divide(Decimal(repr(apr)), Decimal(12))
    left = minor(amount, places)
    level = _whole(_level(Decimal(left), rate, months))
    payments = []
    for number in range(1, months + 1):
        interest = _whole(_EXACT.multiply(Decimal(left), rate))
        paid = left + interest if number == months else min(level, left + interest)
        left -= paid - interest
        payments.append(Payment(number, paid, interest, paid - interest, left))
    return tuple(payments)


def paid_in_all(payments: Iterable[Payment]) -> int:
    """All that is paid, in minor units. It is not the instalment times the months: the last payment
    is another."""
    return sum(each.paid for each in payments)


def minor(amount: float, places: int = _PLACES) -> int:
    """An amount in minor units of a currency with so many decimals, rounded half up."""
    return _whole(Decimal(repr(amount)).scaleb(places))


def major(units: int, places: int = _PLACES) -> float:
    """Minor units as an amount."""
    return float(units) / 10.0**places


def _level(owed: Decimal, rate: Decimal, months: int) -> Decimal:
    if not rate:
        return _EXACT.divide(owed, Decimal(months))
    shrunk = _EXACT.power(1 + rate, -months)
    return _EXACT.divide(_EXACT.multiply(owed, rate), 1 - shrunk)


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), context=_EXACT))
