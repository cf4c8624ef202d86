"""Decisions over HTTP: asked once, answered once, read again, explained, replayed, followed up."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
from corner_lender import strategy
from django.db import OperationalError
from lender import RISKY, SCOPES, anew, ask, facts, publish, shop
from people import logged_in, person, send, with_key

from equipoise.service.accounts.permissions import Role
from equipoise.service.decisions import deciding, idempotency
from equipoise.service.decisions.models import Decision, Request
from equipoise.service.decisions.schemas import DecisionOut
from equipoise.service.ledger import services as ledger
from equipoise.service.ledger import subjects
from equipoise.service.ledger.models import Event
from equipoise.service.operations import requests
from equipoise.service.registry import services as registry
from equipoise.service.registry.models import Pointer, Version


@pytest.fixture
def client(database: Any) -> Any:
    with anew():
        publish()
        yield shop()


def test_the_answer_is_the_strategys_own(client: Any) -> None:
    for given in (facts(), facts(**RISKY), facts(dti=0.7), facts(on_sick_leave=True)):
        answer = ask(client, given).json()
        own = strategy().decide(given, at=date.fromisoformat(answer["decided_on"])).answer()
        for name in ("outcome", "grade", "reasons", "offers", "journey", "authority", "digest"):
            assert answer[name] == own[name], name


def test_what_is_answered_is_in_the_ledger_and_can_be_read_again(client: Any) -> None:
    asked = ask(client)
    assert asked.status_code == 201
    answer = asked.json()
    assert set(answer) == set(DecisionOut.model_fields)
    DecisionOut.model_validate(answer)
    again = client.get(f"/v1/decisions/{answer['id']}")
    assert (again.status_code, again.json()) == (200, answer)
    [entry] = ledger.history(answer["application"])
    assert (entry.kind, entry.data["decision"]) == ("decision.made", answer["id"])
    assert ledger.verify_ledger().valid


def test_no_fact_of_the_applicant_stands_open_in_the_database(client: Any) -> None:
    given = facts(application_id="PlantedId", income=98765.4321, score_date="2026-11-02")
    ask(client, given)
    bodies = b"".join(bytes(body) for body in Event.objects.values_list("body", flat=True))
    assert b"PlantedId" not in bodies
    assert b"98765" not in bodies
    assert b"2026-11-02" not in bodies
    rows = json.dumps(list(Decision.objects.values()), default=str)
    assert "PlantedId" not in rows


@pytest.mark.parametrize("key", [None, "", " ", "ü", "x" * 201])
def test_without_a_usable_key_nothing_is_decided(client: Any, key: str | None) -> None:
    body = json.dumps({"application": facts()})
    headers = {} if key is None else {"Idempotency-Key": key}
    response = client.post("/v1/decisions", body, content_type="application/json", headers=headers)
    assert response.status_code == 400
    assert Decision.objects.count() == 0


def test_the_same_key_gives_the_same_answer_and_decides_nothing(client: Any) -> None:
    first, second = (ask(client, key="once").json() for _ in range(2))
    assert first == second
    assert Decision.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(client: Any) -> None:
    ask(client, key="once")
    response = ask(client, facts(amount=9000.0), key="once")
    assert response.status_code == 422
    assert response.json()["error"] == "OtherBody"
    assert Decision.objects.count() == 1


def test_a_key_belongs_to_who_sent_it(client: Any) -> None:
    first = ask(client, key="once").json()
    assert ask(shop(), key="once").json()["id"] != first["id"]


def test_a_key_in_progress_is_a_conflict(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    real = deciding._decide

    def slow(*given: Any) -> Any:
        told.append(ask(client, key="once").status_code)
        return real(*given)

    monkeypatch.setattr(deciding, "_decide", slow)
    assert ask(client, key="once").status_code == 201
    assert told == [409]


def test_after_a_day_a_key_is_new(client: Any) -> None:
    first = ask(client, key="once").json()
    row = Request.objects.get()
    row.at -= idempotency.KEPT + timedelta(seconds=1)
    row.save()
    assert ask(client, key="once").json()["id"] != first["id"]
    assert idempotency.forget_old() == 0


def test_fifty_threads_with_one_key_have_one_effect(client: Any, in_threads: Any) -> None:
    answers = in_threads(50, lambda _: ask(client, key="once"))
    assert {each.status_code for each in answers} <= {201, 409}
    assert len({each.json()["id"] for each in answers if each.status_code == 201}) == 1
    assert Decision.objects.count() == Event.objects.filter(kind="decision.made").count() == 1


def test_between_processes_one_key_has_one_effect(
    client: Any, in_threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process does not know our keys in progress: only the table's key is between us."""
    monkeypatch.setattr(idempotency, "_busy", _Blind())
    answers = in_threads(8, lambda _: ask(client, key="once"))
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["id"] for each in answers}) == 1
    assert Decision.objects.count() == 1


class _Blind(set[str]):
    def __contains__(self, _key: object) -> bool:
        return False


