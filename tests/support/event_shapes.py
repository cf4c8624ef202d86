"""Every type of event there is, and in a line of text what stands in its body."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import msgspec

import equipoise.service
from equipoise.record.events import EVENTS, VERSION_FIELD, Event

_SERVICE = Path(equipoise.service.__file__).parent
_OF_ANY = ("tables", VERSION_FIELD)


def every_type() -> list[type[Event]]:
    """By kind and version."""
    for path in sorted(_SERVICE.rglob("events.py")):
        name = ".".join(path.relative_to(_SERVICE).with_suffix("").parts)
        importlib.import_module(f"equipoise.service.{name}")
    return [EVENTS[key] for key in sorted(EVENTS)]


def fields_of(type_: type[Event]) -> dict[str, str]:
    """Each field with its type, as JSON has it; a `?` behind one that may be left out. Without the
    rows that any event may tell, and the version that a later one says."""
    schema = msgspec.json.schema(type_)
    parts: dict[str, Any] = schema.get("$defs", {})
    fields = _object(_named(schema, parts), parts)
    return {name: text for name, text in fields.items() if name not in _OF_ANY}


def meaning_of(type_: type[Event]) -> str:
    """The first paragraph of its docstring."""
    return " ".join((inspect.getdoc(type_) or "").split("\n\n")[0].split())


def _object(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, str]:
    required = schema.get("required", ())
    return {
        name: _text(each, parts) + ("" if name in required else "?")
        for name, each in sorted(schema["properties"].items())
    }


def _text(schema: dict[str, Any], parts: dict[str, Any]) -> str:
    schema = _named(schema, parts)
    if "anyOf" in schema:
        return " | ".join(sorted(_text(each, parts) for each in schema["anyOf"]))
    if "properties" in schema:
        inner = ", ".join(f"{name}: {text}" for name, text in _object(schema, parts).items())
        return f"{{{inner}}}"
    if "enum" in schema:
        return str(schema["enum"][0])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"[{_text(schema['items'], parts)}]"
    if kind == "object":
        return f"{{: {_text(schema.get('additionalProperties') or {}, parts)}}}"
    return str(kind)


def _named(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    text: dict[str, Any] = parts[reference.rpartition("/")[2]] if reference else schema
    return text
