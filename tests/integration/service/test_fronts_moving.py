"""A draft before a lender's own front end moves to another product, goes on in another language,
and without what was agreed to."""

from __future__ import annotations

from typing import Any

import pytest
from applying import ANSWERS, CONTACT, bureau, sealed_corner, sealed_garden
from fronting import ALL, front
from lender import publish
from people import send
from test_fronts_finding import post, typed
from through_door import Client

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.events import DraftMoved, DraftWithdrew
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform.record import services as record

NEEDED = ["decision", "sources"]


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish(raw=sealed_corner())
    publish(raw=sealed_garden())


def moving() -> tuple[Client, str]:
    """A program, and a draft of its own in which much is typed."""
    program = front()
    answers = {"amount": "8,000", "employment": "permanent", "aim": "car"}
    draft = post(program, ALL, {"product": "corner", "language": "en"})["id"]
    post(program, f"{ALL}/{draft}/answers", {"answers": answers})
    post(program, f"{ALL}/{draft}/contact", {"email": CONTACT["email"]})
    post(program, f"{ALL}/{draft}/consents", {"purposes": [*NEEDED, "asking_back"]})
    return program, draft


def test_a_draft_moves_to_another_product_and_nothing_is_typed_twice() -> None:
    program, draft = moving()
    [move] = program.get(f"{ALL}/{draft}/moves").json()["moves"]
    assert move["product"]["name"] == "garden"
    kept = {each["question"]: each["text"] for each in move["kept"]}
    assert kept["What it is for"] == "Vehicle"  # the other product's words
    assert "Is there a greenhouse?" in move["asked"]
    assert "Your kind of work" in move["aside"]
    assert Draft.objects.get(pk=draft).product == "corner"  # to look changes nothing
    for _ in range(2):
        moved = post(program, f"{ALL}/{draft}/moves", {"product": "garden"})
        assert moved["product"] == "garden"
    assert typed(program, draft) == {"amount": "8,000", "spend_on": "vehicle"}
    [event] = [each.event for each in record.history(draft, DraftMoved)]
    assert (event.before, event.by.partition(".")[0]) == ("corner", "program")
    answers = {"term": ANSWERS["term"], "income": ANSWERS["income"], "greenhouse": "no"}
    assert post(program, f"{ALL}/{draft}/answers", {"answers": answers})["complete"]
    with bureau(score=780.0, dti=0.2, employment="permanent"):
        post(program, f"{ALL}/{draft}/send", {})
    assert Decision.objects.get().strategy == "garden"
    for method, body in (("GET", None), ("POST", {"product": "corner"})):
        assert send(program, method, f"{ALL}/{draft}/moves", body).status_code == 409


def test_nobody_moves_to_what_cannot_be_applied_for() -> None:
    program, draft = moving()
    refused = send(program, "POST", f"{ALL}/{draft}/moves", {"product": "nothing"})
    assert (refused.status_code, refused.json()["field"]) == (422, "product")
    assert send(front(), "GET", f"{ALL}/{draft}/moves").status_code == 404


def sent_off() -> tuple[Client, str]:
    """A draft that was sent."""
    program, draft = moving()
    answers = {"term": ANSWERS["term"], "income": ANSWERS["income"]}
    post(program, f"{ALL}/{draft}/answers", {"answers": answers})
    with bureau(score=780.0, dti=0.2):
        post(program, f"{ALL}/{draft}/send", {})
    return program, draft


@pytest.mark.parametrize("prepared", [moving, sent_off])
def test_what_was_agreed_to_is_taken_back_before_and_after_it_was_sent(prepared: Any) -> None:
    program, draft = prepared()
    where = f"{ALL}/{draft}/consents/revocation"
    for _ in range(2):
        answer = post(program, where, {"purpose": "asking_back"})
        agreed = {each["purpose"]: each["agreed"] for each in answer["consents"]}
        assert agreed == {"decision": True, "sources": True, "asking_back": False}
    [event] = [each.event for each in record.history(draft, DraftWithdrew)]
    assert (event.purpose, event.by.partition(".")[0]) == ("asking_back", "program")
    [without] = [e["without"] for e in answer["consents"] if e["purpose"] == "asking_back"]
    assert "we do not ask you how it went" in without
    needed = send(program, "POST", where, {"purpose": "decision"})
    assert (needed.status_code, needed.json()["field"]) == (409, "purpose")
    assert send(program, "POST", where, {"purpose": "hats"}).status_code == 422


def test_without_what_is_needed_nothing_is_sent() -> None:
    program, draft = moving()
    answer = post(program, f"{ALL}/{draft}/consents", {"purposes": ["sources"]})
    assert not answer["complete"]
    assert send(program, "POST", f"{ALL}/{draft}/send", {}).status_code == 409


@pytest.mark.parametrize("prepared", [moving, sent_off])
def test_a_person_is_spoken_to_in_another_language_from_then_on(prepared: Any) -> None:
    program, draft = prepared()
    where = f"{ALL}/{draft}/language"
    answer = post(program, where, {"language": "zh"})
    assert answer["language"] == "zh"
    assert "您" in answer["consents"][0]["text"]
    if prepared is sent_off:
        assert "您" in str(program.get(f"{ALL}/{draft}/progress").json()["history"])
    for wrong in ("xx", ""):
        assert send(program, "POST", where, {"language": wrong}).status_code == 422


def test_offers_come_in_the_order_that_a_person_likes() -> None:
    program, draft = sent_off()
    orders = {
        order: program.get(f"{ALL}/{draft}/offers?order={order}").json()["offers"]
        for order in ("asked", "instalment", "paid", "amount")
    }
    assert orders["asked"] == program.get(f"{ALL}/{draft}/offers").json()["offers"]
    titles = [sorted(each["title"] for each in offers) for offers in orders.values()]
    assert titles == titles[:1] * 4  # none is left out
    amounts = [each["amount"] for each in orders["amount"]]
    assert amounts == sorted(amounts, reverse=True)
    assert program.get(f"{ALL}/{draft}/offers?order=luck").status_code == 422
