"""What is answered: status, headers and body or file, in the form the server takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from equipoise.service.door.heads import Head
from equipoise.service.platform.operations.catalogue import Kind
from equipoise.service.platform.operations.problems import problem

Headers = list[tuple[str, str]]
_UNFIT = re.compile(r"[^\t\x20-\x7e]")


@dataclass(slots=True)
class Reply:
    """An answer; `file` is the path of one that is sent instead of `body`."""

    status: int
    headers: Headers
    body: bytes = b""
    file: str = ""

    def send(self, proto: Any) -> None:
        """Hand it to the server, which sends it on in its own time."""
        if self.file:
            proto.response_file(self.status, self.headers, self.file)
        else:
            proto.response_bytes(self.status, self.headers, self.body)


def fit(headers: Iterable[tuple[str, str]]) -> Headers:
    """Headers as the server takes them: printable ASCII."""
    return [(name, _UNFIT.sub("?", value)) for name, value in headers]


def reply_of(response: HttpResponse) -> Reply:
    """One of Django's answers that stands in memory."""
    return Reply(response.status_code, fit(response.items()), response.content)


def stand_in(head: Head) -> HttpRequest:
    """The request as far as those need it who tell what is wrong with it."""
    request = HttpRequest()
    request.method, request.path = head.method, head.path
    request.path_info = head.path
    return request


def refused(head: Head, kind: Kind, detail: str = "", *, wait: int | None = None) -> Reply:
    """A problem, told; `wait` are seconds after which to ask again."""
    response = problem(stand_in(head), kind, detail)
    if wait is not None:
        response["Retry-After"] = str(wait)
    if kind.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return reply_of(response)
