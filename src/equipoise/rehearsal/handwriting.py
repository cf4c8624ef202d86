"""How people write what they are asked: amounts grouped or not, in wide digits, in ten thousands,
dates in three boxes, and now and then something that cannot be read."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

_WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")
_TEN_THOUSAND = 10_000
_UNREADABLE = ("about {}", "{} or so", "?")


def written(value: Any, hand: Random, language: str) -> str:
    """A fact as somebody types it into one box; empty for one that they do not know."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.2f}"
    if isinstance(value, (int, float)):
        return _number(int(value), hand, language)
    return str(value)


def unreadable(value: Any, hand: Random) -> str:
    """Something that is asked back."""
    return hand.choice(_UNREADABLE).format(value)


def in_boxes(day: date) -> dict[str, str]:
    """A date in three boxes."""
    return {
        "answer-day": str(day.day),
        "answer-month": str(day.month),
        "answer-year": str(day.year),
    }


def _number(value: int, hand: Random, language: str) -> str:
    if value < 1_000:
        return str(value)
    ways = [str(value), f"{value:,}", f"{value:,}".replace(",", " ")]
    if language == "zh":
        ways.append(f"{value:,}".translate(_WIDE))
        if value >= _TEN_THOUSAND and value % 100 == 0:
            ways.append(f"{value / _TEN_THOUSAND:g}万")
    return hand.choice(ways)