def test_many_at_once_are_all_kept(client: Any, in_threads: Any) -> None:
    answers = in_threads(
        8,
        lambda n: [ask(client, facts(application_id=f"a{n}-{k}")).json()["id"] for k in range(5)],
    )
    assert {each for part in answers for each in part} == set(
        Decision.objects.values_list("id", flat=True)
    )
    assert ledger.verify_ledger().valid


def test_an_application_in_flight_stays_with_the_version_that_began_it(client: Any) -> None:
    given = facts(application_id="flying", amount=12000.0, checks={})
    began = ask(client, given).json()
    assert began["outcome"] == "ask_for_more"
    new = publish(2)
    given["checks"] = {began["next_check"]: "passed"}
    went_on = ask(client, given).json()
    assert went_on["application"] == began["application"]
    assert went_on["digest"] == began["digest"] != new
    assert ask(client, facts(application_id="other")).json()["digest"] == new
    assert len(ledger.history(began["application"])) == 2
    assert client.get(f"/v1/decisions/{began['id']}").json() == began
    assert ledger.verify_ledger().valid


def test_an_application_that_was_answered_begins_anew(client: Any) -> None:
    first, second = ask(client).json(), ask(client).json()
    assert first["outcome"] == "approve"
    assert first["application"] != second["application"]


def test_others_applications_are_not_gone_on_with(client: Any) -> None:
    given = facts(application_id="same", on_sick_leave=True)
    mine, theirs = ask(client, given).json(), ask(shop(), given).json()
    assert mine["application"] != theirs["application"]
    assert ask(client, given).json()["application"] == mine["application"]


def test_each_reader_gets_their_explanation(client: Any) -> None:
    made = ask(client, facts(**RISKY)).json()
    where = f"/v1/decisions/{made['id']}/explanation"
    assert client.get(f"{where}?for=customer&lang=en").json()["text"]
    assert any("grade" in line for line in client.get(f"{where}?for=underwriter").json()["lines"])
    assert made["digest"] in json.dumps(client.get(f"{where}?for=auditor").json())
    assert client.get(f"{where}?for=customer&lang=fr").status_code == 422
    assert client.get(f"{where}?for=burglar").status_code == 422


def test_the_explanation_is_that_of_the_decision_itself(client: Any) -> None:
    from equipoise.strategy.explaining import for_auditor, for_customer, for_underwriter

    loaded = strategy()
    given = facts(**RISKY)
    made = ask(client, given).json()
    own = loaded.decide(given, at=date.fromisoformat(made["decided_on"]))
    where = f"/v1/decisions/{made['id']}/explanation?for="
    assert client.get(f"{where}underwriter").json()["lines"] == for_underwriter(own, loaded.content)
    told = client.get(f"{where}customer").json()
    assert told["text"] == for_customer(own, loaded.content, "en")["text"]
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
    from equipoise.service.decisions import reading

    monkeypatch.setattr(reading, "_decider", lambda _: strategy(choose="cutoff"))
    told = send(client, "POST", where).json()
    assert not told["identical"]
    assert "trace.way" in {each["at"] for each in told["differences"]}


def test_outcomes_follow_their_decision_once_each(client: Any) -> None:
    made = ask(client).json()
    where = f"/v1/decisions/{made['id']}/outcome"
    today = date.today().isoformat()
    told = {"outcome": "booked", "on": today, "amount": 8000}
    assert send(client, "POST", where, told).status_code == 201
    assert send(client, "POST", where, told).status_code == 201
    for wrong in (1, True, "8000", -1, 1e16):
        assert send(client, "POST", where, {**told, "amount": wrong}).status_code == 422
    assert send(client, "POST", where, {"outcome": "repaid", "on": "2001-01-01"}).status_code == 422
    assert send(client, "POST", where, {"outcome": "eaten", "on": today}).status_code == 422
    listed = client.get(f"{where}s").json()
    assert [(each["outcome"], each["amount"]) for each in listed] == [("booked", 8000.0)]
    assert ledger.verify_ledger().valid


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
    subjects.erase(Decision.objects.get(pk=made["id"]).subject, "user.1", "asked for it")
    assert client.get(f"/v1/decisions/{made['id']}").json() == made
    for path in ("explanation", "recourse"):
        assert client.get(f"/v1/decisions/{made['id']}/{path}").status_code == 410
    assert ledger.verify_ledger().valid


def test_a_strategy_that_is_gone_refers(client: Any) -> None:
    Version.objects.update(content=b"gone")
    with anew():
        answer = ask(client)
        assert answer.status_code == 201
        assert (answer.json()["outcome"], answer.json()["offers"]) == ("refer", [])
        where = f"/v1/decisions/{answer.json()['id']}"
        assert client.get(where).json() == answer.json()
        assert client.get(f"{where}/explanation").status_code == 409
        assert send(client, "POST", f"{where}/replay").status_code == 409


