"""Decisions over HTTP: asked once, answered once, in flight and between versions."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from corner_lender import strategy
from lender import RISKY, ask, facts, publish, shop

from equipoise.service.contexts.decisions import course, idempotency
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.schemas import DecisionOut
from equipoise.service.contexts.registry import publishing
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.proving import verify_record


def test_the_answer_is_the_strategys_own(client: Any) -> None:
    for given in (facts(), facts(**RISKY), facts(dti=0.7), facts(on_sick_leave=True)):
        answer = ask(client, given).json()
        own = strategy().decide(given, at=date.fromisoformat(answer["decided_on"])).answer()
        for name in ("outcome", "grade", "reasons", "offers", "journey", "authority", "digest"):
            assert answer[name] == own[name], name


def test_what_is_answered_is_in_the_record_and_can_be_read_again(client: Any) -> None:
    asked = ask(client)
    assert asked.status_code == 201
    answer = asked.json()
    assert set(answer) == set(DecisionOut.model_fields)
    DecisionOut.model_validate(answer)
    again = client.get(f"/v1/decisions/{answer['id']}")
    assert (again.status_code, again.json()) == (200, answer)
    [entry] = record.entries(answer["application"])
    assert (entry.kind, entry.data["decision"]) == ("decision.made", answer["id"])
    assert verify_record().valid


def test_no_fact_of_the_applicant_stands_open_in_the_database(client: Any) -> None:
    given = facts(application_id="PlantedId", income=98765.4321, score_date="2026-11-02")
    ask(client, given)
    bodies = b"".join(bytes(body) for body in Event.objects.values_list("body", flat=True))
    assert b"PlantedId" not in bodies
    assert not re.search(rb"\b98765\b", bodies)  # as a word: a digest may spell it
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


def test_a_body_that_went_through_a_programs_floats_is_the_same_body(client: Any) -> None:
    given = facts(amount=8950, income=3000, dti=0)
    texts = [json.dumps({"application": given})]
    for amount, dti in (("8950.0", "-0.0"), ("8.95e3", "0.0")):
        texts.append(
            texts[0]
            .replace('"amount": 8950', f'"amount": {amount}')
            .replace('"dti": 0', f'"dti": {dti}')
        )
    assert len(set(texts)) == 3
    answers = [ask(client, text.encode(), key="once") for text in texts]
    assert [each.status_code for each in answers] == [201] * 3
    assert len({each.json()["id"] for each in answers}) == 1
    other = ask(client, facts(amount=8950.5, income=3000, dti=0), key="once")
    assert other.status_code == 422


def test_the_same_key_with_another_body_is_refused(client: Any) -> None:
    ask(client, key="once")
    response = ask(client, facts(amount=9000.0), key="once")
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/other-body"
    assert Decision.objects.count() == 1


def test_a_key_belongs_to_who_sent_it(client: Any) -> None:
    first = ask(client, key="once").json()
    assert ask(shop(), key="once").json()["id"] != first["id"]


def test_a_key_in_progress_is_a_conflict(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    real = course.parts_by

    def slow(*given: Any) -> Any:
        collected.append(ask(client, key="once").status_code)
        return real(*given)

    monkeypatch.setattr(course, "parts_by", slow)
    assert ask(client, key="once").status_code == 201
    assert collected == [409]


@pytest.mark.parametrize(
    ("later", "same"),
    [(timedelta(hours=23, minutes=55), True), (timedelta(hours=24, seconds=1), False)],
    ids=["within a day", "after a day"],
)
def test_a_key_is_kept_for_24_hours(
    client: Any, monkeypatch: pytest.MonkeyPatch, later: timedelta, same: bool
) -> None:
    first = ask(client, key="once").json()
    monkeypatch.setattr(idempotency.clock, "now", lambda: datetime.now(UTC) + later)
    assert (ask(client, key="once").json()["id"] == first["id"]) is same


@pytest.mark.parametrize(
    ("later", "count"),
    [(timedelta(hours=23, minutes=55), 0), (timedelta(hours=24, seconds=1), 1)],
    ids=["within a day", "after a day"],
)
def test_a_key_is_forgotten_after_24_hours(
    client: Any, monkeypatch: pytest.MonkeyPatch, later: timedelta, count: int
) -> None:
    ask(client, key="once")
    monkeypatch.setattr(idempotency, "_forgotten", [""])
    monkeypatch.setattr(idempotency.clock, "now", lambda: datetime.now(UTC) + later)
    assert idempotency.forget_old() == count
    assert Decision.objects.filter(request=None).count() == count


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
    assert verify_record().valid


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
    assert len(record.entries(began["application"])) == 2
    assert client.get(f"/v1/decisions/{began['id']}").json() == began
    assert verify_record().valid


def test_an_application_that_was_answered_begins_anew(client: Any) -> None:
    first, second = ask(client).json(), ask(client).json()
    assert first["outcome"] == "approve"
    assert first["application"] != second["application"]


def test_others_applications_are_not_gone_on_with(client: Any) -> None:
    given = facts(application_id="same", on_sick_leave=True)
    mine, theirs = ask(client, given).json(), ask(shop(), given).json()
    assert mine["application"] != theirs["application"]
    assert ask(client, given).json()["application"] == mine["application"]


def test_a_strategy_of_another_name_changes_nothing_for_who_names_none(client: Any) -> None:
    before = ask(client).json()["digest"]
    digest = publish(1, name="other")
    assert ask(client).json()["digest"] == before != digest
    assert ask(client, strategy="other").json()["digest"] == digest
    assert ask(client, strategy="othr").json()["mend"]
    in_force = publishing.in_force("other")
    assert in_force is not None
