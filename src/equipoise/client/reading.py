"""From an answer's JSON to a typed result, by the result's own annotations."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], plain: Mapping[str, Any]) -> T:
    """A result of that kind. Fields that it does not know are passed over.

    A field's name in the answer is its `metadata["as"]` where it has one. Raises KeyError where a
    field is missing.
    """
    shape = _shape(cast(Hashable, kind))
    return kind(**{ours: _typed(hint, plain[theirs]) for ours, theirs, hint in shape})


@cache
def _shape(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((f.name, f.metadata.get("as", f.name), hints[f.name]) for f in fields(kind))


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is UnionType:  # X | None
        hint = get_args(hint)[0]
    if get_origin(hint) is tuple:
        return tuple(_typed(get_args(hint)[0], each) for each in value)
    if is_dataclass(hint) and isinstance(hint, type):
        return read(hint, value)
    return hint.fromisoformat(value) if hint in (date, datetime) else value
