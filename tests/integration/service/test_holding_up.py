"""Nobody is held up: by slow senders, idle connections, or clients that take no answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hostile import Crowd, crowd, openings, unread
from lender import facts
from processes import Server, log_in, until, workspace

from equipoise.service.commands.listening import listening

# Short, so that the end can be waited for, or so long that nobody waits for it; what the service is
# told otherwise lies between. No test looks at a clock, which on a loaded machine says nothing.
TIMES = {
    "EQUIPOISE_IDLE_SECONDS": "20",
    "EQUIPOISE_UNREAD_SECONDS": "10",
    "EQUIPOISE_BODY_SECONDS": "10",
    "EQUIPOISE_UPLOAD_SECONDS": "10",
}
FOR_LONG = {**dict.fromkeys(TIMES, "3600"), "EQUIPOISE_BODY_RATE": "0.01"}


@dataclass(frozen=True)
class Count:
    """How many of each are there at once."""

    slow: int  # of each kind
    idle: int
    kept: int
    unread: int
    honest: int  # requests while they are


FEW, MANY = Count(3, 30, 10, 3, 20), Count(200, 2_000, 500, 200, 400)
_ASKS = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
COUNTS = [
    pytest.param(FEW, id="few"),
    pytest.param(MANY, id="many", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = workspace(tmp_path_factory.mktemp("crowded") / "lender")
    service = Server(folder, more=TIMES, background=False).start()
    yield service
    service.kill()


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that throws nobody out who is only slow."""
    folder = workspace(tmp_path_factory.mktemp("patient") / "lender")
    service = Server(folder, more=FOR_LONG, background=False).start()
    yield service
    service.kill()


def _address(server: Server) -> tuple[str, int]:
    parts = urlsplit(server.said["url"])
    return parts.hostname or "", parts.port or 0


def _alive(server: Server) -> None:
    line = HTTPConnection(*_address(server), timeout=60)
    line.request("GET", "/healthz", headers={"Host": "localhost"})
    assert line.getresponse().status == 200
    line.close()


def _open(server: Server) -> int:
    """Sockets that the answering process holds."""
    result = 0
    for path in Path(f"/proc/{server.children()[0]}/fd").iterdir():
        try:
            result += str(path.readlink()).startswith("socket:")
        except FileNotFoundError:
            continue
    return result


def _come(held: Crowd, server: Server, count: Count) -> None:
    """The whole crowd, at once."""
    for name, sent in openings(server.key).items():
        held.add(count.slow, name, *sent)
    held.add(count.idle, "idle")
    held.add(count.unread, "unread", unread(server.key), reads=False)
    held.add(count.kept, "kept", _ASKS, asks=_ASKS)


@pytest.mark.parametrize("count", COUNTS)
def test_a_crowd_holds_nobody_up(patient: Server, count: Count) -> None:
    """None of it is thrown out for an hour: whoever waited for that would not be answered."""
    with crowd(_address(patient)) as held:
        _come(held, patient, count)
        _alive(patient)
        for number in range(count.honest):
            key = f"crowded-{count.slow}-{number}"
            assert patient.decide(facts(application_id=key), key)[0] == 201
        _alive(patient)
        assert held.open["idle"] == count.idle + count.slow, "they were there all the time"


@pytest.mark.parametrize("count", COUNTS)
def test_a_crowd_is_gone_once_its_time_is_over(server: Server, count: Count) -> None:
    before = _open(server)
    with crowd(_address(server)) as held:
        _come(held, server, count)
        held.tire()
        until(lambda: not held.open and _open(server) <= before + 2)
    assert server.decide(facts(), f"after-{count.slow}")[0] == 201


def test_whoever_is_refused_is_hung_up_on_though_nothing_else_goes_on(server: Server) -> None:
    """What holds a connection goes with its refusal, and not when garbage is next looked for."""
    with crowd(_address(server)) as held:
        for name, (first, _) in openings(server.key).items():
            held.add(3, name, first)
        held.tire()
        until(lambda: not held.open)


def test_bodies_that_are_announced_take_nothing_from_others(server: Server) -> None:
    """Of a program's key and of strangers: more than may be on its way, and nothing is sent."""
    known = openings(server.key)["silent in chunks"][0]
    large = known.replace(b"Transfer-Encoding: chunked", b"Content-Length: 2000000")
    form = openings(server.key)["a form in chunks"][0]
    with crowd(_address(server)) as held:
        held.add(150, "announced", large)
        held.add(200, "form", form)
        status, answer = server.decide(facts(), f"announced-{time.monotonic_ns()}")
        assert status == 201, answer
        assert not log_in(server, "nobody", "as wrong as can be")  # raises where it is busy
        held.tire()


def test_the_kernel_holds_little_for_who_takes_no_answer() -> None:
    """Left alone it would take megabytes for each, of answers that are made for nobody."""
    with listening("127.0.0.1", 0, 30.0) as listener:
        assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 1_100_000


def test_a_slow_body_is_told_so(server: Server) -> None:
    with socket.create_connection(_address(server), timeout=60) as line:
        line.sendall(openings(server.key)["drip"][0] + b"x")
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/too-slow" in answer


def test_probes_have_a_listener_of_their_own(tmp_path: Path) -> None:
    port = _free_port()
    more: Any = {"EQUIPOISE_PROBES": f"127.0.0.1:{port}"}
    server = Server(workspace(tmp_path / "lender"), more=more, background=False).start()
    try:
        said = {}
        for path in ("/healthz", "/readyz", "/v1/me"):
            line = HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("GET", path, headers={"Host": "10.0.0.7"})
            said[path] = line.getresponse().status
            line.close()
        assert (said["/healthz"], said["/v1/me"]) == (200, 404)
        assert said["/readyz"] in (200, 503)  # as the checks stand
        with crowd(("127.0.0.1", port)) as slow:
            slow.add(150, "half", b"GET /healthz HTTP/1.1\r\n")
            line = HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("GET", "/healthz")
            assert line.getresponse().status == 200
            until(lambda: slow.ended >= 150)
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
