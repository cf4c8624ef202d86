"""What a description of the API promises to programs: addresses, parameters, fields and answers,
without its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEP = 6


def shape(description: Mapping[str, Any]) -> dict[str, Any]:
    """Of each operation, by method and address: parameters, the body that it takes (with what it
    must have) and the fields of each answer. What is added by name differs from none of it."""
    return {
        f"{method.upper()} {path}": _operation(operation, description)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
    }


def _operation(operation: Mapping[str, Any], of: Mapping[str, Any]) -> dict[str, Any]:
    parameters = operation.get("parameters", ())
    bodies = operation.get("requestBody", {}).get("content", {})
    return {
        "parameters": {each["name"]: each["in"] for each in parameters},
        "asked": sorted(each["name"] for each in parameters if each.get("required")),
        "bodies": {kind: _fields(each.get("schema", {}), of) for kind, each in bodies.items()},
        "needed": {kind: _needed(each.get("schema", {}), of) for kind, each in bodies.items()},
        "answers": {
            str(code): {
                kind: _fields(each.get("schema", {}), of)
                for kind, each in answer.get("content", {}).items()
            }
            for code, answer in operation["responses"].items()
            if int(code) < 400
        },
    }


def _needed(schema: Mapping[str, Any], of: Mapping[str, Any]) -> list[str]:
    return sorted(_resolved(schema, of).get("required", ()))


def _fields(schema: Mapping[str, Any], of: Mapping[str, Any], deep: int = 0) -> Any:
    """Fields by name, of what a list or a choice holds too; of what has none, its type."""
    schema = _resolved(schema, of)
    if deep == _DEEP:
        return "..."
    if "properties" in schema:
        return {name: _fields(each, of, deep + 1) for name, each in schema["properties"].items()}
    if "items" in schema:
        return {"[]": _fields(schema["items"], of, deep + 1)}
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            parts = [_fields(each, of, deep + 1) for each in schema[choice]]
            return {str(place): each for place, each in enumerate(parts)}
    return str(schema.get("type", "any"))


def _resolved(schema: Mapping[str, Any], of: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        schema = of["components"]["schemas"][name]
    return schema
