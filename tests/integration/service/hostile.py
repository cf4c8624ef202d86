"""Callers who would hold a server up: who send slowly, nothing, too much, or take no answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_HOLDER = Path(__file__).with_name("holding_lines.py")
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrftoken=" + b"a" * 32
_JSON = b"Content-Type: application/json"


def _head(path: str, *headers: bytes, method: str = "POST") -> bytes:
    return b"\r\n".join(
        [f"{method} {path} HTTP/1.1".encode(), b"Host: localhost", *headers, b"", b""]
    )


def openings(token: str) -> dict[str, tuple[bytes, bytes]]:
    """Of each kind of slow sender what it sends at once, and what again and again."""
    key = f"Authorization: Bearer {token}".encode()
    chunked, long = b"Transfer-Encoding: chunked", b"Content-Length: 5000000"
    named = b"Idempotency-Key: slow"
    return {
        "chunked drip": (_head("/v1/decisions", _JSON, chunked), b"1\r\nx\r\n"),
        "known chunked drip": (_head("/v1/decisions", _JSON, key, named, chunked), b"1\r\nx\r\n"),
        "drip": (_head("/v1/decisions", _JSON, key, named, b"Content-Length: 1000000"), b"x"),
        "silent": (_head("/v1/decisions", _JSON, key, named, b"Content-Length: 1000"), b""),
        "silent in chunks": (_head("/v1/decisions", _JSON, key, named, chunked), b""),
        "oversized": (_head("/v1/decisions", _JSON, key, long), b"x"),
        "upload": (_head("/v1/batches", b"Content-Type: text/csv", b"Content-Length: 1000"), b"x"),
        "known upload": (
            _head("/v1/batches", b"Content-Type: text/csv", key, named, b"Content-Length: 1000"),
            b"x",
        ),
        "log-in form": (_head("/accounts/login/", _FORM, b"Content-Length: 5000"), b"x"),
        "a form in chunks": (_head("/accounts/login/", _FORM, chunked), b"1\r\nx\r\n"),
        "half a head": (b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"x"),
        "idle": (b"", b""),
    }


def unread(token: str) -> bytes:
    """Many questions with large answers, on one connection."""
    key = f"Authorization: Bearer {token}".encode()
    return _head("/v1/openapi.json", key, method="GET") * 200


class Crowd:
    """Connections that are held by a process of its own: the tester's other work, and its measures,
    do not wait for that of the crowd. Who is thrown out comes again, until all `tire`."""

    def __init__(self, address: tuple[str, int]) -> None:
        command = [sys.executable, str(_HOLDER), *map(str, address)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def add(
        self,
        count: int,
        name: str,
        first: bytes = b"",
        more: bytes = b"",
        *,
        asks: bytes = b"",
        reads: bool = True,
    ) -> None:
        """Open so many more that send `first`, and then `more` again and again. What well-behaved
        clients ask again and again, `asks`, they ask no longer when they tire. Who does not read
        is not counted: who is given up as gone is not told so."""
        sent = {"first": first.hex(), "more": more.hex(), "asks": asks.hex()}
        self._tell({"add": count, "name": name, "reads": reads, **sent})

    def tire(self) -> None:
        """From now on nobody comes again, and well-behaved clients ask nothing more."""
        self._tell({"tire": True})

    @property
    def open(self) -> dict[str, int]:
        """How many of each name the server has not closed."""
        checks: dict[str, int] = self._tell({})["open"]
        return checks

    @property
    def ended(self) -> int:
        """How often it has closed one."""
        ended: int = self._tell({})["ended"]
        return ended

    def end(self) -> None:
        """All hang up."""
        self._process.kill()
        self._process.communicate()

    def _tell(self, line: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def crowd(address: tuple[str, int]) -> Iterator[Crowd]:
    """A crowd at that address, gone at the end."""
    server = Crowd(address)
    try:
        yield server
    finally:
        server.end()
