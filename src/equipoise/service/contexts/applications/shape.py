"""What may stand in an application at all, before any strategy reads it."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from equipoise.errors import BadInput
from equipoise.service.contexts.applications import CHECKS

_TEXT = 4000  # characters of the longest text
_CHECKS = 200
_SMALL = 2**62


def plain_facts(application: Mapping[str, Any]) -> None:
    """Raises BadInput where a value is no number, short text, truth value or null: what is
    recorded can then be read again by anyone, whatever strategy there was."""
    for name, value in application.items():
        kind = type(value)
        if kind is float:  # first what nearly all are, as every decision comes by here
            ordinary = isfinite(value)
        elif kind is str:
            ordinary = value.isascii() and len(value) <= _TEXT
        elif kind is int:
            ordinary = -_SMALL < value < _SMALL
        else:
            ordinary = value is None or kind is bool
        if ordinary:
            continue
        if name == CHECKS and isinstance(value, Mapping):
            if len(value) > _CHECKS:
                raise BadInput("these are too many checks", field=CHECKS)
            for check, result in value.items():
                _scalar(f"{CHECKS}.{check}", result)
        else:
            _scalar(name, value)


def _scalar(name: str, value: Any) -> None:
    shown = name[:80]
    if isinstance(value, str):
        if len(value) > _TEXT:
            raise BadInput(f"this text is longer than {_TEXT} characters", field=shown)
        if value.encode("utf-8", "ignore").decode() != value:
            raise BadInput("this text holds half a character", field=shown)
    elif isinstance(value, int | float):
        if not _holds(value):
            raise BadInput("this number is too large", field=shown, mend="give null if unknown")
    elif value is not None:
        raise BadInput(
            "this is a list or an object, where one value is wanted",
            field=shown,
            mend="give a number, a text, true, false or null",
        )


def _holds(value: float) -> bool:
    try:
        return isfinite(float(value))
    except OverflowError:
        return False
