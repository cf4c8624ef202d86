"""A person asks; a program answers from approved texts alone, and hands over to a person."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from applying import Applicant, bureau, publish_asking
from people import logged_in, person

from equipoise.service.contexts.conversations.events import Turn
from equipoise.service.contexts.conversations.models import HandedOver
from equipoise.service.contexts.decisions.reading import explanation, read
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record

GRAVE = "I lost my job and cannot pay any more"


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def happened(draft: str) -> list[str]:
    return [each.entry.kind.rpartition(".")[2] for each in record.history(draft, Turn)]


def ask(asking: Applicant, question: str) -> Any:
    return asking.client.post(asking.home + "ask", {"question": question})


def test_a_question_and_its_reply_are_there_after_a_refresh() -> None:
    asking = Applicant().begin()
    assert ask(asking, "Is my data safe with you?").status_code == 302
    for _ in range(2):
        assert "Is my data safe with you?" in asking.text("ask")
    assert happened(asking.draft) == ["asked", "answered"]


def test_why_it_was_no_is_told_in_the_decisions_own_words() -> None:
    with bureau(score=450.0, dti=0.2):
        asking = Applicant().begin().fill()
        asking.send()
    decision = Draft.objects.get(pk=asking.draft).decision
    words = explanation(read(decision), services.FOR_APPLICANTS, "customer", "en")
    assert words["reasons"]
    asking.client.post(asking.home + "ask", {"choice": "my_reasons"})
    said = unescape(asking.text("ask"))
    assert all(reason.rstrip(".") in said for reason in words["reasons"])
    assert happened(asking.draft) == ["asked", "answered"]


def test_what_the_record_lacks_is_not_made_up_but_handed_over() -> None:
    asking = Applicant().begin()
    asking.client.post(asking.home + "ask", {"choice": "my_cost"})
    assert happened(asking.draft) == ["asked", "answered", "handed_over"]
    assert HandedOver.objects.get().why == "missing"


def test_a_choice_that_there_is_not_is_refused() -> None:
    asking = Applicant().begin()
    answer = asking.client.post(asking.home + "ask", {"choice": "no_such_text"})
    assert answer.status_code == 422
    assert happened(asking.draft) == []


def test_urgent_words_lead_to_a_person_at_once_and_the_program_is_silent() -> None:
    asking = Applicant().begin()
    ask(asking, GRAVE)
    assert happened(asking.draft) == ["asked", "answered", "handed_over"]
    waiting = HandedOver.objects.get()
    assert (waiting.draft, waiting.why) == (asking.draft, "urgent")
    assert waiting.topic
    ask(asking, "What is the interest rate?")
    assert happened(asking.draft)[3:] == ["asked"]
    assert "A person has this conversation now" in asking.text("ask")


def test_a_person_is_had_by_asking_for_one_and_answers() -> None:
    asking = Applicant().begin()
    asking.client.post(asking.home + "ask", {"person": "1"})
    clerk = logged_in(person(Role.UNDERWRITER))
    (waiting,) = clerk.get("/v1/conversations").json()
    assert waiting["why"] == "wanted"
    where = f"/v1/conversations/{waiting['draft']}"
    answer = clerk.post(f"{where}/replies", {"text": "I call you at ten.", "done": True},
                        content_type="application/json")  # fmt: skip
    assert answer.status_code == 200, answer.content
    assert "I call you at ten." in asking.text("ask")
    assert clerk.get("/v1/conversations").json() == []
    assert clerk.get(where).status_code == 404  # between the applicant and the program again
    assert happened(asking.draft) == ["handed_over", "replied", "given_back"]


def test_urgent_conversations_stand_first() -> None:
    first, second = Applicant().begin(), Applicant().begin()
    first.client.post(first.home + "ask", {"person": "1"})
    ask(second, GRAVE)
    clerk = logged_in(person(Role.SERVICE_OWNER))
    drafts = [each["draft"] for each in clerk.get("/v1/conversations").json()]
    assert drafts == [second.draft, first.draft]


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001, "\x00"])
def test_nothing_and_too_much_are_refused_kindly_and_kept_in_the_box(question: str) -> None:
    asking = Applicant().begin()
    assert ask(asking, question).status_code == 422
    assert happened(asking.draft) == []


def test_words_stand_sealed_in_the_record() -> None:
    asking = Applicant().begin()
    ask(asking, "Does Ada Planted owe you anything?")
    assert not any(b"Planted" in bytes(each.body) for each in record.entries(asking.draft))


def test_a_stranger_reads_no_conversation() -> None:
    asking, stranger = Applicant().begin(), Applicant().begin()
    ask(asking, "Is my data safe?")
    assert stranger.client.get(asking.home + "ask").status_code == 404
    assert stranger.client.post(asking.home + "ask", {"question": "hi"}).status_code == 404


def test_it_answers_in_the_applicants_language() -> None:
    asking = Applicant().begin()
    asking.client.post(asking.home + "language", {"language": "zh", "page": "apply-ask"})
    ask(asking, "我要人工")
    assert "您" in asking.text("ask")
    assert happened(asking.draft)[:2] == ["asked", "answered"]