def test_a_strategy_that_breaks_refers(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from equipoise.strategy.live import Live

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Live, "decide", broken)
    assert ask(client).json()["outcome"] == "refer"


def test_with_nothing_in_force_nothing_is_decided(client: Any) -> None:
    Pointer.objects.all().delete()
    response = ask(client)
    assert response.status_code == 503
    assert response["Retry-After"]


def test_with_several_in_force_the_name_decides(client: Any) -> None:
    digest = publish(1, name="other")
    assert ask(client).status_code == 422
    assert ask(client, strategy="other").json()["digest"] == digest
    assert ask(client, strategy="othr").json()["mend"]
    in_force = registry.in_force("other")
    assert in_force is not None


def test_a_database_that_takes_nothing_is_told_and_nothing_is_half_written(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.service.ledger import writer

    real = writer.write_events
    monkeypatch.setattr(writer, "write_events", _full)
    response = ask(client, key="once")
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    monkeypatch.setattr(writer, "write_events", real)
    assert (Decision.objects.count(), Request.objects.count()) == (0, 0)
    assert ask(client, key="once").status_code == 201


def _full(*_: Any) -> None:
    raise OperationalError("database or disk is full")


def test_a_full_disk_is_told_and_nothing_is_half_written(sqlite_database: Any) -> None:
    with anew():
        publish()
        client = shop()
        sqlite_database.execute("PRAGMA max_page_count = 1")  # as many pages as there are by now
        kept = []
        for number in range(60):
            response = ask(client, key=f"full-{number}")
            if response.status_code != 201:
                break
            kept.append(response.json()["id"])
        assert (response.status_code, response["Retry-After"]) == (503, "2")
        assert set(Decision.objects.values_list("id", flat=True)) == set(kept)
        assert Request.objects.count() == Event.objects.filter(kind=deciding.MADE).count()
        assert ledger.verify_ledger().valid
        sqlite_database.execute("PRAGMA max_page_count = 1000000")
        assert ask(client, key=f"full-{number}").status_code == 201


def test_a_database_held_by_someone_else_is_told_in_bounded_time(database: Any) -> None:
    from django.db import connection, connections, transaction

    with anew():
        publish()
        client = shop()
        holds, released = threading.Event(), threading.Event()

        def hold() -> None:
            with transaction.atomic(), connections["default"].cursor() as cursor:
                if connections["default"].vendor == "postgresql":
                    cursor.execute("LOCK TABLE ledger_event IN ACCESS EXCLUSIVE MODE")
                holds.set()
                released.wait(30)
            connections.close_all()

        thread = threading.Thread(target=hold)
        thread.start()
        holds.wait(10)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET lock_timeout = '300ms'")
            else:
                cursor.execute("PRAGMA busy_timeout = 300")
        try:
            assert ask(client, key="once").status_code == 503
        finally:
            released.set()
            thread.join()
        assert ask(client, key="once").status_code == 201


def test_a_frozen_database_is_told_in_bounded_time(
    postgresql_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    with anew():
        publish()
        client = shop()
        monkeypatch.setattr(requests, "REQUESTS_TIME", 0.2)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
        os.kill(backend, signal.SIGSTOP)
        begun = time.monotonic()
        try:
            response = ask(client, key="once")
        finally:
            os.kill(backend, signal.SIGCONT)
        assert (response.status_code, response["Retry-After"]) == (503, "2")
        assert time.monotonic() - begun < 8
        assert ask(client, key="once").status_code == 201


BAD = [
    ("not json", b"{", 400),
    ("another encoding", json.dumps({"application": {}}).encode("utf-16"), 400),
    ("half a character", b'{"application": {"employment": "\\ud800"}}', 422),
    ("not utf-8", b'{"application": {"employment": "\xff"}}', 400),
    ("NaN", b'{"application": {"amount": NaN}}', 400),
    ("beyond floats", b'{"application": {"amount": 1e999}}', 422),
    ("a huge integer", b'{"application": {"amount": 1' + b"0" * 400 + b"}}", 422),
    ("deep", b'{"application": {"amount": ' + b"[" * 400 + b"]" * 400 + b"}}", 422),
    ("deeper", b'{"application": ' + b"[" * 200_000, 400),
    ("a name twice", b'{"application": {"amount": 1, "amount": 2}}', 400),
    ("a list of facts", b'{"application": []}', 422),
    ("no facts", b'{"application": {}}', 422),
    ("strangers beside it", b'{"application": {}, "approve": true}', 422),
    ("an unknown fact", json.dumps({"application": facts(hat=1)}).encode(), 422),
    ("a fact of another type", json.dumps({"application": facts(amount="1")}).encode(), 422),
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
    assert Decision.objects.count() == Request.objects.count() == 0


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "text/xml", ""])
def test_other_kinds_of_body_are_refused(kind: str) -> None:
    client = shop()
    response = client.generic("POST", "/v1/decisions", b"{}", content_type=kind)
    assert response.status_code == 415


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
