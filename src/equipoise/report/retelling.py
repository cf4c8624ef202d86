"""Sentences that a result holds, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def retelling(value: Any, *, said: bool = False) -> Any:
    """The same JSON value with the sentences in it said in the language spoken now."""
    if spoken() == ENGLISH:
        return value
    if isinstance(value, str):
        return retold(value) if said else value
    if isinstance(value, Mapping):
        return {key: retelling(each, said=said or key in _SAID) for key, each in value.items()}
    return [retelling(each, said=said) for each in value] if isinstance(value, list) else value
