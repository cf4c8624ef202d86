"""How a cell of a form is written and read: text, numbers, names by comma, weights of measures.
What cannot be read stays a text, so that the document refuses it with its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of reading: a value as it stands in a cell, and what a typed one means."""

    shown: Callable[[Any], str]
    read: Callable[[str], Any]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _number(text: str) -> float | int | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else _text(value)


def _names(text: str) -> str | list[str]:
    """One name, or several by commas."""
    names = [each.strip() for each in text.replace("\uff0c", ",").split(",") if each.strip()]
    return names[0] if len(names) == 1 else names


def _several(text: str) -> list[str]:
    """Names by commas, as a list be it of one."""
    names = _names(text)
    return [names] if isinstance(names, str) else names


def _weighed(value: Any) -> str:
    if not isinstance(value, dict):
        return _text(value)
    return ", ".join(f"{name}: {weight}" for name, weight in value.items())


def _weights(text: str) -> dict[str, Any] | str:
    """`measure: weight` by commas; the text itself where it is none."""
    weights: dict[str, Any] = {}
    for each in text.split(","):
        name, mark, weight = each.partition(":")
        if not mark:
            return text
        weights[name.strip()] = _number(weight.strip())
    return weights


TEXT = Kind(_text, str)
NUMBER = Kind(_text, _number)
NAMES = Kind(_listed, _names)
LIST = Kind(_listed, _several)
WEIGHTS = Kind(_weighed, _weights)
