"""Nothing of anyone stands in the logs: a real server and worker, a full run, planted values."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from typing import Any

import pytest
from lender import RISKY, facts
from processes import PATIENCE, Server, until, workspace
from receiver import Receiver, receiving

NAME = "Zebedee Plantagenet-Ó"
PLANTED = {
    "a name": NAME,
    "an id": "PLT/4711-Ω#x",
    "an id of digits": "8800553535",
    "an income": "98765.4321",
    "a job": "lighthouse-planter",
    "a password": "planted four words Here",
    "a key": "eqp_plantedplanted_0123456789abcdef",
    "an idempotency key": "planted-order-2026",
    "a branch": "Planthaven",
    "an agent": "PlantedBrowser/1.0",
    "a path": "planted-path",
    "a method": "PLANTMETHOD",
    "a host": "planted.example",
}


def forms(value: str) -> Iterator[str]:
    """How a value may stand in a text."""
    yield from (value, value.lower(), repr(value)[1:-1], json.dumps(value)[1:-1])
    yield from (urllib.parse.quote(value), urllib.parse.quote_plus(value), value.encode().hex())
    yield base64.b64encode(value.encode()).decode().rstrip("=")[:-1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server that was used by everybody and in every way: its logs and its secrets."""
    folder = workspace(tmp_path_factory.mktemp("logged") / "lender")
    more = {"EQUIPOISE_WEBHOOK_PRIVATE": "127.0.0.1", "EQUIPOISE_DATABASE_PATIENCE": "0.5"}
    server = Server(folder, more=more).start()
    with receiving() as receiver:
        try:
            secrets = used(server, receiver)
        finally:
            server.stop()
    yield (folder / "log").read_text(encoding="utf-8"), secrets


def used(server: Server, receiver: Receiver) -> list[str]:
    """Use it; the secrets that it showed."""
    receiver.answers = lambda _: 500 if len(receiver.got) == 1 else 200
    hook = {"url": receiver.url, "events": ["decision.made"], "name": NAME}
    made = server.call("POST", "/v1/webhooks", hook)[1]
    decision = _decides(server)
    _asks(server, decision)
    _errs(server)
    _logs_in(server)
    until((server.folder / "service" / "witness.jsonl").is_file)  # the worker has worked
    _waits_for_the_database(server)
    given = server.said
    keys = [path.read_text().strip() for path in (server.folder / "service").glob("*-key*")]
    return [made["secret"], given["api_key"], given["admin"]["password"], *keys]


def _decides(server: Server) -> str:
    given = facts(application_id=PLANTED["an id"], income=float(PLANTED["an income"]), **RISKY)
    body = {"application": given, "branch": PLANTED["a branch"]}
    status, made = server.call("POST", "/v1/decisions", body, PLANTED["an idempotency key"])
    assert status == 201
    for odd in (int(PLANTED["an id of digits"]), PLANTED["an id of digits"], NAME):
        server.decide({**given, "application_id": odd}, f"odd-{type(odd).__name__}-{odd!r:.3}")
    return str(made["id"])


def _asks(server: Server, decision: str) -> None:
    where = f"/v1/decisions/{decision}"
    for path in ("", "/explanation?for=customer", "/explanation?for=underwriter", "/recourse",
                 "/explanation?for=auditor", "/outcomes"):  # fmt: skip
        assert server.call("GET", where + path)[0] == 200, path
    assert server.call("POST", f"{where}/replay")[0] == 200
    outcome = {"outcome": "booked", "on": date.today().isoformat(), "amount": 98765.4321}
    assert server.call("POST", f"{where}/outcome", outcome)[0] == 201


def _errs(server: Server) -> None:
    """Everything wrong, and the planted values with it."""
    text = urllib.parse.quote(NAME)
    wrong = facts(employment=PLANTED["a job"], **{NAME: PLANTED["an id"]}, amount=NAME)
    assert server.decide(wrong, PLANTED["an idempotency key"] + "-2")[0] == 422
    assert server.decide(facts(), PLANTED["an idempotency key"])[0] == 422
    assert server.call("GET", f"/v1/decisions/{PLANTED['a path']}")[0] == 404
    assert server.call("GET", f"/v1/decisions/{PLANTED['a path']}?name={text}")[0] == 422
    assert _raw(server, "GET", f"/{PLANTED['a path']}/{text}", None, {}) == 404
    odd = {
        "User-Agent": PLANTED["an agent"],
        "Authorization": f"Bearer {PLANTED['a key']}",
        "X-Forwarded-For": PLANTED["a host"],
        "X-Request-ID": NAME.encode().decode("latin-1"),
        "Cookie": f"sessionid={PLANTED['a key']}",
        "Content-Type": "application/json",
    }
    broken = ('{"application": {"name": "' + NAME).encode()
    for method, path, host, body in [
        ("POST", "/v1/decisions", "localhost", broken),
        (PLANTED["a method"], "/v1/decisions", "localhost", None),
        ("GET", "/v1/me", PLANTED["a host"], None),
        ("POST", f"/v1/keys/{PLANTED['a path']}/revoke", "localhost", b"{}"),
    ]:
        assert 400 <= _raw(server, method, path, body, {**odd, "Host": host}) < 500


def _raw(server: Server, method: str, path: str, body: Any, headers: dict[str, str]) -> int:
    connection = HTTPConnection(urllib.parse.urlsplit(server.said["url"]).netloc, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        return connection.getresponse().status


def _logs_in(server: Server) -> None:
    """A person who mistypes, and then does not."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = f"{server.said['url']}/accounts/login/"
    admin = server.said["admin"]
    for login, password in ((NAME, PLANTED["a password"]), (admin["username"], admin["password"])):
        browser.open(page).read()
        [token] = [each.value for each in jar if each.name == "csrftoken"]
        given = {"login": login, "password": password, "csrfmiddlewaretoken": token}
        with contextlib.suppress(urllib.error.HTTPError):
            browser.open(page, urllib.parse.urlencode(given).encode()).read()
    assert any(each.name == "sessionid" for each in jar)


def _waits_for_the_database(server: Server) -> None:
    file = server.folder / "service" / "service.sqlite3"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert server.decide(facts(application_id=PLANTED["an id"]), "held")[0] == 503
        other.execute("ROLLBACK")


def test_every_line_is_json_and_tells_of_its_request(run: Any) -> None:
    lines = [json.loads(line) for line in run[0].splitlines()]
    requests = [line for line in lines if line["from"] == "equipoise.requests"]
    assert len(requests) > 20
    assert all(re.fullmatch(r"[A-Za-z0-9-]{8,64}", line["request"]) for line in requests)
    assert {line["status"] for line in requests} >= {200, 201, 400, 401, 404, 405, 422, 503}
    # The run reached what it was meant to: errors, the worker, the webhooks.
    assert {line["from"] for line in lines} >= {"equipoise.api", "equipoise.jobs"}


@pytest.mark.parametrize("what", PLANTED)
def test_nothing_planted_is_in_them(run: Any, what: str) -> None:
    for form in forms(PLANTED[what]):
        assert form not in run[0], form


def test_no_secret_is_in_them(run: Any) -> None:
    log, secrets = run
    assert len(secrets) >= 5
    for secret in secrets:
        for part in {secret, *secret.split(":"), *secret.split("_")[-1:]}:
            assert len(part) < 12 or part not in log


def test_the_scan_would_see_what_it_looks_for() -> None:
    for value in PLANTED.values():
        line = json.dumps({"message": f"no {value}"})
        assert any(form in line for form in forms(value))
        assert base64.b64encode(value.encode()).decode()[:8] in "".join(forms(value))
