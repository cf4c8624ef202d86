"""A lender's own language model behind an address that speaks as OpenAI's does."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from equipoise.errors import BadInput

SECONDS = 3.0  # from the question to the whole answer
_MOST_READ = 100_000  # bytes
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is asked, by which name, with which key. Raises BadInput for an address
    that is none, or that would have the key travel in clear."""

    url: str  # up to and without /chat/completions
    model: str
    key: str = field(default="", repr=False)
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"'{self.url}' is no address", field="url", mend="write https://host/v1")
        if self.key and parts.scheme == "http" and parts.hostname not in _HERE:
            raise BadInput("the key would travel in clear", field="url", mend="write https://")

    def ask(self, body: dict[str, Any]) -> str | None:
        """What the model says to a request; None where it fails in any way, or takes too long."""
        asked = _threads().submit(
            self._exchange, json.dumps({"model": self.model, **body}).encode()
        )
        try:
            answer = json.loads(asked.result(self.seconds) or b"")
            said = answer["choices"][0]["message"]["content"]
        except (OSError, HTTPException, ValueError, LookupError, TypeError):
            asked.cancel()
            return None
        return said if isinstance(said, str) else None

    def _exchange(self, data: bytes) -> bytes | None:
        connection = self._connection()
        # Each read has a time limit of its own: what comes byte by byte is cut off as a whole.
        timer = threading.Timer(self.seconds, _cut, [connection])
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", self._path(), data, self._headers())
            answer = connection.getresponse()
            return answer.read(_MOST_READ) if answer.status == 200 else None
        finally:
            timer.cancel()
            connection.close()

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "http":
            return HTTPConnection(host, port, timeout=self.seconds)
        return HTTPSConnection(host, port, timeout=self.seconds, context=_tls())

    def _path(self) -> str:
        return f"{urlsplit(self.url).path.rstrip('/')}/chat/completions"

    def _headers(self) -> dict[str, str]:
        key = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return {"Content-Type": "application/json", **key}


def _cut(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        try:
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
        except OSError:
            return


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(4, thread_name_prefix="language-model")
