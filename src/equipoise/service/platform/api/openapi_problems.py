"""What may go wrong at an endpoint, as its description tells it: what all like it share, and what
it says itself with `gives`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from equipoise.service.platform.operations import catalogue
from equipoise.service.platform.operations.catalogue import CATALOGUE, MARK, Kind
from equipoise.service.platform.operations.problems import CONTENT_TYPE

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_PLACE = {"field": _TEXT, "mend": _TEXT, "file": _TEXT, "line": _NUMBER, "column": _NUMBER}
SCHEMA = {
    "type": "object",
    "description": "Why not (RFC 9457): `type` names the kind of problem and leads to its "
    "description, `detail` says what is wrong this time, `field` where and `mend` how to mend it; "
    "`faults` are all of several. `instance` ends in the request's id, under which the log has it.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": _NUMBER,
        "detail": _TEXT,
        "instance": {"type": "string", "format": "uri-reference"},
        **_PLACE,
        "row": _NUMBER,
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"detail": _TEXT, **_PLACE, "row": _NUMBER},
                "required": ["detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
}
_ALWAYS = (
    catalogue.UNREADABLE,
    catalogue.NOT_AUTHENTICATED,
    catalogue.NOT_ALLOWED,
    catalogue.IN_THE_CLEAR,
    catalogue.UNKNOWN_PARAMETER,
    catalogue.TOO_OFTEN,
    catalogue.INTERNAL,
    catalogue.BUSY,
    catalogue.UNAVAILABLE,
)
_CHANGING = (catalogue.TOO_SLOW, catalogue.TOO_LARGE, catalogue.WRONG_TYPE)
_WAIT = {
    "Retry-After": {"description": "Seconds after which to ask again.", "schema": _NUMBER},
}
_WAITING = (409, 429, 503)


def add_problems(method: str, path: str, operation: dict[str, Any]) -> None:
    """Describe every problem that this operation may answer with."""
    kinds = set(_kinds(method, path, operation))
    answers = operation["responses"] = {str(s): each for s, each in operation["responses"].items()}
    ordered = [each for each in CATALOGUE.values() if each in kinds]
    for status, group in groupby(ordered, lambda each: each.status):
        answers.setdefault(str(status), _response(status, list(group)))


def _kinds(method: str, path: str, operation: dict[str, Any]) -> Iterable[Kind]:
    own = [CATALOGUE[name] for name in operation.pop(MARK, ())]
    yield from _ALWAYS
    yield from own
    if method != "get":
        yield from _CHANGING
        if path != "/v1/decisions":
            yield catalogue.TEST_KEY
    if "{" in path:
        yield catalogue.NOT_FOUND
    if "requestBody" in operation or operation.get("parameters"):
        yield from (catalogue.INVALID, catalogue.VALUE, catalogue.NOT_FOUND)


def _response(status: int, kinds: list[Kind]) -> dict[str, Any]:
    types: Mapping[str, Any] = {"type": {"enum": [each.type for each in kinds]}}
    shape = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": types}]}
    shown = {each.name: {"$ref": f"#/components/examples/{each.name}"} for each in kinds}
    answer: dict[str, Any] = {
        "description": " / ".join(f"{each.title} (`{each.name}`)" for each in kinds),
        "content": {CONTENT_TYPE: {"schema": shape, "examples": shown}},
    }
    if status in _WAITING:
        answer["headers"] = _WAIT
    return answer


def examples() -> dict[str, Any]:
    """One of each kind, to which every endpoint refers."""
    return {
        each.name: {"summary": each.title, "value": _example(each)} for each in CATALOGUE.values()
    }


def _example(kind: Kind) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.title,
        "instance": "/v1/me#0f3a5c9d1b7e2f4860a1c2d3",
    }
