"""Django's test client, whose requests come in by the door: as the server hands them over, and
through its loop and threads, so that what is tested is the way that programs and people go."""

from __future__ import annotations

import asyncio
import threading
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import Client as DjangoClient
from django.test.client import ClientHandler

from equipoise.service.door.application import Door
from equipoise.service.platform.operations.requests import PROBES

_PATIENCE = 120.0
_doors: dict[bool, Door] = {}
_lock = threading.Lock()


class Client(DjangoClient):
    """Asks by the door; all else is Django's."""

    def __init__(self, enforce_csrf_checks: bool = False, **more: Any) -> None:
        super().__init__(enforce_csrf_checks=enforce_csrf_checks, **more)
        self.handler = _ThroughDoor(enforce_csrf_checks)


class Headers:
    """As granian has them: names in small letters, and no value that is not ASCII."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = [(name.lower(), value) for name, value in pairs]

    def __contains__(self, name: str) -> bool:
        return any(name == each for each, _ in self._pairs)

    def keys(self) -> list[str]:
        return [*dict(self._pairs)]

    def get_all(self, name: str) -> list[str]:
        return [value for each, value in self._pairs if each == name and value.isascii()]

    def get(self, name: str, default: Any = None) -> Any:
        return next(iter(self.get_all(name)), default)


class Scope:
    """A request's head, as granian tells it."""

    proto, http_version, authority = "http", "1.1", None

    def __init__(self, environ: dict[str, Any]) -> None:
        self.method = environ["REQUEST_METHOD"]
        self.path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        self.query_string = environ["QUERY_STRING"]
        self.scheme = environ["wsgi.url_scheme"]
        self.server = f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        self.client = f"{environ['REMOTE_ADDR']}:40000"
        pairs = [("host", self.server.removesuffix(":80"))] if "HTTP_HOST" not in environ else []
        for name, value in environ.items():
            if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                pairs.append((name.removeprefix("HTTP_").replace("_", "-"), str(value)))
        self.headers = Headers([pair for pair in pairs if pair[1]])


class Proto:
    """A body that is there, and an answer that is waited for."""

    def __init__(self, body: bytes) -> None:
        self._left = [body, b""] if body else [b""]
        self._body = body
        self.reply: tuple[int, list[tuple[str, str]], bytes] | None = None

    async def __call__(self) -> bytes:
        return self._body

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop(0)

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        self.reply = status, headers, body

    def response_file(self, status: int, headers: Any, file: str) -> None:
        with open(file, "rb") as opened:  # noqa: PTH123
            self.reply = status, headers, opened.read()


def end_doors() -> None:
    """End what a test's requests have begun, with its threads and their connections."""
    while _doors:
        _, door = _doors.popitem()
        _loop().call_soon_threadsafe(door.end)


class _ThroughDoor(ClientHandler):
    def __call__(self, environ: dict[str, Any]) -> Any:
        if environ["PATH_INFO"] in PROBES:  # told from what a server's own thread has found
            return super().__call__(environ)
        body = environ["wsgi.input"].read() if "wsgi.input" in environ else b""
        proto = Proto(body)
        door = _door(self.enforce_csrf_checks)
        asyncio.run_coroutine_threadsafe(door.__rsgi__(Scope(environ), proto), _loop()).result(
            _PATIENCE
        )
        assert proto.reply is not None
        response = _response(*proto.reply)
        response.wsgi_request = WSGIRequest({**environ, "wsgi.input": BytesIO(body)})
        return response


def _response(status: int, headers: list[tuple[str, str]], body: bytes) -> Any:
    response = HttpResponse(body, status=status)
    del response.headers["Content-Type"]
    for name, value in headers:
        if name.lower() == "set-cookie":
            response.cookies.update(SimpleCookie(value))
        else:
            response.headers[name] = value
    return response


def _door(csrf: bool) -> Door:
    with _lock:
        if csrf not in _doors:
            door = Door(_application(ClientHandler(csrf)))
            asyncio.run_coroutine_threadsafe(door.begin(), _loop()).result(_PATIENCE)
            _doors[csrf] = door
        return _doors[csrf]


def _application(handler: ClientHandler) -> Any:
    """Django's, with what its test client leaves out of it."""

    def application(environ: dict[str, Any], start: Any) -> Any:
        response: Any = handler(environ)
        cookies = [("Set-Cookie", each.output(header="")) for each in response.cookies.values()]
        start(f"{response.status_code} -", [*response.items(), *cookies])
        return response

    return application


_loops: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    if not _loops:
        _loops.append(asyncio.new_event_loop())
        threading.Thread(target=_loops[0].run_forever, daemon=True).start()
    return _loops[0]
