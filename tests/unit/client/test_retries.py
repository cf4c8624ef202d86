"""The client by itself: what it sends again, how long it waits, how it tells what went wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from equipoise.client import (
    Client,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Retries,
    TooOften,
    Unavailable,
    Unreachable,
)

QUICK = Retries(attempts=4, seconds=5.0, first=0.001)
DECIDED = {
    "id": "decision-1",
    "application": "application-1",
    "outcome": "approve",
    "grade": "A",
    "reasons": [],
    "offers": [
        {"treatment": "t", "apr": 0.1, "amount": 5e3, "months": 24, "instalment": 230.0},
    ],
    "journey": "short",
    "conditions": [{"name": "income", "label": {"en": "a proof of income"}, "need": {}}],
    "authority": "system",
    "signatures": 0,
    "next_check": None,
    "strategy": "corner",
    "digest": "d" * 64,
    "decided_on": "2026-11-26",
    "made_at": "2026-11-26T10:00:00.000000+00:00",
    "extra": {},
    "test": False,
    "something_new": 1,
}


@dataclass
class Scripted:
    """A server that answers what it is told to, one answer after the other; None hangs up."""

    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.asked.append((self.command, self.path, dict(self.headers), body))
            answer = script.answers.pop(0)
            if answer is None:
                self.close_connection = True
                return
            status, content, headers = answer
            sent = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(sent)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PATCH = do_DELETE = _take  # noqa: N815 - the names are the library's

        def log_message(self, *_: object) -> None:
            return

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    script.url = f"http://127.0.0.1:{listening.server_address[1]}"
    threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
    yield script
    listening.shutdown()
    listening.server_close()


def told(status: int, kind: str = "", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"type": f"/problems/{kind}", "detail": "why"}, named


@pytest.mark.parametrize(
    "fault",
    [None, told(503), told(502), told(429), told(409, "in-progress"), (504, b"<html>", {})],
    ids=["hung up", "503", "502", "429", "in progress", "a proxy's page"],
)
def test_what_may_pass_is_asked_again_under_the_same_key(server: Scripted, fault: Any) -> None:
    server.answers = [fault, fault, (201, DECIDED, {})]
    decision = Client(server.url, "k", retries=QUICK).decide({"amount": 1})
    assert (decision.outcome, decision.offers[0].amount) == ("approve", 5e3)
    assert decision.decided_on.year == decision.made_at.year == 2026
    keys = {headers["Idempotency-Key"] for _, _, headers, _ in server.asked}
    bodies = {body for *_, body in server.asked}
    assert (len(server.asked), len(keys), len(bodies)) == (3, 1, 1)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(400), Invalid),
        (told(401), NotAllowed),
        (told(403), NotAllowed),
        (told(404), NotFound),
        (told(409, "not-as-things-stand"), Conflict),
        (told(422), Invalid),
        (told(500), Unavailable),
        (told(302, location="https://elsewhere.example/"), Problem),
    ],
)
def test_what_cannot_pass_is_told_at_once(server: Scripted, answer: Any, kind: Any) -> None:
    server.answers = [answer]
    with pytest.raises(kind) as raised:
        Client(server.url, "k", retries=QUICK).decide({}, key="mine")
    assert (raised.value.status, raised.value.key) == (answer[0], "mine")
    assert len(server.asked) == 1


def test_what_the_server_says_is_in_the_problem(server: Scripted) -> None:
    said = {
        "type": "/problems/invalid-value",
        "detail": "is no number",
        "field": "amount",
        "mend": "send one",
    }
    server.answers = [(422, said, {"X-Request-ID": "r-1"})]
    with pytest.raises(Invalid, match="amount: is no number; send one") as raised:
        Client(server.url, "k").decide({})
    assert (raised.value.kind, raised.value.request) == ("invalid-value", "r-1")


@pytest.mark.parametrize(("answer", "kind"), [(told(503), Unavailable), (told(429), TooOften),
                                              (None, Unreachable)])  # fmt: skip
def test_it_gives_up_and_says_under_which_key(server: Scripted, answer: Any, kind: Any) -> None:
    server.answers = [answer] * 4
    with pytest.raises(kind) as raised:
        Client(server.url, "k", retries=QUICK).decide({})
    assert raised.value.key == server.asked[0][2]["Idempotency-Key"]
    assert len(server.asked) == 4


def test_nothing_listening_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        Client("http://127.0.0.1:9", "k", retries=QUICK).me()


def test_it_waits_as_long_as_it_is_asked_to_or_gives_up(server: Scripted) -> None:
    assert Retries().wait(1, asked=7.0) == 7.0
    assert all(0.4 <= Retries(first=0.2).wait(3, None) <= 0.8 for _ in range(50))
    server.answers = [told(503, retry_after="3600")]
    with pytest.raises(Unavailable) as raised:
        Client(server.url, "k", retries=QUICK).decide({})
    assert raised.value.retry_after == 3600
    assert len(server.asked) == 1


def test_what_would_have_effect_twice_is_sent_once(server: Scripted) -> None:
    server.answers = [told(503)]
    with pytest.raises(Unavailable):
        Client(server.url, "k", retries=QUICK).strategies.add(b"{}")
    assert len(server.asked) == 1


@pytest.mark.parametrize("url", ["decisions.example.com", "ftp://x", "", "https://"])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        Client(url, "k")


def test_numbers_that_json_does_not_have_are_not_sent(server: Scripted) -> None:
    with pytest.raises(ValueError, match="JSON"):
        Client(server.url, "k").decide({"amount": float("nan")})
    assert not server.asked


def test_an_identifier_stays_one_part_of_the_address(server: Scripted) -> None:
    server.answers = [(200, DECIDED, {})]
    Client(server.url, "k").decision("../keys?x=1#y")
    assert server.asked[0][1] == "/v1/decisions/..%2Fkeys%3Fx%3D1%23y"
