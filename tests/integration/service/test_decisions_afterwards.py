"""Decisions afterwards: explained, replayed, followed up, erased; and to whom they are there."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from corner_lender import strategy
from lender import RISKY, SCOPES, anew, ask, facts, publish, shop
from people import logged_in, person, send, with_key

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.models import Chain
from equipoise.service.platform.record.proving import verify_record


def test_each_reader_gets_their_explanation(client: Any) -> None:
    made = ask(client, facts(**RISKY)).json()
    where = f"/v1/decisions/{made['id']}/explanation"
    assert client.get(f"{where}?for=customer&lang=en").json()["text"]
    assert any("grade" in line for line in client.get(f"{where}?for=underwriter").json()["lines"])
    assert made["digest"] in json.dumps(client.get(f"{where}?for=auditor").json())
    british = client.get(f"{where}?for=customer&lang=en-GB").json()
    assert british["language"] == "en"
    assert british["text"] == client.get(f"{where}?for=customer&lang=en").json()["text"]
    refused = client.get(f"{where}?for=customer&lang=fr")
    assert refused.status_code == 422
    assert "en" in refused.text
    assert client.get(f"{where}?for=burglar").status_code == 422


def test_the_explanation_is_that_of_the_decision_itself(client: Any) -> None:
    from equipoise.strategy.explaining import for_auditor, for_customer, for_underwriter

    loaded = strategy()
    given = facts(**RISKY)
    made = ask(client, given).json()
    own = loaded.decide(given, at=date.fromisoformat(made["decided_on"]))
    where = f"/v1/decisions/{made['id']}/explanation?for="
    assert client.get(f"{where}underwriter").json()["lines"] == for_underwriter(own, loaded.content)
    answer = client.get(f"{where}customer").json()
    assert answer["text"] == for_customer(own, loaded.content, "en")["text"]
    shown = json.loads(json.dumps(for_auditor(own, loaded.content).as_dict(), default=str))
    assert client.get(f"{where}auditor").json()["trace"] == shown


def test_a_way_back_is_found_and_holds(client: Any) -> None:
    from tests.unit.strategy.recourse.changeable import changeable

    publish(raw=changeable(version=2).sealed.text().encode())
    given = facts(**RISKY)
    made = ask(client, given).json()
    ways = client.get(f"/v1/decisions/{made['id']}/recourse").json()["ways"]
    assert ways
    for way in ways:
        changed = {each["field"]: each["to"] for each in way["changes"]}
        assert ask(client, {**given, **changed}).json()["outcome"] == way["outcome"]


def test_a_replay_is_the_same_to_the_bit_and_shows_what_is_not(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ask(client, facts(**RISKY)).json()
    publish(2)
    where = f"/v1/decisions/{made['id']}/replay"
    assert send(client, "POST", where).json() == {
        "id": made["id"],
        "identical": True,
        "differences": [],
    }
    from equipoise.service.contexts.decisions import reading

    monkeypatch.setattr(reading, "_decider", lambda _: strategy(choose="cutoff"))
    answer = send(client, "POST", where).json()
    assert not answer["identical"]
    assert "trace.way" in {each["at"] for each in answer["differences"]}


def test_outcomes_follow_their_decision_once_each(client: Any) -> None:
    made = ask(client).json()
    where = f"/v1/decisions/{made['id']}/outcome"
    today = date.today().isoformat()
    outcome = {"outcome": "booked", "on": today, "amount": 8000}
    assert send(client, "POST", where, outcome).status_code == 201
    assert send(client, "POST", where, outcome).status_code == 201
    for wrong in (1, True, "8000", -1, 1e16):
        assert send(client, "POST", where, {**outcome, "amount": wrong}).status_code == 422
    assert send(client, "POST", where, {"outcome": "repaid", "on": "2001-01-01"}).status_code == 422
    assert send(client, "POST", where, {"outcome": "eaten", "on": today}).status_code == 422
    listed = client.get(f"{where}s").json()
    assert [(each["outcome"], each["amount"]) for each in listed] == [("booked", 8000.0)]
    assert verify_record().valid


def test_others_decisions_are_not_there(client: Any) -> None:
    made = ask(client).json()["id"]
    other = shop()
    for path in ("", "/explanation", "/recourse", "/outcomes"):
        assert other.get(f"/v1/decisions/{made}{path}").status_code == 404
    today = date.today().isoformat()
    for path, body in (("/replay", {}), ("/outcome", {"outcome": "booked", "on": today})):
        assert send(other, "POST", f"/v1/decisions/{made}{path}", body).status_code == 404


def test_an_underwriter_sees_their_branch_and_no_other(client: Any) -> None:
    north = logged_in(person(Role.UNDERWRITER, branch="north"))
    south = logged_in(person(Role.UNDERWRITER, branch="south"))
    made = ask(client, branch="north").json()["id"]
    assert north.get(f"/v1/decisions/{made}").status_code == 200
    assert south.get(f"/v1/decisions/{made}").status_code == 404
    assert north.get(f"/v1/decisions/{made}/explanation?for=underwriter").status_code == 200
    assert north.get(f"/v1/decisions/{made}/explanation?for=auditor").status_code == 403


def test_a_key_of_a_branch_cannot_decide_for_another(client: Any) -> None:
    tied = shop(branch="north")
    made = ask(tied, branch="south").json()["id"]
    assert Decision.objects.get(pk=made).branch == "north"


def test_once_erased_the_answer_stands_and_the_person_is_gone(client: Any) -> None:
    made = ask(client, facts(**RISKY)).json()
    subjects.erase(Decision.objects.get(pk=made["id"]).application, "user.1", "asked for it")
    assert client.get(f"/v1/decisions/{made['id']}").json() == made
    for path in ("explanation", "recourse"):
        assert client.get(f"/v1/decisions/{made['id']}/{path}").status_code == 410
    assert verify_record().valid


@pytest.mark.parametrize("change", [{"master": 9}, {"wrapped": b"x" * 60}], ids=str)
@pytest.mark.usefixtures("sqlite_database")
def test_facts_that_cannot_be_read_are_never_told_as_erased(change: dict[str, Any]) -> None:
    """A master key that is not here, and a key that somebody altered."""
    with anew():
        publish()
        client, given = shop(), facts(**RISKY)
        made = ask(client, given, "the-same").json()
        outcome = {"outcome": "booked", "amount": 100.0}
        where = f"/v1/decisions/{made['id']}"
        assert send(client, "POST", f"{where}/outcome", outcome).status_code == 201
        Chain.objects.filter(pk=made["application"]).update(**change)
        refused = [
            client.get(where),
            client.get(f"{where}/outcomes"),
            *(client.get(f"{where}/explanation?for={who}") for who in ("customer", "underwriter")),
            client.get(f"{where}/recourse"),
            send(client, "POST", f"{where}/replay", {}),
            send(client, "POST", f"{where}/outcome", {**outcome, "outcome": "repaid"}),
            ask(client, given, "the-same"),  # asked again: nobody is told half an answer
        ]
        kinds = [(each.status_code, each.json()["type"].rpartition("/")[2]) for each in refused]
        assert kinds == [(503, "facts-unreadable")] * len(refused)
        assert all("erased" not in each.json()["detail"] for each in refused)
        [listed] = client.get("/v1/decisions").json()["items"]  # one hides no others
        assert (listed["id"], listed["outcome"]) == (made["id"], made["outcome"])


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("name", ["x", "decision-0", "%00", "decision-" + "0" * 32, "..", "%ff"])
def test_what_names_no_decision_is_not_there(name: str) -> None:
    assert shop().get(f"/v1/decisions/{name}").status_code == 404


@pytest.mark.usefixtures("sqlite_database")
def test_a_key_that_may_only_decide_reads_nothing() -> None:
    with anew():
        publish()
        only, _ = with_key(person(Role.ADMINISTRATOR), SCOPES[0])
        made = ask(only).json()["id"]
        assert only.get(f"/v1/decisions/{made}").status_code == 403
