"""The API's description made ready to be read as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from equipoise.service.platform.api.short_text import LINES, PATTERN
from equipoise.service.platform.operations.catalogue import CATALOGUE, PLACE

_PROBLEM = "application/problem+json"
_KEYED = "Idempotency-Key"
# Of every text, and they tell a reader nothing.
_OF_ANY_TEXT = (r"^[^\x00]*$", PATTERN, LINES)
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "maxItems": "at most {} items",
    "pattern": "as {}",
    "format": "{}",
    "default": "{} unless said",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter, or one property of a schema."""

    name: str
    place: str
    kind: SafeString
    needed: bool
    text: SafeString


@dataclass(frozen=True, slots=True)
class Answer:
    """One success: its status, and each kind of content with its shape."""

    status: str
    text: str
    contents: tuple[tuple[str, SafeString], ...]
    links: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation: what it takes, answers and refuses, and how to ask it."""

    anchor: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[SafeString, ...]
    parameters: tuple[Named, ...]
    bodies: tuple[tuple[str, SafeString], ...]
    curl: str
    answers: tuple[Answer, ...]
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema by name."""

    name: str
    text: SafeString
    properties: tuple[Named, ...]


def chapters(document: Mapping[str, Any]) -> list[tuple[str, list[Endpoint]]]:
    """The endpoints by subject, in the description's order."""
    by_subject: dict[str, list[Endpoint]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            subject = operation.get("tags", ["others"])[0]
            by_subject.setdefault(subject, []).append(_endpoint(method, path, operation))
    return list(by_subject.items())


def shapes(document: Mapping[str, Any]) -> list[Shape]:
    """Every schema, by name."""
    parts = document["components"]["schemas"]
    return [
        Shape(name, _words(parts[name].get("description", "")), _properties(parts[name]))
        for name in sorted(parts)
    ]


def kind_of(schema: Mapping[str, Any]) -> SafeString:
    """What a value may be, with a link where it has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return format_html('<a href="#schema-{}">{}</a>', name, name)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            between = mark_safe(" and " if word == "allOf" else " or ")  # noqa: S308 - our words
            return format_html_join(between, "{}", ((kind_of(each),) for each in schema[word]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return format_html_join(", ", "<code>{}</code>", ((json.dumps(v),) for v in values))
    if schema.get("type") == "array":
        return format_html("list of {}", kind_of(schema.get("items", {})))
    bounds = [said.format(schema[name]) for name, said in _BOUNDS.items() if _tells(schema, name)]
    plain = schema.get("type", "any")
    named = " or ".join(plain) if isinstance(plain, list) else str(plain)
    return format_html("{}", f"{named} ({', '.join(bounds)})" if bounds else named)


def _words(text: str) -> SafeString:
    """The description's text, what stands in backticks as code."""
    kinds = ("{}", "<code>{}</code>")
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((format_html(kinds[n % 2], each),) for n, each in parts))


def _tells(schema: Mapping[str, Any], name: str) -> bool:
    return schema.get(name) not in (None, "", *_OF_ANY_TEXT)


def _properties(schema: Mapping[str, Any]) -> tuple[Named, ...]:
    needed = schema.get("required", ())
    return tuple(
        Named(name, "", kind_of(shape), name in needed, _words(shape.get("description", "")))
        for name, shape in schema.get("properties", {}).items()
    )


def _endpoint(method: str, path: str, operation: Mapping[str, Any]) -> Endpoint:
    content = operation.get("requestBody", {}).get("content", {})
    successes = {s: a for s, a in operation["responses"].items() if s < "400"}
    return Endpoint(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        paragraphs=tuple(_words(each) for each in operation.get("description", "").split("\n\n")),
        parameters=tuple(_parameter(each) for each in operation.get("parameters", ())),
        bodies=tuple((kind, kind_of(shape["schema"])) for kind, shape in content.items()),
        curl=_curl(method.upper(), path, operation, content),
        answers=tuple(_answer(status, answer) for status, answer in successes.items()),
        problems=_problems(operation["responses"]),
    )


def _parameter(given: Mapping[str, Any]) -> Named:
    return Named(
        given["name"],
        given["in"],
        kind_of(given["schema"]),
        bool(given.get("required")),
        _words(given.get("description", "")),
    )


def _answer(status: str, answer: Mapping[str, Any]) -> Answer:
    contents = tuple(
        (kind, kind_of(shape["schema"])) for kind, shape in answer.get("content", {}).items()
    )
    links = tuple(
        (name, link["operationId"], link.get("description", ""))
        for name, link in answer.get("links", {}).items()
    )
    return Answer(status, answer.get("description", ""), contents, links)


def _problems(responses: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The types it may answer with, and what each means."""
    kinds: list[str] = []
    for answer in responses.values():
        kinds += answer.get("content", {}).get(_PROBLEM, {}).get("examples", {})
    return tuple((PLACE + name, f"{CATALOGUE[name].status} {name}") for name in kinds)


def _curl(method: str, path: str, operation: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    lines = [f'curl -X {method} "$URL{path}"', '-H "Authorization: Bearer $API_KEY"']
    if any(each["name"] == _KEYED for each in operation.get("parameters", ())):
        lines.append(f'-H "{_KEYED}: $(uuidgen)"')
    kind = next(iter(content), "")
    if kind:
        lines.append(f'-H "Content-Type: {kind}"')
        example = content[kind].get("example")
        shown = json.dumps(example, ensure_ascii=False) if isinstance(example, dict) else ""
        quoted = shown.replace("'", "'\\''")
        lines.append(f"-d '{quoted}'" if shown else "--data-binary @file")
    return " \\\n     ".join(lines)
