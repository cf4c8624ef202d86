"""Nothing that is sent gives a 5xx: lines, headers, lengths and names that no client sends."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from lender import facts
from processes import PATIENCE, Server, workspace

_HOST = b"Host: localhost"
_JSON = b"Content-Type: application/json"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = workspace(tmp_path_factory.mktemp("odd") / "lender")
    service = Server(folder, background=False).start()
    yield service
    assert "Traceback" not in (folder / "log").read_text()
    assert '"level": "ERROR"' not in (folder / "log").read_text()
    service.kill()


def _status(server: Server, sent: bytes) -> int:
    """The answer's status; 0 where the connection was only closed."""
    parts = urlsplit(server.said["url"])
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as line:
        line.sendall(sent)
        first = line.makefile("rb").readline()
    return int(first.split()[1]) if first else 0


def _ask(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    length = [b"Content-Length: %d" % len(body)] if body else []
    close = b"Connection: close"
    return b"\r\n".join([line + b" HTTP/1.1", *headers, *length, close, b"", body])


_KEYS = {
    "empty": b"Authorization:",
    "blank": b"Authorization:   ",
    "only a scheme": b"Authorization: Bearer",
    "not ascii": b"Authorization: Bearer \xff\xfe",
    "utf-8": "Authorization: Bearer eqp_ü_ü".encode(),
    "many parts": b"Authorization: Bearer eqp_a_b_c_d",
    "long": b"Authorization: Bearer eqp_" + b"a" * 5_000 + b"_b",
    "another scheme": b"Authorization: Basic YTpi",
    "a tab": b"Authorization: Bearer\teqp_a_b",
    "a comma": b"Authorization: Bearer eqp_a_b, Bearer eqp_c_d",
    "twice": b"Authorization: Bearer a\r\nAuthorization: Bearer b",
    "a percent": b"Authorization: Bearer eqp_%00_%s",
}


@pytest.mark.parametrize("named", [*_KEYS])
@pytest.mark.parametrize(
    "line", [b"GET /v1/me", b"POST /v1/decisions", b"POST /v1/batches", b"GET /v1/metrics"]
)
def test_a_key_that_is_none_is_nobodys(server: Server, line: bytes, named: str) -> None:
    body = b"{}" if line.startswith(b"POST") else b""
    assert _status(server, _ask(line, _HOST, _JSON, _KEYS[named], body=body)) in (401, 404, 415)


_LINES: dict[str, bytes] = {
    "a whole address": _ask(b"GET http://localhost/v1/me", _HOST),
    "a foreign whole address": _ask(b"GET http://evil.example/v1/me", _HOST),
    "a broken percent code": _ask(b"GET /v1/%zz%", _HOST),
    "no utf-8": _ask(b"GET /v1/decisions/%ff%fe", _HOST),
    "a zero": _ask(b"GET /v1/decisions/%00", _HOST),
    "half a character": _ask(b"GET /v1/decisions/%ed%a0%80", _HOST),
    "a query that is none": _ask(b"GET /v1/decisions?%ff=%ed%a0%80&&=&a[]=%", _HOST),
    "a star": _ask(b"OPTIONS *", _HOST),
    "a line to elsewhere": _ask(b"CONNECT evil.example:443", _HOST),
    "an odd method": _ask(b"BREW /v1/me", _HOST),
    "dots": _ask(b"GET /v1/../../etc/passwd", _HOST),
    "slashes": _ask(b"GET //evil.example//", _HOST),
    "no host": _ask(b"GET /v1/me"),
    "two hosts": _ask(b"GET /v1/me", _HOST, b"Host: evil.example"),
    "a host that is none": _ask(b"GET /v1/me", b"Host: a b/c@d"),
    "a host of bytes": _ask(b"GET /v1/me", b"Host: \xff\xfe"),
    "an empty host": _ask(b"GET /", b"Host:"),
    "a port that is none": _ask(b"GET /", b"Host: localhost:99999999"),
    "cookies of bytes": _ask(b"GET /", _HOST, b"Cookie: sessionid=\xff; a=\xed\xa0\x80"),
    "a cookie without a name": _ask(b"GET /", _HOST, b"Cookie: =;;=;sessionid"),
    "a language that is none": _ask(b"GET /", _HOST, b"Accept-Language: \xff,*;q=x"),
    "an odd traceparent": _ask(b"GET /v1/me", _HOST, b"traceparent: 00-zz"),
    "an odd forwarded": _ask(
        b"GET /v1/me", _HOST, b"X-Forwarded-For: \xff", b"X-Forwarded-Proto: x"
    ),
    "headers with underscores": _ask(b"GET /v1/me", _HOST, b"X_Forwarded_Proto: https"),
    "many headers": _ask(b"GET /v1/me", _HOST, *[b"X-%d: a" % n for n in range(90)]),
    "too many headers": _ask(b"GET /v1/me", _HOST, *[b"X-%d: a" % n for n in range(500)]),
    "large headers": _ask(b"GET /v1/me", _HOST, b"X-Large: " + b"a" * 60_000),
    "too large headers": _ask(b"GET /v1/me", _HOST, b"X-Large: " + b"a" * 900_000),
    "the next version": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "the first version": b"GET /v1/me HTTP/1.0\r\n\r\n",
    "an odd kind": _ask(b"POST /v1/users", _HOST, b"Content-Type: \xff;;=", body=b"{}"),
    "a form of no parts": _ask(
        b"POST /accounts/login/", _HOST, b"Content-Type: multipart/form-data", body=b"--"
    ),
    "an odd charset": _ask(
        b"POST /accounts/login/",
        _HOST,
        b"Content-Type: application/x-www-form-urlencoded; charset=nonsense",
        body=b"login=%ff&password=%ed%a0%80",
    ),
    "an expectation": _ask(b"POST /v1/users", _HOST, _JSON, b"Expect: 200-ok", body=b"{}"),
    "an upgrade": _ask(b"GET /v1/me", _HOST, b"Upgrade: websocket", b"Sec-WebSocket-Key: x"),
    "a range": _ask(b"GET /static/pages/style.css", _HOST, b"Range: bytes=9-1,-5,x"),
    "a day that is none": _ask(b"GET /static/pages/style.css", _HOST, b"If-Modified-Since: \xff"),
}


@pytest.mark.parametrize("named", [*_LINES])
def test_an_odd_request_is_no_fault_of_ours(server: Server, named: str) -> None:
    assert _status(server, _LINES[named]) < 500


def _sent(server: Server, *headers: bytes, body: bytes) -> bytes:
    key = f"Authorization: Bearer {server.key}".encode()
    named = b"Idempotency-Key: odd"
    lines = [b"POST /v1/decisions HTTP/1.1", _HOST, _JSON, key, named, *headers]
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


_BODIES: dict[str, tuple[tuple[bytes, ...], bytes]] = {
    "two lengths": ((b"Content-Length: 2", b"Content-Length: 3"), b"{}"),
    "a length below nothing": ((b"Content-Length: -2",), b"{}"),
    "a length in words": ((b"Content-Length: two",), b"{}"),
    "a length beyond counting": ((b"Content-Length: " + b"9" * 30,), b"{}"),
    "a length and chunks": (
        (b"Content-Length: 2", b"Transfer-Encoding: chunked"),
        b"2\r\n{}\r\n0\r\n\r\n",
    ),
    "an odd coding": ((b"Transfer-Encoding: gzip",), b"{}"),
    "broken chunks": ((b"Transfer-Encoding: chunked",), b"zz\r\n"),
    "trailers": ((b"Transfer-Encoding: chunked",), b"2\r\n{}\r\n0\r\nX-End: y\r\n\r\n"),
    "half a name": ((b"Content-Length: 26",), b'{"application":{"\\ud800":1}}'[:26]),
}


@pytest.mark.parametrize("named", [*_BODIES])
def test_an_odd_body_is_no_fault_of_ours(server: Server, named: str) -> None:
    headers, body = _BODIES[named]
    assert 0 <= _status(server, _sent(server, *headers, body=body)) < 500


@pytest.mark.parametrize(
    "text",
    [
        '{"application": {"\\ud800": 1}}',
        '{"application": {"employment": "\\udfff"}}',
        '{"application": {"checks": {"\\ud800": 1}}}',
        '{"strategy": "\\ud800", "application": {}}',
        '{"\\udc00": 1}',
        '{"application": {"a\\u0000b": 1}}',
        '{"application": {"amount": 1e400, "dti": -0.0}}',
        '{"application": {"amount": ' + "9" * 5_000 + "}}",
        "[" * 50_000,
        '{"application":' * 20_000,
        '{"application": {"a": 1, "a": 1}}',
        "\ufeff{}",
    ],
    ids=lambda text: text[:24].encode("ascii", "replace").decode(),
)
def test_an_odd_text_is_refused(server: Server, text: str) -> None:
    body = text.encode()
    sent = _sent(server, b"Content-Length: %d" % len(body), body=body)
    assert _status(server, sent) in (400, 422)


def test_odd_keys_of_requests_are_refused(server: Server) -> None:
    body = json.dumps({"application": facts()}).encode()
    for named in (b"", b"Idempotency-Key:", b"Idempotency-Key: \xff", b"Idempotency-Key: a b"):
        key = f"Authorization: Bearer {server.key}".encode()
        headers = [b"POST /v1/decisions HTTP/1.1", _HOST, _JSON, key, *([named] if named else [])]
        headers += [b"Content-Length: %d" % len(body), b"Connection: close", b""]
        assert _status(server, b"\r\n".join([*headers, body])) == 400
