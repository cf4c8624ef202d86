"""Reading request bodies: UTF-8 and JSON as its standard has it, nothing looser."""

from __future__ import annotations

import json
from typing import Any, Never, cast

from django.http import HttpRequest
from ninja.parser import Parser


class StrictJson(Parser):
    """Refuses other encodings, NaN and Infinity, and names given twice."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        text = request.body.decode("utf-8")
        found = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
        return cast("dict[str, Any]", found)


def _no_number(_text: str) -> Never:
    raise ValueError("NaN and Infinity are no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found
