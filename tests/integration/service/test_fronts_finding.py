"""A lender's own front end shows products side by side, finds the one that fits, and tells a first
idea; what was typed there goes along into a draft."""

from __future__ import annotations

from typing import Any

import pytest
from applying import sealed_corner, sealed_garden
from fronting import ALL, front
from lender import publish
from people import send
from through_door import Client

from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform.record.models import Event

FINDER, RANGE = "/v1/products/finder", "/v1/products/range"


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish(raw=sealed_corner())
    publish(raw=sealed_garden())


def post(program: Client, where: str, body: Any) -> Any:
    answer = send(program, "POST", where, body)
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


def boxes(program: Client) -> dict[str, str]:
    """The boxes of a first idea, by what is asked."""
    return {each["question"]: each["box"] for each in program.get(RANGE).json()["asked"]}


def facts(program: Client, **answers: str) -> dict[str, str]:
    named = {"much": "How much", "months": "Over how many", "income": "Your income"}
    return {
        next(box for asked, box in boxes(program).items() if asked.startswith(named[name])): text
        for name, text in answers.items()
    }


def typed(program: Client, draft: str) -> dict[str, str]:
    """What stands in the boxes of a draft's questions."""
    questions = program.get(f"{ALL}/{draft}").json()["questions"]
    return {each["field"]: each["typed"][""] for each in questions if each["typed"]}


def test_products_stand_side_by_side_with_what_can_be_looked_for() -> None:
    answer = front().get(f"{FINDER}?language=zh").json()
    assert {each["name"] for each in answer["products"]} == {"corner", "garden"}
    assert all(each["first_idea"] and each["rows"] for each in answer["products"])
    english = front().get(FINDER).json()
    assert [each["title"] for each in english["products"]] == ["Corner loan", "Garden loan"]
    rows = {each["label"]: each["text"] for each in english["products"][0]["rows"]}
    assert rows["How much"] == "EUR\u202f500 to EUR\u202f50,000"
    assert [each["code"] for each in english["needs"]] == ["car", "other"]
    assert [each["code"] for each in english["when"]] == ["today", "week", "later"]


def test_the_finder_says_of_each_product_why_it_fits_or_does_not() -> None:
    program = front()
    wish = {"whom": "person", "need": "study", "amount": "60,000", "when": "today"}
    for each in post(program, FINDER, wish)["products"]:
        assert not each["fits"]
        reasons = {reason["text"]: reason["fits"] for reason in each["reasons"]}
        assert reasons["It goes up to EUR\u202f50,000."] is False
        assert reasons["It is not meant for what you need: study or training."] is False
        assert reasons["It is for people and their households."] is True
    fitting = post(program, FINDER, {**wish, "need": "car", "amount": "5000"})["products"]
    assert all(each["fits"] for each in fitting)
    assert [each["answers"] for each in fitting] == [{"amount": "5000"}] * 2


def test_what_cannot_be_read_is_a_problem_for_the_person_and_none_of_the_programs() -> None:
    program = front()
    answer = post(program, FINDER, {"amount": "12.000,50"})
    assert answer["products"] == []
    assert answer["problem"]
    wrong = post(program, RANGE, {"facts": facts(program, much="much")})
    assert wrong["ideas"] == []
    [problem] = [each["problem"] for each in wrong["asked"] if each["typed"] == "much"]
    assert "We cannot read this as a number" in problem
    [empty, *_] = post(program, RANGE, {})["asked"]
    assert empty["problem"] == "Please answer at least one of these."


@pytest.mark.parametrize(
    "body", [{"whom": "cat"}, {"when": "never"}, {"language": "xx"}, {"amount": "1" * 501}]
)
def test_what_there_is_not_is_refused(body: Any) -> None:
    assert send(front(), "POST", FINDER, body).status_code == 422


def test_a_first_idea_is_told_of_every_product_from_facts_asked_once() -> None:
    program = front()
    assert len(boxes(program)) == 3
    sent = {"facts": facts(program, much="8,000", months="36", income="6000")}
    answer = post(program, RANGE, sent)
    assert {each["product"]["title"] for each in answer["ideas"]} == {"Corner loan", "Garden loan"}
    assert {each["verdict"] for each in answer["ideas"]} == {"likely"}
    assert "nothing is promised" in answer["caution"]
    unlikely = {"facts": facts(program, much="40000", months="36", income="1000")}
    assert {each["verdict"] for each in post(program, RANGE, unlikely)["ideas"]} == {"unlikely"}
    assert "您想借多少" in {
        each["question"] for each in program.get(f"{RANGE}?language=zh").json()["asked"]
    }
    assert program.get(f"{RANGE}?whom=business").json()["asked"] == []


def test_nothing_is_kept_of_what_is_looked_for() -> None:
    program = front()
    sent = facts(program, much="8,000", income="6000")
    before = Event.objects.count()
    post(program, RANGE, {"facts": sent})
    post(program, FINDER, {"need": "car", "amount": "8000"})
    assert Event.objects.count() == before
    assert not Draft.objects.exists()


def test_what_was_typed_for_a_first_idea_goes_along_and_nothing_else_does() -> None:
    program = front()
    sent = {"facts": facts(program, much="8,000", income="6000")}
    ideas = {each["product"]["name"]: each for each in post(program, RANGE, sent)["ideas"]}
    brought = {**ideas["garden"]["answers"], "sex": "x"}
    body = {"product": "garden", "answers": brought, "need": "car"}
    draft = post(program, ALL, body)["id"]
    assert typed(program, draft) == {"amount": "8,000", "income": "6000", "spend_on": "vehicle"}
