"""A person finds out which loan fits, and what to expect, before there is an application."""

from __future__ import annotations

import re
from typing import Any

import pytest
from applying import Applicant, sealed_corner, sealed_garden
from lender import publish
from through_door import Client

from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.typed import opened_text
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.models import Event


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish(raw=sealed_corner())
    publish(raw=sealed_garden())


def client(language: str = "en") -> Client:
    return Client(headers={"accept": "text/html", "accept-language": language})


def boxes(page: str) -> dict[str, str]:
    """The boxes of a form, by what a person is asked."""
    matches = re.findall(r'<label for="([^"]+)">([^<]+)</label>', page)
    return {question: box for box, question in matches}


def typed(by: Client, **answers: str) -> dict[str, str]:
    """What is sent where these are typed, by how their question begins."""
    asked = boxes(by.get("/apply/range").content.decode())
    named = {"much": "How much", "months": "Over how many", "income": "Your income"}
    return {
        next(box for question, box in asked.items() if question.startswith(named[name])): text
        for name, text in answers.items()
    }


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_first_page_leads_to_the_finder_and_to_the_first_idea() -> None:
    page = client().get("/apply/").content.decode()
    assert 'href="/apply/find"' in page
    assert 'href="/apply/range"' in page


def test_the_finder_says_of_each_loan_why_it_fits_or_does_not() -> None:
    by = client()
    sent = {"whom": "person", "need": "study", "amount": "60,000", "when": "today", "go": "on"}
    said = text(by.post("/apply/find", sent))
    assert said.count("It does not fit in every way") == 2
    assert "It goes up to EUR 50,000." in said
    assert "It is not meant for what you need: study or training." in said
    assert "It is for people and their households." in said
    fits = text(by.post("/apply/find", {**sent, "need": "car", "amount": "5000"}))
    assert fits.count("It fits") == 2


def test_an_amount_that_may_be_read_twice_is_asked_back_and_kept_in_its_box() -> None:
    answer = client().post("/apply/find", {"amount": "12.000,50", "go": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="12.000,50"' in page
    assert 'aria-invalid="true"' in page


def test_the_facts_are_asked_once_for_all_loans_and_the_range_is_told_for_each() -> None:
    by = client()
    assert len(boxes(by.get("/apply/range").content.decode())) == 3
    answer = by.post("/apply/range", typed(by, much="8,000", months="36", income="6000"))
    assert answer.status_code == 200
    said = text(answer)
    for each in ("Corner loan", "Garden loan", "Likely: at least 9 in 10", "EUR 8,000",
                 "nothing is promised"):  # fmt: skip
        assert each in said, each
    again = by.post("/apply/range", typed(by, much="40000", months="36", income="1000"))
    assert "Unlikely" in text(again)
    assert "您想借多少" in text(client("zh-CN").get("/apply/range"))


def test_nothing_is_kept_of_a_first_idea() -> None:
    by, before = client(), Event.objects.count()
    by.post("/apply/range", typed(by, much="8,000", income="6000"))
    by.post("/apply/find", {"need": "car", "amount": "8000", "go": "on"})
    assert Event.objects.count() == before
    assert not Draft.objects.exists()


def test_what_cannot_be_read_is_said_and_nothing_at_all_is_not_enough() -> None:
    by = client()
    wrong = by.post("/apply/range", typed(by, much="much"))
    assert wrong.status_code == 422
    assert "We cannot read this as a number" in text(wrong)
    empty = by.post("/apply/range", {"go": "on"})
    assert empty.status_code == 422
    assert "Please answer at least one of these." in text(empty)


def test_another_language_keeps_what_was_typed() -> None:
    by = client()
    sent = typed(by, much="8,000")
    page = by.post("/apply/range", {**sent, "go": "language-zh"}).content.decode()
    assert '<html lang="zh-Hans">' in page
    assert 'value="8,000"' in page


def test_what_was_typed_is_not_asked_again_in_the_application() -> None:
    by = client()
    page = by.post("/apply/range", {**typed(by, much="8,000", income="6000"), "need": "car"})
    form = page.content.decode().partition("Garden loan</h3>")[2].partition("</form>")[0]
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert sent.pop("csrfmiddlewaretoken", "there")
    person = Applicant(by)
    person.home = by.post("/apply/begin", sent)["Location"]
    row = Draft.objects.get(pk=person.draft)
    kept = opened_text(subjects.several([row.id])[row.id], row.sealed).raw
    assert {name: dict(raw) for name, raw in kept.items()} == {
        "amount": {"": "8,000"},
        "income": {"": "6000"},
        "spend_on": {"": "vehicle"},
    }


def test_only_what_the_loan_asks_is_taken_along() -> None:
    by = client()
    sent = {"product": "corner", "fact-of-sex": "x", "fact-of-amount": "1\x00" + "9" * 900}
    person = Applicant(by)
    person.home = by.post("/apply/begin", sent)["Location"]
    row = Draft.objects.get(pk=person.draft)
    kept = opened_text(subjects.several([row.id])[row.id], row.sealed).raw
    assert list(kept) == ["amount"]
    assert len(kept["amount"][""]) == 500
