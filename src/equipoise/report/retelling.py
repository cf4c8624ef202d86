"""Sentences that a result holds, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from equipoise.documents import Document
from equipoise.texts.saying import ENGLISH, retold, spoken

# What a result says in English for people; all else are names, kinds and the lender's own words.
_SAID = frozenset(
    {
        "label",
        "left_out",
        "measure_labels",
        "note",
        "notes",
        "reading",
        "row",
        "source",
        "split",
        "warnings",
        "why",
    }
)


T = TypeVar("T")


def retelling(value: T) -> T:
    """The same result, typed or JSON, with its sentences said in the language spoken now."""
    translated: T = value if spoken() == ENGLISH else _retelling(value, said=False)
    return translated


def _retelling(value: Any, *, said: bool) -> Any:
    if isinstance(value, Document):
        parts = {
            name: _retelling(getattr(value, name), said=said or name in _SAID)
            for name in type(value).model_fields
        }
        return value.model_copy(update=parts)
    if is_dataclass(value) and not isinstance(value, type):
        names = (each.name for each in fields(value))
        parts = {
            name: _retelling(getattr(value, name), said=said or name in _SAID) for name in names
        }
        return replace(value, **parts)
    if isinstance(value, str):
        return retold(value) if said else value
    if isinstance(value, Mapping):
        return {key: _retelling(each, said=said or key in _SAID) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_retelling(each, said=said) for each in value)
    return value
