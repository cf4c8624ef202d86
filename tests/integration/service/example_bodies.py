"""The body that the API's description gives as an example, by the address it is sent to."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from equipoise.service.project.api import api


def example_body(path: str) -> Any:
    """The example of what is posted to an address; nothing where there is none."""
    return next((body for shape, body in _examples() if shape.fullmatch(path)), {})


@cache
def _examples() -> list[tuple[re.Pattern[str], Any]]:
    described = api.document(())
    return [
        (re.compile(re.sub(r"{[^}]+}", "[^/]+", path)), _of(operations))
        for path, operations in described["paths"].items()
        if "{" in path and "post" in operations
    ]


def _of(operations: Any) -> Any:
    content = operations["post"].get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("example", {})
