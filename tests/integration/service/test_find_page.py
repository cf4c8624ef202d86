"""An applicant is found from every page by what is known of them: exactly, on record, and only by
whoever may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from applying import Applicant, bureau, publish_asking
from at_the_desk import underwriter
from lender import anew
from people import logged_in, person

from equipoise.service.contexts.decisions.events import DecisionsSearched, search_chain
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.pages.underwriter.views import find
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rates import Buckets
from equipoise.service.platform.record import services as record

SICK = {"score": 780.0, "dti": 0.2, "on_sick_leave": True}
NOTHING = "Nothing is found by that, or nothing that you may see."


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(find, "_buckets", Buckets())
    with anew():
        publish_asking()
        yield


def sent() -> Draft:
    with bureau(**SICK):
        applicant = Applicant().begin().fill()
        applicant.send()
    return Draft.objects.get(pk=applicant.draft)


def looked(client: Any, sought: str) -> str:
    answer = client.post("/find/", {"sought": sought})
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_application_is_found_by_reference_id_and_decision() -> None:
    draft = sent()
    client = logged_in(underwriter(""))
    for sought in (draft.reference, draft.reference.lower(), draft.application, draft.decision):
        page = looked(client, f"  {sought} ")
        assert draft.application in page, sought
        assert "to a person" in page
    assert NOTHING in looked(client, "7KQ2-M4XZ")
    assert NOTHING in looked(client, "application-" + "0" * 32)


def test_that_somebody_looked_is_recorded_and_what_they_typed_is_not() -> None:
    draft = sent()
    user = underwriter("")
    looked(logged_in(user), draft.reference)
    (event,) = record.history(search_chain(f"user.{user.pk}"), DecisionsSearched)
    assert set(event.event.fields) == {"reference", "identifier"}
    assert {draft.id, draft.application} <= set(event.event.subjects)
    assert draft.reference.encode() not in event.entry.body
    assert draft.reference not in logged_in(user).get("/find/").content.decode()


def test_the_box_is_on_every_page_of_those_who_read_cases_and_on_no_others() -> None:
    assert 'id="find-box"' in logged_in(underwriter("")).get("/").content.decode()
    assert 'id="find-box"' not in logged_in(person(Role.ADMINISTRATOR)).get("/").content.decode()


def test_a_telephone_finds_nobody_for_those_without_the_right_to_personal_facts() -> None:
    applicant = Applicant().begin()
    assert applicant.post("contact", {"email": "ada@example.com"}).status_code == 302
    draft = Draft.objects.get(pk=applicant.draft)
    reads, owner = logged_in(underwriter("")), logged_in(person(Role.SERVICE_OWNER))
    assert draft.reference in looked(reads, "ADA@example.com")
    assert NOTHING in looked(owner, "ADA@example.com")
    assert draft.reference in looked(owner, draft.reference)
    analyst = logged_in(person(Role.ANALYST))  # answers nobody: an unsent draft is not theirs
    assert NOTHING in looked(analyst, draft.reference)


def test_whoever_tries_many_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "_BURST", 2)
    client = logged_in(underwriter(""))
    for _ in range(2):
        assert NOTHING in looked(client, "7KQ2-M4XZ")
    assert "Too many were looked for" in looked(client, "7KQ2-M4XZ")
