"""Sending over real connections, to servers that behave in every way they should not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from equipoise.service.platform.webhooks import sending
from equipoise.service.platform.webhooks.guard import Allowed, Target
from equipoise.service.platform.webhooks.sending import Line, Problem

HERE = Allowed.read(["hooks.internal", "127.0.0.1"])
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Talk = Callable[[socket.socket], None]


@contextmanager
def server(talk: Talk, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Listens on 127.0.0.1 and talks to each connection as `talk` says; its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    threads = []

    def serve(plain: socket.socket) -> None:
        with plain:
            try:
                talk(tls.wrap_socket(plain, server_side=True) if tls else plain)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(plain,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join(5)


def request(connection: socket.socket) -> bytes:
    """One request, whole."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += connection.recv(65_536) or b"\r\n\r\n"
    head, _, body = text.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if b"Content-Length" in line), 0
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def says(answer: bytes, heard: list[bytes] | None = None) -> Talk:
    def talk(connection: socket.socket) -> None:
        result = request(connection)
        if heard is not None:
            heard.append(result)
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)

    return talk


def line(port: int, *, secure: bool = False, host: str = "hooks.internal", leads: str = "") -> Line:
    to = Target(secure, host, port, "/hook?a=b")
    return Line(to, HERE, lambda _host, _port: [leads or "127.0.0.1"])


def test_a_message_arrives_as_it_was_sent() -> None:
    heard: list[bytes] = []
    with server(says(OK, heard)) as port, line(port) as to:
        answer = to.post(b'{"a":1}', {"webhook-id": "message-1"})
    assert (answer.status, answer.problem) == (200, None)
    assert heard[0].startswith(b"POST /hook?a=b HTTP/1.1\r\n")
    assert f"Host: hooks.internal:{port}".encode() in heard[0]
    assert b"webhook-id: message-1" in heard[0]
    assert heard[0].endswith(b'\r\n\r\n{"a":1}')


@pytest.mark.parametrize(
    ("said", "status", "problem"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, None),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 500, Problem.STATUS),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", 410, Problem.STATUS),
        (b"HTTP/1.1 101 Switching\r\n\r\n", 101, Problem.STATUS),
        (b"SSH-2.0-OpenSSH_9.2\r\n", None, Problem.ANSWER),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", None, Problem.ANSWER),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", None, Problem.ANSWER),
        (b"", None, Problem.CONNECTION),
    ],
)
def test_what_comes_back_is_told(said: bytes, status: int | None, problem: Problem | None) -> None:
    with server(says(said)) as port, line(port) as to:
        answer = to.post(b"{}", {})
    assert (answer.status, answer.problem) == (status, problem)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    heard: list[bytes] = []
    with server(says(OK, heard)) as elsewhere:
        said = f"HTTP/1.1 {status} Go\r\nLocation: http://127.0.0.1:{elsewhere}/\r\n"
        with server(says(f"{said}Content-Length: 0\r\n\r\n".encode())) as port, line(port) as to:
            answer = to.post(b"{}", {})
    assert (answer.status, answer.problem, heard) == (status, Problem.REDIRECT, [])


def test_an_answer_without_end_is_not_read() -> None:
    sent = []

    def pour(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while len(sent) < 100_000:
            connection.sendall(b"x" * 65_536)
            sent.append(1)

    with server(pour) as port, line(port) as to:
        answer = to.post(b"{}", {})
    assert (answer.status, answer.problem) == (200, None)
    assert len(sent) < 1000


@pytest.mark.parametrize(
    "part", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"]
)
def test_an_answer_by_drops_is_cut_off(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.3)
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        request(connection)
        connection.sendall(part)
        while not over.wait(0.05):
            connection.sendall(b"x")

    with server(drip) as port, line(port) as to:
        answer = to.post(b"{}", {})
        over.set()
    assert answer.problem is Problem.TIME


def test_a_handshake_by_drops_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.3)
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16,384 bytes to come
        while not over.wait(0.05):
            connection.sendall(b"\x02")

    with server(drip) as port, line(port, secure=True) as to:
        answer = to.post(b"{}", {})
        over.set()
    assert answer.problem is Problem.TIME


def test_a_name_that_leads_to_a_private_address_is_not_connected_to() -> None:
    heard: list[bytes] = []
    with (
        server(says(OK, heard)) as port,
        Line(Target(False, "public.example", port, "/"), Allowed(), lambda *_: ["127.0.0.1"]) as to,
    ):
        answer = to.post(b"{}", {})
    assert (answer.status, answer.problem, heard) == (None, Problem.FORBIDDEN, [])


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    to = Target(False, "public.example", 80, "/")
    with Line(to, Allowed(), lambda *_: ["93.184.216.34", "10.0.0.1"]) as mixed:
        assert mixed.post(b"{}", {}).problem is Problem.FORBIDDEN


def test_what_was_checked_is_what_is_connected_to() -> None:
    """DNS rebinding: the name means another address at each look-up, and is looked up once."""
    asked = []

    def rebinding(_host: str, _port: int) -> list[str]:
        asked.append(1)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    heard: list[bytes] = []
    with server(says(OK, heard)) as port:
        to = Target(False, "hooks.internal", port, "/")
        with Line(to, HERE, rebinding) as one:
            assert one.post(b"{}", {}).problem is None
            assert len(asked) == 1
            assert (
                one.post(b"{}", {}).problem is Problem.FORBIDDEN
            )  # a new connection: checked anew
    assert len(heard) == 1


def test_a_connection_is_used_again_and_made_anew_when_it_was_closed() -> None:
    connections = []

    def talk(connection: socket.socket) -> None:
        connections.append(1)
        for _ in range(2):
            request(connection)
            connection.sendall(OK)

    with server(talk) as port, line(port) as to:
        answers = [to.post(b"{}", {}).problem for _ in range(6)]
    assert answers == [None] * 6
    assert len(connections) == 3


def test_nobody_listening_and_a_name_of_nothing_are_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with line(port) as to:
        assert to.post(b"{}", {}).problem is Problem.CONNECTION

    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("unknown")

    with Line(Target(True, "nowhere.example", 443, "/"), Allowed(), unknown) as to:
        assert to.post(b"{}", {}).problem is Problem.NAME


def test_localhost_is_looked_up() -> None:
    assert set(sending.look_up("localhost", 80)) <= {"127.0.0.1", "::1"}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of a certificate for hooks.internal."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.internal")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName(
        [x509.DNSName("hooks.internal"), x509.IPAddress(ip_address("127.0.0.9"))]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem, secret)
    return serving, ssl.create_default_context(cafile=str(pem))


def test_the_certificate_is_held_to_the_name_not_the_address(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    serving, trusting = certificate
    heard: list[bytes] = []
    with server(says(OK, heard), serving) as port:
        with line(port, secure=True) as to:  # nobody vouches for it
            assert to.post(b"{}", {}).problem is Problem.CERTIFICATE
        monkeypatch.setattr(sending, "_tls", lambda: trusting)
        with line(port, secure=True) as to:
            assert to.post(b"{}", {}).problem is None
        with line(port, secure=True, host="127.0.0.1") as to:  # another's certificate
            assert to.post(b"{}", {}).problem is Problem.CERTIFICATE
    assert len(heard) == 1


def test_a_lookup_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 0.1)
    given_up = threading.Event()

    def hangs(*_: object) -> list[object]:
        given_up.wait(600)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    with Line(Target(True, "slow.example", 443, "/"), Allowed()) as to:
        assert to.post(b"{}", {}).problem is Problem.TIME
    given_up.set()
