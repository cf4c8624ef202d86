"""When two requests are one: by the values that they hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any

from equipoise.record.chain import canonical

_AS_IT_IS = frozenset({str, int, bool, NoneType})


def normal_form(value: Any) -> bytes:
    """One text for one request, however a program has written it: numbers by value, so that
    `8950`, `8950.0` and `8.95e3` are one, and `0` and `-0.0`; names in any order. Whole numbers are
    told apart to the last digit, texts to the last character, and no kind passes for another.

    It tells requests apart and is kept for a day; the record has a form of its own. Raises
    ValueError for what JSON cannot hold.
    """
    return canonical(_by_value(value))


def _by_value(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() else value
    if kind in _AS_IT_IS:
        return value
    if isinstance(value, Mapping):
        return {
            name: each if type(each) in _AS_IT_IS else _by_value(each)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_by_value(each) for each in value]
    return value
