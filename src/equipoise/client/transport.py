"""Requests over kept connections, sent again where that is safe."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode, urlsplit

from .problems import kind_of, problem
from .retries import NEVER, Retries

_AGAIN = frozenset({0, 429, 502, 503, 504})
_KEY = re.compile(r"[\x21-\x7e]+")
_MOST = 64_000_000  # bytes of an answer
_UNREACHED = {"detail": "nothing answered"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` 0 where nothing did."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, an empty object where it is none."""
        try:
            return json.loads(self.body) if self.body else {}
        except ValueError:
            return {}

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks to wait."""
        given = self.headers.get("retry-after", "")
        return float(given) if given.isascii() and given.isdigit() else None


@dataclass(frozen=True, slots=True)
class _Request:
    """What is sent, and sent again: bytes or a file; an answer goes `into` a file where given."""

    method: str
    where: str
    headers: Mapping[str, str]
    data: bytes | Path | None = None
    into: BinaryIO | None = None

    def body(self) -> AbstractContextManager[Any]:
        """What is sent, from its beginning."""
        return self.data.open("rb") if isinstance(self.data, Path) else nullcontext(self.data)

    def taken(self, response: HTTPResponse) -> bytes:
        """The answer's body; none where it went into the file."""
        if self.into is None or response.status != 200:
            return response.read(_MOST)
        self.into.seek(0)  # what an earlier try has left is written over
        self.into.truncate()
        shutil.copyfileobj(response, self.into, 1 << 20)
        if response.length:
            raise HTTPException("the answer was cut off")
        return b""


class Sender:
    """Sends to one address; may be used by any number of threads. As whom says `identity`.

    Redirects are not followed, so what identifies the caller goes nowhere else.
    """

    def __init__(
        self, url: str, timeout: float, retries: Retries, context: ssl.SSLContext | None
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"'{url}' is no address; write https://host")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout, self._retries = timeout, retries
        self._context = context or (ssl.create_default_context() if self._secure else None)
        self._here = threading.local()

    def identity(self) -> dict[str, str]:
        """The headers that say who asks."""
        raise NotImplementedError

    def heard(self, response: HTTPResponse) -> None:
        """What an answer says besides, as it comes."""

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        key: str | None = None,
        again: bool = True,
        kind: str = "application/json",
        name: str = "",
    ) -> Answer:
        """The answer, a success. Raises Problem otherwise.

        `again`: having effect twice does no harm, so a request that failed may be sent again.
        Any other goes over a new connection, as the server may have closed the one at hand.
        `body` is sent as JSON, bytes as they are, and a file piece by piece, as that `kind`, and
        called `name` where that is given.
        """
        headers = {**self.identity(), "Accept": "application/json"}
        data = body if body is None or isinstance(body, (bytes, Path)) else _json(body)
        if data is not None:
            headers["Content-Type"] = kind
        if isinstance(data, Path):
            headers["Content-Length"] = str(data.stat().st_size)
        if name:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        if key is not None:
            headers["Idempotency-Key"] = key
        given = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        where = self._prefix + path + (f"?{urlencode(given)}" if given else "")
        if not again:
            self.close()
        by = self._retries if again else NEVER
        return _success(self._until(_Request(method, where, headers, data), by), key)

    def page(self, where: str, form: Mapping[str, str] | None = None) -> Answer:
        """A page of the service, or where a form that is sent there leads; asked once, whatever it
        answers. Redirects are the caller's."""
        headers = {**self.identity(), "Accept": "text/html"}
        if form is None:
            return self._until(_Request("GET", where, headers), NEVER)
        self.close()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._until(_Request("POST", where, headers, urlencode(form).encode()), NEVER)

    def fetch(self, path: str, to: Path) -> None:
        """Write what is there into a file, piece by piece, whole or not at all. Raises Problem."""
        headers = self.identity()
        part = to.with_name(f".{to.name}.part")
        try:
            with part.open("wb") as file:
                asked = _Request("GET", self._prefix + path, headers, into=file)
                _success(self._until(asked, self._retries))
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)

    def _until(self, request: _Request, by: Retries) -> Answer:
        end, tried = time.monotonic() + by.seconds, 0
        while True:
            answer, tried = self._once(request), tried + 1
            wait = by.wait(tried, answer.retry_after)
            if not _worth_it(answer) or tried >= by.attempts or time.monotonic() + wait > end:
                return answer
            time.sleep(wait)

    def _once(self, request: _Request) -> Answer:
        connection = self._connection()
        try:
            with request.body() as body:
                connection.request(request.method, request.where, body, request.headers)
            response = connection.getresponse()
            self.heard(response)
            body_of_answer = request.taken(response)
            if response.read(1):
                raise HTTPException("the answer is too long")
        except (OSError, HTTPException):
            self.close()
            return Answer(0, {}, b"")
        return Answer(
            response.status, {n.lower(): v for n, v in response.getheaders()}, body_of_answer
        )

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._here, "connection", None)
        if connection is None:
            connection = self._here.connection = (
                HTTPSConnection(self._host, self._port, timeout=self._timeout,
                                context=self._context)
                if self._secure
                else HTTPConnection(self._host, self._port, timeout=self._timeout)
            )  # fmt: skip
        return connection

    def close(self) -> None:
        """Close this thread's connection; the next request opens another."""
        connection: HTTPConnection | None = getattr(self._here, "connection", None)
        if connection is not None:
            connection.close()
            self._here.connection = None


class Transport(Sender):
    """Sends with one API key."""

    def __init__(
        self, url: str, key: str, timeout: float, retries: Retries, context: ssl.SSLContext | None
    ) -> None:
        super().__init__(url, timeout, retries, context)
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise ValueError(
                "the API key is empty, or holds what no key does; give the one that the service "
                "showed, which begins with eqp_"
            )
        self._key = key

    def identity(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"}


def _success(answer: Answer, key: str | None = None) -> Answer:
    if 200 <= answer.status < 300:
        return answer
    body = answer.json if answer.status else _UNREACHED
    raise problem(
        answer.status,
        body if isinstance(body, dict) else {},
        request=answer.headers.get("x-request-id", ""),
        retry_after=answer.retry_after,
        key=key,
    )


def _worth_it(answer: Answer) -> bool:
    """Whether the same request may fare better: the fault was not its own."""
    if answer.status in _AGAIN:
        return True
    body = answer.json if answer.status == 409 else None
    return isinstance(body, dict) and kind_of(body) == "in-progress"


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
