"""An applicant is asked for one thing more: over the API, on the record, and at the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from at_the_desk import at, follow, referred, underwriter, waiting
from django.conf import settings
from django.test import override_settings
from lender import AUTHORITY, anew, ask, facts, publish, shop
from people import logged_in, send

from equipoise.service.contexts.asks import tasks as asks
from equipoise.service.contexts.asks.events import AskEvent
from equipoise.service.contexts.asks.models import Ask
from equipoise.service.contexts.cases import promised, services
from equipoise.service.contexts.cases.models import Work
from equipoise.service.platform import clock
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.service.platform.webhooks.public import words as told_others

QUESTION = {"en": "Since when do you work at Planted & Sons?", "zh": "您从何时起在该公司工作？"}
WHY = {"en": "Your payslips begin in March."}
BODY = {"what": "question", "answer": "text", "question": QUESTION, "why": WHY, "days": 3}


@pytest.fixture(autouse=True)
def _in_force(database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def a_case(**more: Any) -> tuple[Any, dict[str, Any], str]:
    """The program that asked for the decision, the decision, and the address of its asks."""
    program = shop(branch="north")
    made = ask(program, facts(amount=12_000.0, **more)).json()
    assert made["outcome"] == "refer"
    follow()
    return program, made, f"/v1/applications/{made['application']}/asks"


def desk() -> Any:
    return logged_in(underwriter())


def kinds(made: dict[str, Any]) -> list[str]:
    return [each.entry.kind for each in record.history(made["application"], AskEvent)]


def proved() -> None:
    assert verify_record().valid
    assert [each for each in verify_rows().differences if "asks" in each.table] == []


def test_the_whole_way_asked_answered_and_back_on_top() -> None:
    program, made, of = a_case()
    _, other, _ = a_case(application_id="other")
    client = desk()
    (before,) = (each for each in waiting() if each.application == made["application"])
    asked = send(client, "POST", of, BODY)
    assert asked.status_code == 201, asked.content
    body = asked.json()
    assert (body["state"], body["question"], body["why"]) == ("open", QUESTION, WHY)
    held = Work.objects.get(pk=before.id)
    assert held.held_since is not None
    assert held.last_day == before.last_day  # the law's clock goes on
    (mine,) = program.get(of).json()
    assert (mine["state"], mine["why"], mine["due_on"]) == ("open", WHY, body["due_on"])
    at_ask = f"/v1/asks/{body['id']}"
    answer = send(program, "POST", f"{at_ask}/answers", {"value": "Since May, at Planted & Sons."})
    assert answer.status_code == 201, answer.content
    assert answer.json()["answers"][0]["value"] == "Since May, at Planted & Sons."
    at_once = Work.objects.get(pk=before.id)  # before any job has looked
    assert (at_once.news, at_once.held_since, at_once.worth > 1e12) == ("answered", None, True)
    first, second = waiting()
    assert (first.application, first.news, first.place) == (
        made["application"], "answered", "answered",
    )  # fmt: skip
    assert (second.application, second.news) == (other["application"], "")
    assert first.held_since is None
    assert len(first.held) == 1
    assert kinds(made) == ["case.asked", "case.answered"]
    public = [told_others(each) for each in record.history(made["application"], AskEvent)]
    assert "Planted" not in json.dumps(public)
    assert not any(b"Planted" in bytes(e.body) for e in record.entries(made["application"]))
    proved()


def test_it_stands_the_same_once_all_work_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    at(clock.now(), monkeypatch)
    program, made, of = a_case()
    client = desk()
    one = send(client, "POST", of, BODY).json()["id"]
    send(program, "POST", f"/v1/asks/{one}/answers", {"value": "May"})
    follow()
    assert send(client, "POST", of, BODY).status_code == 201
    follow()
    stood = list(Work.objects.order_by("id").values("id", "held", "held_since", "news", "due_at"))
    services.rebuild()
    assert (
        list(Work.objects.order_by("id").values("id", "held", "held_since", "news", "due_at"))
        == stood
    )
    assert made["application"] in str(list(Work.objects.values()))


def test_each_kind_of_work_is_promised_hours_of_its_own() -> None:
    result = {"signature": 1.0, "answer": 0.5, "review": 2.0}
    changed = replace(settings.CONFIGURATION, case_hours=8.0, case_hours_by_kind=result)
    with override_settings(CONFIGURATION=changed):
        program, made, of = a_case()
        client = desk()
        (referred,) = waiting("referred")
        assert hours_of(referred) == pytest.approx(8.0, abs=0.01)
        ask = send(client, "POST", of, BODY).json()["id"]
        answered = send(program, "POST", f"/v1/asks/{ask}/answers", {"value": "May"})
        assert answered.status_code == 201
        (back,) = waiting("referred")
        assert hours_of(back) == pytest.approx(0.5, abs=0.01)
        other = a_case(application_id="other")[1]
        passed = {"answer": "decline", "words": "So it is.", "reasons": ["STRAINED"]}
        send(client, "POST", f"/v1/decisions/{other['id']}/pass-on", passed)
        (signature,) = waiting("signature")
        assert hours_of(signature) == pytest.approx(1.0, abs=0.01)
        sent = send(client, "POST", f"/v1/decisions/{made['id']}/decide", passed)
        assert sent.status_code == 201, sent.content
        reviews = f"/v1/applications/{made['application']}/reviews"
        assert send(program, "POST", reviews, {}).status_code == 201
        (review,) = waiting("review")
        assert hours_of(review) == pytest.approx(2.0, abs=0.01)


def hours_of(work: Work) -> float:
    """Business hours from now until it is due."""
    assert work.due_at is not None
    return promised.office(work.digest).hours(clock.now(), work.due_at)


def test_of_two_who_ask_one_has_asked_and_the_other_is_told_who() -> None:
    _, made, of = a_case()
    first = underwriter()
    assert send(logged_in(first), "POST", of, BODY).status_code == 201
    lost = send(desk(), "POST", of, {**BODY, "question": {"en": "Another?"}})
    assert lost.status_code == 409
    assert first.username in lost.json()["detail"]
    assert kinds(made) == ["case.asked"]


def test_a_case_that_another_has_is_asked_nothing_about() -> None:
    _, made, of = a_case()
    holder, (work,) = underwriter(), waiting()
    assert send(logged_in(holder), "POST", f"/v1/work/{work.id}/claim").status_code == 200
    refused = send(desk(), "POST", of, BODY)
    assert refused.status_code == 409
    assert holder.username in refused.json()["detail"]
    assert not Ask.objects.exists()
    assert kinds(made) == []


def test_a_fact_is_read_by_its_field_and_weighs_again() -> None:
    program, made, of = a_case()
    client = desk()
    named = {each["name"]: each for each in client.get(of[: -len("asks")] + "askable").json()}
    assert named["on_sick_leave"]["answer"] == "yes_no"
    assert "score" not in named  # the bureau's
    assert "gender" not in named
    asked = send(client, "POST", of, {"what": "fact", "about": "on_sick_leave", "why": WHY})
    assert asked.status_code == 201, asked.content
    at_ask = f"/v1/asks/{asked.json()['id']}/answers"
    assert send(program, "POST", at_ask, {"value": "a lot"}).status_code == 422
    assert kinds(made) == ["case.asked"]
    terms = {"amount": 9000.0, "months": 36, "apr": 0.09}
    weigh = f"/v1/decisions/{made['id']}/weigh"
    before = send(client, "POST", weigh, terms).json()
    assert before["verdict"] == "approve"
    assert send(program, "POST", at_ask, {"value": True}).status_code == 201
    assert send(client, "POST", weigh, terms).json()["verdict"] == "refer"
    assert program.get(f"/v1/decisions/{made['id']}").json()["outcome"] == "refer"  # a person's
    proved()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": {}}, "why"),
        ({"why": {"en": "Call me on +44 20 7946 0000"}}, "why.en"),
        ({"why": {"zh": "请发邮件至 ada@example.com"}}, "why.zh"),
        ({"question": {"en": "See https://example.com/x"}}, "question.en"),
        ({"question": {}}, "question"),
        ({"answer": ""}, "answer"),
        ({"what": "fact", "about": "score"}, "about"),
        ({"what": "document", "about": "nothing_such"}, "about"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_box(changes: dict[str, Any], field: str) -> None:
    _, made, of = a_case()
    refused = send(desk(), "POST", of, {**BODY, **changes})
    assert refused.status_code == 422, refused.content
    assert field in json.dumps(refused.json())
    assert kinds(made) == []
    assert Work.objects.get(application=made["application"]).held_since is None


def test_words_for_colleagues_are_refused_in_what_an_applicant_would_read() -> None:
    _, made, of = a_case()
    client = desk()
    passed = {
        "answer": "decline",
        "words": "The landlord doubts the contract of employment.",
        "reasons": ["STRAINED"],
    }
    answer = send(client, "POST", f"/v1/decisions/{made['id']}/pass-on", passed)
    assert answer.status_code == 200, answer.content
    follow()
    repeated = {"zh": "THE landlord doubts  the contract of employment"}
    for field in ("why", "question"):
        refused = send(client, "POST", of, {**BODY, field: repeated})
        assert (refused.status_code, refused.json()["field"]) == (422, field), refused.content
    assert not Ask.objects.exists()
    assert send(client, "POST", of, BODY).status_code == 201


def test_sums_and_days_are_no_telephone_numbers() -> None:
    _, _, of = a_case()
    why = {"en": "You said 1,250,000 in 2024, and 2024-03-31 to 31.12.2025 for 60 months."}
    assert send(desk(), "POST", of, {**BODY, "why": why}).status_code == 201


def test_unanswered_it_comes_back_marked_so_and_nothing_is_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program, made, of = a_case()
    answer = send(desk(), "POST", of, BODY).json()
    assert asks.end_asks.func() == 0
    due = date.fromisoformat(answer["due_on"])
    later = clock.now() + timedelta(days=(due - clock.now().date()).days + 2)
    at(later, monkeypatch)
    assert asks.end_asks.func() == 1
    assert asks.end_asks.func() == 0
    (work,) = waiting()
    assert (work.news, work.place, work.held_since) == ("lapsed", "lapsed", None)
    (mine,) = program.get(of).json()
    assert (mine["state"], mine["outcome"]) == ("closed", "lapsed")
    late = send(program, "POST", f"/v1/asks/{answer['id']}/answers", {"value": "May"})
    assert late.status_code == 409
    assert program.get(f"/v1/decisions/{made['id']}").json()["outcome"] == "refer"
    assert kinds(made) == ["case.asked", "case.ask_lapsed"]
    proved()


def test_the_days_are_the_lenders_business_days() -> None:
    _, made, of = a_case()
    answer = send(desk(), "POST", of, {**BODY, "days": 10}).json()
    office = promised.office(Work.objects.get(application=made["application"]).digest)
    day, left = clock.now().date(), 10
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5  # the lender of the tests is open from Monday to Friday
    assert date.fromisoformat(answer["due_on"]) - day in (timedelta(0), timedelta(1), timedelta(-1))
    assert not office.calendar.holidays


def test_taken_back_the_clock_goes_on_without_news() -> None:
    program, made, of = a_case()
    client = desk()
    answer = send(client, "POST", of, BODY).json()
    taken = send(client, "POST", f"/v1/asks/{answer['id']}/withdraw")
    assert (taken.status_code, taken.json()["outcome"]) == (200, "withdrawn")
    assert send(client, "POST", f"/v1/asks/{answer['id']}/withdraw").status_code == 409
    (work,) = waiting()
    assert (work.news, work.held_since) == ("", None)
    assert (
        send(program, "POST", f"/v1/asks/{answer['id']}/answers", {"value": "May"}).status_code
        == 409
    )
    assert kinds(made) == ["case.asked", "case.ask_withdrawn"]


def test_deciding_ends_what_was_asked() -> None:
    program, made, of = a_case()
    client = desk()
    answer = send(client, "POST", of, BODY).json()
    body = {"answer": "decline", "reasons": ["DEBTS"], "words": "It is clear without."}
    done = send(client, "POST", f"/v1/decisions/{made['id']}/decide", body)
    assert done.status_code == 201, done.content
    (mine,) = program.get(of).json()
    assert (mine["state"], mine["outcome"]) == ("closed", "decided")
    assert (
        send(program, "POST", f"/v1/asks/{answer['id']}/answers", {"value": "x"}).status_code == 409
    )


def test_a_new_decision_ends_what_was_asked_at_the_former() -> None:
    program, made, of = a_case()
    send(desk(), "POST", of, BODY)
    again = ask(program, facts(amount=12_500.0))
    assert again.json()["application"] == made["application"]
    asks.end_asks.func()
    (mine,) = program.get(of).json()
    assert (mine["state"], mine["outcome"]) == ("closed", "decided")


def test_others_asks_are_not_there() -> None:
    _, _, of = a_case()
    answer = send(desk(), "POST", of, BODY).json()
    stranger, elsewhere = shop(branch="south"), logged_in(underwriter(branch="south"))
    assert stranger.get(of).status_code == 404
    assert (
        send(stranger, "POST", f"/v1/asks/{answer['id']}/answers", {"value": "x"}).status_code
        == 404
    )
    assert send(elsewhere, "POST", of, BODY).status_code == 404
    assert send(elsewhere, "POST", f"/v1/asks/{answer['id']}/withdraw").status_code == 404


def test_nothing_is_asked_of_a_case_that_waits_for_nobody() -> None:
    program = shop(branch="north")
    made = ask(program, facts()).json()
    refused = send(desk(), "POST", f"/v1/applications/{made['application']}/asks", BODY)
    assert (refused.status_code, Ask.objects.count()) == (409, 0)
    assert referred()["outcome"] == "refer"


def test_of_two_who_ask_at_the_same_moment_one_has_asked(in_threads: Any) -> None:
    _, made, of = a_case()
    both = [logged_in(underwriter()) for _ in range(2)]

    def asks_now(n: int) -> int:
        return int(send(both[n], "POST", of, BODY).status_code)

    assert sorted(in_threads(2, asks_now)) == [201, 409]
    assert kinds(made) == ["case.asked"]
    assert Ask.objects.count() == 1
    proved()


def test_of_an_answer_and_its_taking_back_at_the_same_moment_one_holds(in_threads: Any) -> None:
    program, made, of = a_case()
    client = desk()
    one = send(client, "POST", of, BODY).json()["id"]
    ways = (
        lambda: send(program, "POST", f"/v1/asks/{one}/answers", {"value": "May"}),
        lambda: send(client, "POST", f"/v1/asks/{one}/withdraw"),
    )
    answered, taken = in_threads(2, lambda n: int(ways[n]().status_code))
    assert (answered, taken) in ((201, 409), (409, 200))
    assert len(kinds(made)) == 2
    proved()
