"""A test key is answered as any other, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from lender import RISKY, SCOPES, anew, ask, facts, publish, sealed, shop
from people import acting, logged_in, person, send, with_key
from test_role_matrix import EXPECTED, address

from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.trials.models import ArmRole as In
from equipoise.service.contexts.trials.services import Entrant, begin
from equipoise.service.platform.accounts.permissions import Role, key_scopes

MADE_UP = ("id", "application", "made_at", "test")


@pytest.fixture
def tries(client: Any) -> Client:
    """A program that only tries, at a lender who is open for business."""
    assert client
    return with_key(person(Role.ADMINISTRATOR), *SCOPES, test=True, rate=1e4, burst=9999)[0]


@pytest.fixture
def whole(sqlite_database: Any) -> Iterator[Client]:
    """A test program with every scope that programs may have."""
    assert sqlite_database
    scopes = [scope.value for scope in key_scopes()]
    with anew():
        publish()
        yield with_key(person(Role.ADMINISTRATOR), *scopes, test=True, rate=1e4, burst=9999)[0]


def counted() -> dict[str, int]:
    """How many rows each table has, Django's own too."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        collected = {}
        for name in names:
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
            collected[name] = cursor.fetchone()[0]
    assert {model._meta.db_table for model in apps.get_models()} <= set(collected)
    return collected


def plain(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name not in MADE_UP}


def test_the_answer_is_that_of_any_other_key_and_nothing_is_written(tries: Client) -> None:
    live = shop()
    cases = [facts(), facts(**RISKY), facts(application_id="flying", amount=12000.0, checks={})]
    expected = [plain(ask(live, given)) for given in cases]
    before = counted()
    for given, answer in zip(cases, expected, strict=True):
        tried = ask(tries, given)
        assert tried.status_code == 201
        assert plain(tried) == answer
        assert tried.json()["test"] is True
        assert tried.json()["id"].startswith("test_")
        assert tries.get(f"/v1/decisions/{tried.json()['id']}").status_code == 404
    assert counted() == before
    assert ask(live).json()["test"] is False


def test_a_retry_decides_again(tries: Client) -> None:
    before = counted()
    first, second = ask(tries, key="once").json(), ask(tries, key="once").json()
    assert first["id"] != second["id"]
    assert ask(tries, facts(amount=9000.0), key="once").status_code == 201
    assert ask(tries, key=None).status_code == 400
    assert ask(tries, {**facts(), "dti": []}).status_code == 422
    assert counted() == before


@pytest.mark.usefixtures("sqlite_database")
def test_no_challenger_and_no_application_in_flight_takes_part() -> None:
    with anew():
        publish()
        author, judge = acting(person(Role.ANALYST)), acting(person(Role.APPROVER))
        draft = registry.add_draft(sealed(2), author)
        registry.check(draft.pk, author)
        registry.submit(draft.pk, author)
        registry.approve(draft.pk, judge, "looks right")
        begin("corner", "spring", [Entrant(draft.pk, In.CHALLENGER, 0.9)], judge, "to learn")
        tries, _ = with_key(person(Role.ADMINISTRATOR), *SCOPES, test=True, burst=999)
        digests = {ask(tries, facts(application_id=f"A-{n}")).json()["digest"] for n in range(30)}
        assert len(digests) == 1
        assert draft.digest not in digests


def test_a_draft_is_tried_by_its_digest_by_whoever_may_write_one(whole: Client) -> None:
    draft = registry.add_draft(sealed(2), acting(person(Role.ANALYST)))
    before = counted()
    assert ask(whole, strategy=draft.digest).json()["digest"] == draft.digest
    assert ask(whole, strategy="corner").json()["digest"] != draft.digest
    refused = ask(whole, strategy="0" * 64)
    assert (refused.status_code, refused.json()["field"]) == (422, "strategy")
    narrow, _ = with_key(person(Role.ADMINISTRATOR), *SCOPES, test=True)
    for client in (narrow, shop()):
        assert ask(client, strategy=draft.digest).status_code == 422
    assert counted()["decisions_decision"] == before["decisions_decision"]


def test_it_changes_nothing_anywhere(whole: Client) -> None:
    before = counted()
    for name, allowed in EXPECTED.items():
        method, path = address(name)
        tried = name in (
            "POST /v1/decisions",
            "POST /v1/decisions/many",
        )  # as if, and recorded nowhere
        if tried or "api_client" not in allowed:
            continue
        answer = send(whole, method, path)
        if method == "GET":
            assert answer.status_code in (200, 404), name
        else:
            assert answer.status_code == 403, name
            assert answer.json()["mend"], name
    assert counted() == before


def test_it_reads_no_decision_of_other_programs(whole: Client) -> None:
    decision = ask(shop()).json()["id"]
    assert whole.get(f"/v1/decisions/{decision}").status_code == 404


def test_an_administrator_makes_one_and_its_next_key_is_one_too(whole: Client) -> None:
    assert whole.get("/v1/me").json()["test"] is True
    admin = logged_in(person(Role.ADMINISTRATOR))
    body = {"name": "shop's tests", "scopes": ["decisions.create"], "test": True}
    made = send(admin, "POST", "/v1/keys", body).json()
    assert made["program"]["test"] is True
    next_ = send(admin, "POST", f"/v1/keys/{made['prefix']}/renew", {}).json()
    program = Client(headers={"Authorization": f"Bearer {next_['token']}"})
    assert ask(program).json()["test"] is True
    assert send(admin, "POST", "/v1/keys", {**body, "test": 1}).status_code == 422
