"""Django's application, asked as WSGI has it (PEP 3333), with a body that is whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from equipoise.service.door.heads import Head
from equipoise.service.door.intake import Body
from equipoise.service.door.replies import Headers, Reply, fit
from equipoise.service.platform.accounts.access import COUNTED
from equipoise.service.platform.papers.incoming import TOO_MUCH

_LARGE = 1 << 20  # bytes of a file that the server sends itself
_COOKIES = "cookie"


class _Sent:
    """WSGI's file wrapper: a file that goes as it is."""

    def __init__(self, file: Any, _size: int = 0) -> None:
        self._file = file

    def path(self) -> str:
        """Where it lies, if it is one whole large file on the disk."""
        name = getattr(self._file, "name", None)
        if not isinstance(name, str) or self._file.tell() != 0:
            return ""
        return name if Path(name).is_file() and Path(name).stat().st_size > _LARGE else ""

    def __iter__(self) -> Any:
        while piece := self._file.read(_LARGE):
            yield piece

    def close(self) -> None:
        """Django has put its response's own in the file's place."""
        self._file.close()


def answer(application: Any, environ: dict[str, Any]) -> Reply:
    """What the WSGI application answers."""
    begun: list[Reply] = []

    def start(status: str, headers: Headers, _fault: Any = None) -> None:
        begun.append(Reply(int(status.split(" ", 1)[0]), fit(headers)))

    result: Iterable[bytes] = application(environ, start)
    try:
        path = result.path() if isinstance(result, _Sent) else ""
        body = b"" if path else b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
    reply = begun[-1]
    reply.body, reply.file = body, path
    return reply


def environ_of(head: Head, body: Body) -> dict[str, Any]:
    """The request as WSGI has it (PEP 3333)."""
    host, _, port = head.scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _native(head.path),
        "QUERY_STRING": _native(head.query),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{'1.0' if head.scope.http_version == '1' else '1.1'}",
        "REMOTE_ADDR": head.address,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": head.scope.scheme,
        "wsgi.input": BytesIO(body.content) if isinstance(body.content, bytes) else body.content,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _Sent,
        **_headers(head),
    }
    environ["HTTP_X_REQUEST_ID"] = head.request_id
    if head.host:
        environ["HTTP_HOST"] = head.host
    if head.has_body:
        environ["CONTENT_LENGTH"] = str(body.size)
    if body.counted:
        environ[COUNTED] = True
    if body.too_much:
        environ[TOO_MUCH] = True
    return environ


def _headers(head: Head) -> dict[str, str]:
    """CGI's names for them. One with an underscore would pass for another's; of a value that is
    not ASCII the server tells that it is there."""
    variables: dict[str, str] = {}
    for name in head.headers.keys():  # noqa: SIM118 - no mapping
        if "_" in name or name in ("content-length", "transfer-encoding"):
            continue
        value = ("; " if name == _COOKIES else ",").join(head.headers.get_all(name))
        cgi = name.upper().replace("-", "_")
        variables[cgi if cgi == "CONTENT_TYPE" else f"HTTP_{cgi}"] = value
    return variables


def _native(text: str) -> str:
    return text.encode().decode("latin-1")
