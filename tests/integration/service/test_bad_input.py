"""Bad input never breaks it: refused in bounded time and memory, and it leaves no trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lender import anew, ask, facts, publish, shop
from people import logged_in, person, send, with_key
from processes import Server, workspace

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.accounts.permissions import Role

BAD = [
    ("not json", b"{", 400),
    ("another encoding", json.dumps({"application": {}}).encode("utf-16"), 400),
    ("half a character", b'{"application": {"employment": "\\ud800"}}', 400),
    ("not utf-8", b'{"application": {"employment": "\xff"}}', 400),
    ("NaN", b'{"application": {"amount": NaN}}', 400),
    ("beyond floats", b'{"application": {"amount": 1e999}}', 422),
    ("a huge integer", b'{"application": {"amount": 1' + b"0" * 400 + b"}}", 422),
    ("deep", b'{"application": {"amount": ' + b"[" * 400 + b"]" * 400 + b"}}", 422),
    ("deep and closed", b'{"application": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    ("deep in names", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
    ("more digits than are read", b'{"application": {"amount": ' + b"9" * 100_000 + b"}}", 400),
    ("deeper", b'{"application": ' + b"[" * 200_000, 400),
    ("a name twice", b'{"application": {"amount": 1, "amount": 2}}', 400),
    ("a list of facts", b'{"application": []}', 422),
    ("no facts", b'{"application": {}}', 422),
    ("strangers beside it", b'{"application": {}, "approve": true}', 422),
    ("an unknown fact", json.dumps({"application": facts(hat=1)}).encode(), 422),
    ("a fact of another type", json.dumps({"application": facts(amount="a lot")}).encode(), 422),
    ("a long text", json.dumps({"application": facts(employment="x" * 5000)}).encode(), 422),
    ("a zero in a name", b'{"application": {"a\\u0000": 1}}', 422),
    ("a zero in a branch", b'{"application": {}, "branch": "\\u0000"}', 422),
    (
        "too many facts",
        json.dumps({"application": {f"f{n}": 1 for n in range(3000)}}).encode(),
        422,
    ),
]


@pytest.mark.parametrize(("body", "status"), [each[1:] for each in BAD], ids=[e[0] for e in BAD])
def test_a_bad_body_is_refused_and_leaves_no_trace(
    sqlite_database: Any, body: bytes, status: int
) -> None:
    with anew():
        publish()
        assert ask(shop(), body).status_code == status
    assert Decision.objects.count() == 0


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "text/xml", ""])
def test_other_kinds_of_body_are_refused(kind: str) -> None:
    client = shop()
    response = client.generic("POST", "/v1/decisions", b"{}", content_type=kind)
    assert response.status_code == 415


@pytest.mark.usefixtures("sqlite_database")
def test_a_body_that_is_too_large_is_refused() -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    assert send(client, "POST", "/v1/users", b"x" * 2_100_000).status_code == 413


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b'"x"', b"\0"])
def test_bodies_that_are_no_request_are_refused(body: bytes) -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    for path in ("/v1/users", "/v1/keys"):
        assert client.generic("POST", path, body, content_type="application/json").status_code in (
            400,
            422,
        )


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("DELETE", "/v1/me", 405), ("TRACE", "/v1/decisions", 405)],
)
def test_the_api_refuses_in_json_whoever_asks(method: str, path: str, status: int) -> None:
    for client in (with_key(person(Role.ADMINISTRATOR))[0], logged_in(person(Role.AUDITOR))):
        response = client.generic(method, path)
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert set(response.json()) == {"type", "title", "status", "detail", "instance"}
        assert status != 405 or response["Allow"]


# As heavy as a body may be: each is read, and refused for what it is.
HEAVY = {
    "one text": b'{"application": {"employment": "' + b"x" * 1_900_000 + b'"}}',
    "many names": json.dumps({"application": {f"f{n}": 1 for n in range(100_000)}}).encode(),
    "many parts": b'{"application": {"amount": [' + b"[]," * 600_000 + b"[]]}}",
    "deep": b'{"application": ' + b"[" * 1_900_000,
    "escapes": b'{"application": {"employment": "' + b"\\u00e9" * 300_000 + b'"}}',
    "digits": b'{"application": {"amount": ' + b"9" * 1_900_000 + b"}}",
    "bytes": bytes(range(256)) * 7_000,
}


def test_the_heaviest_bodies_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    server = Server(workspace(tmp_path / "lender"), background=False).start()
    try:
        server.decide(facts(), "warm")
        server.settle()
        before = server.memory()
        for name, body in HEAVY.items():
            assert len(body) < 2_000_000
            assert server.pour(iter([body]), len(body)) in (400, 422), name
        assert server.memory() - before < 150_000_000
        assert server.decide(facts(), "after")[0] == 201
    finally:
        server.stop()
