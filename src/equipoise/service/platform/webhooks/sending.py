"""One message over HTTP: to a checked address, without redirects, within bounded time and size."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse

from equipoise.service.platform.webhooks.guard import Allowed, Forbidden, Target

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
_MOST_READ = 16_384  # bytes of an answer, read only so that the connection can be used again
_AGENT = "Equipoise-Webhooks/1"

Lookup = Callable[[str, int], list[str]]


class Problem(StrEnum):
    """Why a message did not arrive."""

    FORBIDDEN = "forbidden address"
    NAME = "name not found"
    CONNECTION = "no connection"
    CERTIFICATE = "certificate or TLS"
    TIME = "too slow"
    ANSWER = "no HTTP answer"
    REDIRECT = "redirect, not followed"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status where there was one; `problem` is None where it arrived."""

    status: int | None
    problem: Problem | None
    milliseconds: int


def look_up(host: str, port: int) -> list[str]:
    """The numbers a name stands for. Raises OSError where it stands for none, or takes too long."""
    asked = _resolvers().submit(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
    return [str(address[4][0]) for address in asked.result(CONNECT_SECONDS)]


class Line:
    """A way to one target, kept open from message to message. Not to be shared by threads."""

    def __init__(self, to: Target, allowed: Allowed, lookup: Lookup = look_up) -> None:
        self._to, self._allowed, self._lookup = to, allowed, lookup
        self._connection: _Checked | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one message. Whatever goes wrong is in the answer."""
        start = time.monotonic()
        deadline = _Deadline(TOTAL_SECONDS)
        status, problem = None, None
        try:
            with deadline:
                status = self._status(body, headers, deadline)
            problem = Problem.TIME if deadline.passed else _of_status(status)
        except (OSError, HTTPException, ValueError, Forbidden) as error:
            problem = Problem.TIME if deadline.passed else _of_error(error)
        if problem is not None:
            self._hang_up()
        return Answer(status, problem, round(1000 * (time.monotonic() - start)))

    def _status(self, body: bytes, headers: Mapping[str, str], deadline: _Deadline) -> int:
        kept = self._connection is not None
        try:
            return self._ask(body, headers, deadline)
        except (ConnectionError, HTTPException):
            # The other side may close a connection that was idle, just as we use it.
            if not kept or deadline.passed:
                raise
            self._hang_up()
            return self._ask(body, headers, deadline)

    def _ask(self, body: bytes, headers: Mapping[str, str], deadline: _Deadline) -> int:
        connection = self._connection or self._connected(deadline)
        deadline.watch(connection.sock)
        sent = {**headers, "Content-Type": "application/json", "User-Agent": _AGENT}
        connection.request("POST", self._to.path, body, sent)
        answer = connection.getresponse()
        self._keep(answer)
        return answer.status

    def _connected(self, deadline: _Deadline) -> _Checked:
        faults: list[OSError] = []
        for address in self._addresses():
            connection = _Checked(self._to, address)
            try:
                connection.reach(deadline)
            except OSError as error:
                connection.close()
                faults.append(error)
            else:
                self._connection = connection
                return connection
        raise faults[0] if faults else socket.gaierror("no address")

    def _addresses(self) -> list[str]:
        """What the name resolves to, every one of it checked. Raises Forbidden if one is not."""
        addresses = list(dict.fromkeys(self._lookup(self._to.host, self._to.port)))
        for address in addresses:
            if not self._allowed.reach(self._to.host, address):
                raise Forbidden("the name stands for an address on a private network")
        return addresses[:3]

    def _keep(self, answer: HTTPResponse) -> None:
        """Keep the connection where little is left to read; what is answered does not matter."""
        short = answer.length is not None and answer.length <= _MOST_READ
        if short:
            answer.read()
        if not short or answer.will_close:
            answer.close()
            self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Checked(HTTPConnection):
    """Connects to the address that was checked, and holds the certificate to the name."""

    auto_open = 0  # it would connect by itself to wherever the name leads by then

    def __init__(self, to: Target, address: str) -> None:
        super().__init__(to.host, to.port, timeout=CONNECT_SECONDS)
        self.default_port = 443 if to.secure else 80
        self._to, self._address = to, address

    def reach(self, deadline: _Deadline) -> None:
        """Connect, with the deadline already watching the handshake."""
        plain = socket.create_connection((self._address, self._to.port), CONNECT_SECONDS)
        self.sock = plain
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        deadline.watch(plain)
        if self._to.secure:
            shaken = _tls().wrap_socket(
                plain, server_hostname=self._to.host, do_handshake_on_connect=False
            )
            self.sock = shaken
            deadline.watch(shaken)
            shaken.do_handshake()
        self.sock.settimeout(TOTAL_SECONDS)


class _Deadline:
    """Cuts the connection when the time is up: a timeout of the socket only bounds each read, and
    whoever sends a byte a second could go on for ever."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.passed = False

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, connection: socket.socket | None) -> None:
        """The connection to cut."""
        self._socket = connection
        if self.passed:
            raise TimeoutError

    def _cut(self) -> None:
        self.passed = True
        if self._socket is not None:
            try:
                # The socket itself, not TLS's way to say goodbye, which the other side could delay.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return


def _of_status(status: int) -> Problem | None:
    if 200 <= status < 300:
        return None
    return Problem.REDIRECT if 300 <= status < 400 else Problem.STATUS


def _of_error(error: Exception) -> Problem:
    kinds: tuple[tuple[type[Exception], Problem], ...] = (
        (Forbidden, Problem.FORBIDDEN),
        (socket.gaierror, Problem.NAME),
        (UnicodeError, Problem.NAME),
        (ssl.SSLError, Problem.CERTIFICATE),
        (TimeoutError, Problem.TIME),
        (OSError, Problem.CONNECTION),
    )
    return next((problem for kind, problem in kinds if isinstance(error, kind)), Problem.ANSWER)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _resolvers() -> ThreadPoolExecutor:
    # Apart, because a look-up knows no timeout.
    return ThreadPoolExecutor(4, thread_name_prefix="names")
