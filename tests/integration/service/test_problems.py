"""Every refusal has one shape and a type that is known, and leads to where it is described."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lender import anew, ask, facts, publish, shop
from people import logged_in, person, send, with_key
from test_role_matrix import EXPECTED, address

from equipoise.client import problems as told_by_client
from equipoise.service.door import decisions
from equipoise.service.platform.accounts.permissions import Role, key_scopes
from equipoise.service.platform.operations.catalogue import BY_STATUS, CATALOGUE, catalogue_table
from equipoise.service.project.wsgi import application

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "problems.md"
MEMBERS = {"type", "title", "status", "detail", "instance"}
MAY_HAVE = {"field", "mend", "faults", "file", "line", "column", "row", "checks"}


def checked(answer: Any, name: str) -> dict[str, Any]:
    """The problem, once it is held against the catalogue."""
    assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
    body: dict[str, Any] = answer.json()
    kind = CATALOGUE[name]
    assert body["type"] == f"/problems/{name}", body
    assert body["status"] == answer.status_code == kind.status
    assert body["title"] == kind.title
    assert body["detail"]
    assert MEMBERS <= set(body) <= MEMBERS | MAY_HAVE
    assert body["instance"].endswith("#" + answer["X-Request-ID"])
    return body


def test_the_reference_holds_the_catalogue() -> None:
    assert catalogue_table() in REFERENCE.read_text(encoding="utf-8")


def test_the_catalogue_is_in_order_and_names_fit_an_address() -> None:
    statuses = [each.status for each in CATALOGUE.values()]
    assert statuses == sorted(statuses)
    for name, kind in CATALOGUE.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert kind.title and kind.meaning and kind.mend
    for status, kind in BY_STATUS.items():
        assert kind.status == status


def test_the_client_knows_every_type_and_raises_by_it() -> None:
    assert set(told_by_client._BY_KIND) == set(CATALOGUE)
    # By the type, whatever status stands beside it.
    raised = told_by_client.problem(400, {"type": "https://example.com/problems/not-found"})
    assert type(raised) is told_by_client.NotFound
    for kind in CATALOGUE.values():
        by_type = told_by_client.problem(kind.status, {"type": kind.type})
        assert type(by_type) is type(told_by_client.problem(kind.status, {})), kind.name
        assert by_type.kind == kind.name


@pytest.mark.usefixtures("sqlite_database")
def test_each_type_leads_to_its_description() -> None:
    for kind in CATALOGUE.values():
        plain = Client().get(kind.type)
        assert (plain.status_code, plain.json()["status"]) == (200, kind.status)
        page = Client(headers={"Accept": "text/html"}).get(kind.type)
        assert kind.type in page.content.decode()
    assert len(Client().get("/problems/").json()) == len(CATALOGUE)
    checked(Client().get("/problems/none"), "not-found")


@pytest.mark.usefixtures("sqlite_database")
def test_the_request_s_number_is_the_only_fragment_of_where_it_happened() -> None:
    answer = checked(Client().get("/problems/a%23b%3Fc%25d"), "not-found")
    where, number = answer["instance"].split("#")
    assert where == "/problems/a%23b%3Fc%25d"
    assert number


@pytest.mark.usefixtures("sqlite_database")
def test_a_stranger_is_told_so_at_every_endpoint() -> None:
    for name in EXPECTED:
        checked(send(Client(), *address(name)), "not-authenticated")


@pytest.mark.usefixtures("sqlite_database")
def test_who_has_no_right_is_told_so_at_every_endpoint() -> None:
    client, _ = with_key(person(Role.ADMINISTRATOR))
    for name in EXPECTED:
        if name != "GET /v1/me":
            checked(send(client, *address(name)), "not-allowed")


@pytest.mark.usefixtures("sqlite_database")
def test_what_django_refuses_has_the_same_shape() -> None:
    client, _ = with_key(person(Role.ADMINISTRATOR))
    for each in (client, Client()):
        checked(each.get("/v1/nothing"), "not-found")
        checked(each.get("/nothing"), "not-found")
        checked(each.put("/v1/me", b"{}", content_type="application/json"), "wrong-method")
        checked(each.delete("/readyz"), "wrong-method")
        checked(each.get("/v1/me", headers={"Host": "evil.example"}), "unreadable-request")
    browser = Client(headers={"Accept": "text/html"})
    assert browser.get("/nothing")["Content-Type"].startswith("text/html")
    checked(browser.get("/v1/nothing"), "not-found")


def test_each_way_to_go_wrong_has_its_type(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}
    checked(ask(client, key=None), "idempotency-key-needed")
    checked(client.post("/v1/decisions", b"{", **sent), "unreadable-request")
    checked(client.post("/v1/decisions", b"x" * 2_100_000, **sent), "body-too-large")
    wrong = {**sent, "content_type": "text/plain"}
    checked(client.post("/v1/decisions", b"{}", **wrong), "wrong-content-type")
    faulty = checked(client.post("/v1/decisions", b"{}", **sent), "invalid-request")
    assert faulty["faults"][0]["field"].endswith("application")
    assert checked(ask(client, {**facts(), "dti": []}), "invalid-value")["field"] == "dti"
    checked(ask(client, strategy="corne"), "invalid-value")
    ask(client, key="once")
    checked(ask(client, facts(amount=9000.0), key="once"), "other-body")
    checked(client.get(f"/v1/decisions/decision-{'0' * 32}"), "not-found")
    few = shop(rate=0.01, burst=1)
    few.get("/v1/me")
    slow = few.get("/v1/me")
    checked(slow, "too-many-requests")
    assert int(slow["Retry-After"]) >= 1

    def broken(asks: Any) -> Any:
        return [RuntimeError("a fault of ours, with a secret in it")] * len(asks)

    monkeypatch.setattr(decisions, "decide_together", broken)
    assert "secret" not in str(checked(ask(client), "internal"))


@pytest.mark.usefixtures("sqlite_database")
def test_before_anything_is_published_nothing_decides() -> None:
    with anew():
        checked(ask(shop()), "no-strategy-in-force")


@pytest.mark.usefixtures("sqlite_database")
def test_an_unknown_query_parameter_is_refused_everywhere() -> None:
    """At every operation that is described, and at /metrics, which is not."""
    with anew():
        publish()
        described = Client().get("/v1/openapi.json").json()["paths"]
        clients = {role: logged_in(person(role)) for role in Role if role is not Role.NONE}
        scopes = [scope.value for scope in key_scopes()]
        clients[Role.API_CLIENT] = with_key(person(Role.ADMINISTRATOR), *scopes, burst=9999)[0]
        for name, allowed in EXPECTED.items():
            method, path = address(name)
            client = next(each for role, each in clients.items() if role.value in allowed)
            body = checked(send(client, method, f"{path}?limi=1"), "unknown-parameter")
            assert body["field"] == "limi"
            assert body["mend"]
            plain = re.sub(r"\{\w+:", "{", name.split(" ")[1])
            operation = described.get(plain, {}).get(method.lower(), {})
            queried = [p for p in operation.get("parameters", []) if p["in"] == "query"]
            own = {p["name"]: p["schema"].get("type") == "array" for p in queried}
            if "limit" in own:
                assert body["mend"] == "did you mean 'limit'?"
            for known, several in own.items():  # its own are taken for what they are
                answer = send(client, method, f"{path}?{known}=%C3%A9")
                assert b"unknown-parameter" not in answer.content, (name, known)
                twice = send(client, method, f"{path}?{known}=1&{known}=2")
                checked(twice, "invalid-request" if several else "unknown-parameter")


@pytest.mark.usefixtures("sqlite_database")
def test_names_of_parameters_may_be_anything() -> None:
    client = logged_in(person(Role.AUDITOR))
    for query in ("%ff=1", "=", "%00=1", "a%F0%9F%A6%8A=1", "x" * 500):
        answer = client.get(f"/v1/me?{query}")
        assert answer.status_code in (200, 422), query
        if answer.status_code == 422:
            checked(answer, "unknown-parameter")


@pytest.mark.usefixtures("sqlite_database")
def test_every_endpoint_describes_its_problems_by_type() -> None:
    document = Client().get("/v1/openapi.json").json()
    assert set(document["components"]["examples"]) == set(CATALOGUE)
    seen: set[str] = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert not [name for name in operation if name.startswith("x-")]
            for status, answer in operation["responses"].items():
                if status < "400":
                    continue
                [(kind, content)] = answer["content"].items()
                assert kind == "application/problem+json", (method, path, status)
                names = list(content["examples"])
                seen |= set(names)
                types = content["schema"]["allOf"][1]["properties"]["type"]["enum"]
                assert types == [f"/problems/{name}" for name in names]
                assert {CATALOGUE[name].status for name in names} == {int(status)}
    unseen = {"wrong-method", "not-ready"}  # of no operation that there is
    assert seen == set(CATALOGUE) - unseen
    assert application is not None
