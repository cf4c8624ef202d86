"""Numbers of an answer held against what the contract says of their field."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from equipoise.contract import Field
from equipoise.contract.currencies import is_currency
from equipoise.contract.durations import DURATIONS
from equipoise.contract.grammar import EXACT_IN_FLOAT, LARGEST
from equipoise.journey.amounts import Amount, amount_of, unmistakable
from equipoise.journey.freetext import box
from equipoise.journey.quantities import figure_of, is_share
from equipoise.journey.refusal import NotRead
from equipoise.texts.numbers import unit_word
from equipoise.texts.saying import say

# A sign that several currencies share, and signs that people write for one.
_CURRENCIES = {
    "$": "usd cad aud hkd sgd nzd mxn twd ars clp cop", "us$": "usd", "dollars": "usd cad aud",
    "dollar": "usd cad aud", "€": "eur", "euro": "eur", "euros": "eur", "£": "gbp",
    "¥": "cny jpy", "元": "cny", "圆": "cny jpy", "块": "cny", "块钱": "cny", "元整": "cny",
    "人民币": "cny", "rmb": "cny", "円": "jpy", "₹": "inr", "rs": "inr", "rs.": "inr",
}  # fmt: skip
_VAGUE = set(",+<>")


def read_figure(field: Field, raw: Mapping[str, str]) -> int | float | None:
    """The number in the field's unit; None where nothing was given. Raises NotRead."""
    text = box(raw, field.name)
    if not text:
        return None
    number = _in_unit(field, text)
    if field.type == "integer" and number != number.to_integral_value():
        raise NotRead(
            say(
                "Please give a whole number, without decimals: {n} is none.", n=unmistakable(number)
            ),
            field=field.name,
        )
    if abs(number) > (EXACT_IN_FLOAT if field.type == "integer" else Decimal(LARGEST)):
        raise NotRead(
            say("This number has more digits than we can work with; please check it."),
            field=field.name,
        )
    _require_in_range(field, number)
    return int(number) if field.type == "integer" else float(number) + 0.0  # zero has one sign


def _in_unit(field: Field, text: str) -> Decimal:
    amount = amount_of(text)
    if amount is None or not _fits(field, amount):
        duration = _duration(field, text)
        if duration is not None:
            return duration
        raise _unreadable(field, amount)
    if len(amount.readings) > 1:
        raise _read_twice(field, text, amount)
    number = amount.readings[0]
    return number / 100 if "%" in amount.words and is_share(field.unit) else number


def _fits(field: Field, amount: Amount) -> bool:
    """Whether the words beside a number are the field's unit, or its currency."""
    unit = field.unit.lower()
    own = {unit, unit_word(field.unit).lower(), unit.partition(" ")[0], unit.rstrip("s")}
    own |= {word.lower() for word in field.unit_label.values()}
    return all(
        word in own or _is_own_currency(unit, word) or (word == "%" and _is_percent(field))
        for word in amount.words
    )


def _is_percent(field: Field) -> bool:
    return is_share(field.unit) or field.unit.strip() == "%"


def _is_own_currency(unit: str, word: str) -> bool:
    """Whether a currency's word may stand where the unit does: any where none is named."""
    own = unit.partition(" ")[0]
    if own in ("money", ""):
        return word in _CURRENCIES or is_currency(word)
    return is_currency(own) and own in _CURRENCIES.get(word, "").split()


def _duration(field: Field, text: str) -> Decimal | None:
    """Years and months in words where the unit is either: `2 years 3 months` is 27 months."""
    spelling = DURATIONS.get(field.unit.lower())
    if spelling is None or _VAGUE & set(text):
        return None
    number = spelling.number(text)
    return None if number is None else round(Decimal(number), 6)


def _unreadable(field: Field, amount: Amount | None) -> NotRead:
    if amount is not None and any(is_currency(word) for word in amount.words) and field.unit:
        message = say("Please give this in {unit}.", unit=unit_word(field.unit))
    elif field.type == "integer":
        message = say("We cannot read this as a number; please write it in digits, such as 24.")
    else:
        message = say(
            "We cannot read this as a number; please write it in digits, such as 12000 or 12000.50."
        )
    return NotRead(message, field=field.name)


def _read_twice(field: Field, text: str, amount: Amount) -> NotRead:
    first, second = map(unmistakable, amount.readings)
    return NotRead(
        say(
            "“{text}” may mean {first} or {second}. Please write one of these as it stands here.",
            text=text,
            first=first,
            second=second,
        ),
        field=field.name,
    )


def _require_in_range(field: Field, number: Decimal) -> None:
    low, high = (_bound(each) for each in field.range or (None, None))
    if (low is None or number >= low) and (high is None or number <= high):
        return
    least = "" if low is None else figure_of(field, low)
    most = "" if high is None else figure_of(field, high)
    if low is not None and high is not None:
        message = say("Please give a number from {least} to {most}.", least=least, most=most)
    elif low is not None:
        message = say("Please give a number of {least} or more.", least=least)
    else:
        message = say("Please give a number of {most} or less.", most=most)
    raise NotRead(message, field=field.name)


def _bound(bound: object) -> Decimal | None:
    return Decimal(repr(bound)) if isinstance(bound, (int, float)) else None
