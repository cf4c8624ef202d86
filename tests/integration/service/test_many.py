"""Many applications in one request: each is answered as if it were alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lender import RISKY, anew, ask, facts, publish, shop
from people import person, with_key

from equipoise.service.contexts.decisions import course, together
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.proving import verify_record

WAITS = {"on_sick_leave": True}  # refers: more may come of the same application


def one(key: str, **changes: Any) -> dict[str, Any]:
    return {"idempotency_key": key, "application": facts(application_id=key, **changes)}


def post(client: Any, *applications: Any) -> Any:
    body = json.dumps({"applications": applications})
    return client.post("/v1/decisions/many", body, content_type="application/json")


def answers(client: Any, *applications: Any) -> list[dict[str, Any]]:
    answer = post(client, *applications)
    assert answer.status_code == 200, answer.content
    result: list[dict[str, Any]] = answer.json()["answers"]
    return result


def test_each_is_decided_in_order_and_asked_again_answered_again_alone_too(client: Any) -> None:
    sent = [one(f"k{n}", **(RISKY if n % 2 else {})) for n in range(30)]
    first = answers(client, *sent)
    assert [each["status"] for each in first] == [201] * 30
    outcomes = [each["decision"]["outcome"] for each in first]
    assert outcomes == ["approve", outcomes[1]] * 15
    assert outcomes[1] != "approve"
    assert answers(client, *reversed(sent)) == first[::-1]
    alone = ask(client, sent[3]["application"], key="k3")
    assert (alone.status_code, alone.json()) == (201, first[3]["decision"])
    assert Decision.objects.count() == 30
    assert verify_record().valid


def test_what_is_wrong_with_one_is_told_of_that_one(client: Any) -> None:
    ask(client, facts(application_id="before"), key="taken")
    sent: list[Any] = [
        one("good-1"),
        {"idempotency_key": "stranger", "application": {**facts(), "incom": 1}},
        {"idempotency_key": "no facts", "application": facts()},
        {"application": facts()},
        {"idempotency_key": "lists", "application": [1]},
        "no object",
        one("taken"),
        {**one("none"), "strategy": "nowhere"},
        one("good-1"),
        {**one("good-1"), "branch": "other"},
        one("good-2"),
    ]
    results = answers(client, *sent)
    answer = [
        each.get("problem", {}).get("type", "").removeprefix("/problems/") for each in results
    ]
    assert answer == [
        "", "invalid-value", "idempotency-key-needed", "invalid-request", "invalid-request",
        "invalid-request", "other-body", "invalid-value", "", "other-body", "",
    ]  # fmt: skip
    assert all(each["status"] == each.get("problem", {}).get("status", 201) for each in results)
    assert results[3]["problem"]["faults"][0]["field"] == "applications.3.idempotency_key"
    assert results[8] == results[0]
    assert Decision.objects.count() == 3
    assert verify_record().valid


@pytest.mark.parametrize("wrong", [[], [one("k")] * 1001, {"a": 1}, None, 3])
def test_only_a_wrong_envelope_is_refused_as_a_whole(client: Any, wrong: Any) -> None:
    body = json.dumps({"applications": wrong})
    answer = client.post("/v1/decisions/many", body, content_type="application/json")
    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_of_two_about_one_applicant_the_later_goes_on_from_the_earlier(client: Any) -> None:
    given = {"application": facts(application_id="same", **WAITS)}
    sent = [{**given, "idempotency_key": f"k{n}"} for n in range(3)]
    rows = [each["decision"] for each in answers(client, *sent)]
    assert len({each["application"] for each in rows}) == 1
    assert len({each["id"] for each in rows}) == 3
    assert len(record.entries(rows[0]["application"])) == 3
    assert verify_record().valid


def test_a_fault_of_ours_in_one_refers_that_one_or_is_told_of_it_alone(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = course.lender_day

    def broken(digest: str, moment: Any) -> Any:
        broken.count += 1
        if broken.count == 2:
            raise RuntimeError("Planted")
        return plain(digest, moment)

    broken.count = 0
    monkeypatch.setattr(course, "lender_day", broken)
    results = answers(client, one("a"), one("b"), one("c"))
    assert [each["status"] for each in results] == [201, 500, 201]
    assert "Planted" not in json.dumps(results)
    assert answers(client, one("b"))[0]["status"] == 201
    assert Decision.objects.count() == Event.objects.filter(kind=DecisionMade.kind).count() == 3


def test_a_test_key_is_answered_as_if(client: Any) -> None:
    key, _ = with_key(person(Role.ADMINISTRATOR), "decisions.create", test=True)
    results = answers(key, one("a"), one("b", **RISKY))
    assert [each["decision"]["test"] for each in results] == [True, True]
    assert not Decision.objects.exists()


def test_who_may_not_decide_is_refused_as_a_whole(client: Any) -> None:
    reader, _ = with_key(person(Role.ADMINISTRATOR), "decisions.read")
    assert post(reader, one("a")).status_code == 403
    assert not Decision.objects.exists()


def test_each_application_counts_towards_the_rate(sqlite_database: Any) -> None:
    with anew():
        publish()
        program, _ = with_key(person(Role.ADMINISTRATOR), "decisions.create", rate=0.5, burst=10)
        assert post(program, *(one(f"k{n}") for n in range(30))).status_code == 200
        refused = ask(program)
        assert refused.status_code == 429
        assert 20 < int(refused["Retry-After"]) <= 42


def test_threads_with_the_same_many_have_one_effect(client: Any, in_threads: Any) -> None:
    sent = [one(f"k{n}") for n in range(10)]
    results = in_threads(8, lambda _: answers(client, *sent))
    for number in range(10):
        of_one = [each[number] for each in results]
        assert {each["status"] for each in of_one} <= {201, 409}
        assert len({each["decision"]["id"] for each in of_one if each["status"] == 201}) == 1
    assert Decision.objects.count() == 10
    assert verify_record().valid


def test_another_process_that_is_first_with_some_keys_is_heard(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look-up and the write: the table's own key is between two processes."""
    sent = [one(f"k{n}") for n in range(4)]
    before = answers(client, sent[1])[0]
    blind = together.idempotency.decided
    monkeypatch.setattr(
        together.idempotency,
        "decided",
        lambda requests: blind(requests) if len(requests) == 1 else [None] * len(requests),
    )
    results = answers(client, *sent)
    assert [each["status"] for each in results] == [201] * 4
    assert results[1] == before
    assert Decision.objects.count() == 4
    assert verify_record().valid


def test_whoever_calls_it_gets_found_and_errors_in_order(client: Any) -> None:
    asks = [together.Ask(_by(client), together.Asked(facts(application_id=n)), _once(n))
            for n in ("a", "b")]  # fmt: skip
    wrong = together.Ask(_by(client), together.Asked({"no": 1}), _once("c"))
    result = together.decide_together([asks[0], wrong, asks[1]])
    assert [type(each) for each in result] == [DecisionView, type(result[1]), DecisionView]
    assert isinstance(result[1], Exception)


def _by(client: Any) -> Any:
    from equipoise.service.platform.accounts.keys import principal_by_token

    holder = principal_by_token(client.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer "))
    assert holder is not None
    return holder[0]


def _once(key: str) -> Any:
    return together.Once(key.encode().ljust(20, b"0"), b"body")


@pytest.fixture
def shops(client: Any) -> Any:
    return client, shop()


def test_a_key_belongs_to_who_sent_it(shops: Any) -> None:
    first, second = (answers(each, one("once"))[0]["decision"]["id"] for each in shops)
    assert first != second
