"""Callers who would hold a server up: who send slowly, nothing, too much, or take no answer."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

_DRIP = 2.0  # seconds between two bytes
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
    """Connections that are held; `ended` counts those that the server has closed. Of those that do
    not read it is not known: who is given up as gone is not told so."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._open: set[socket.socket] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.opened = self.ended = 0

    def add(self, count: int, first: bytes, more: bytes = b"", *, reads: bool = True) -> None:
        """Open so many more that send `first`, and then `more` again and again."""
        for _ in range(count):
            asyncio.run_coroutine_threadsafe(self._begin(first, more, reads), self._loop).result(60)

    def __enter__(self) -> Crowd:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        for line in self._open:
            line.close()

    async def _begin(self, first: bytes, more: bytes, reads: bool) -> None:
        line = socket.socket()
        if not reads:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.setblocking(False)
        await self._loop.sock_connect(line, self._address)
        self._open.add(line)
        self.opened += reads
        task = self._loop.create_task(self._hold(line, first, more, reads))
        self._tasks.add(task)

    async def _hold(self, line: socket.socket, first: bytes, more: bytes, reads: bool) -> None:
        dripping = self._loop.create_task(self._drip(line, first, more))
        if not reads:
            return
        with suppress(OSError):
            while await self._loop.sock_recv(line, 65_536):
                pass
        dripping.cancel()
        self.ended += 1

    async def _drip(self, line: socket.socket, first: bytes, more: bytes) -> None:
        with suppress(OSError):
            await self._loop.sock_sendall(line, first)
            while more:
                await asyncio.sleep(_DRIP)
                await self._loop.sock_sendall(line, more)


@contextmanager
def crowd(address: tuple[str, int]) -> Iterator[Crowd]:
    """A crowd at that address, gone at the end."""
    with Crowd(address) as found:
        yield found


def seconds(work: Callable[[], object]) -> float:
    """How long it took."""
    start = time.monotonic()
    work()
    return time.monotonic() - start
