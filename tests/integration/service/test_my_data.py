"""A person sees all that is held about their application, takes it away, and has it erased."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from applying import CONTACT, PURPOSES, Applicant, bureau, publish_asking
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from equipoise.service.contexts.decisions.events import DecisionsSearched
from equipoise.service.contexts.drafts.events import DraftErasureAsked, DraftEvent
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.reading import erasures_asked
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


@pytest.fixture
def person() -> Applicant:
    """Somebody who sent their application, and agreed to everything."""
    with bureau(score=780.0, dti=0.25):
        applicant = Applicant().begin().fill()
        applicant.post("contact", {**CONTACT, "asking_back": "on"})
        applicant.send()
    return applicant


def searched(by: str, *applications: str) -> None:
    """Somebody who works there searched, and found these."""
    event = DecisionsSearched(
        by=by, key=None, fields=["identifier"], people=len(applications), subjects=applications
    )
    with transaction.atomic():
        record.append(record.event(f"searches.{by}", event))


def test_a_person_sees_every_fact_and_where_it_is_from(person: Applicant) -> None:
    said = person.text("data")
    for fact in (CONTACT["email"], "3,000", "780", "0.25"):
        assert fact in said.replace("\u202f", " "), fact
    assert "You told us" in said
    assert "From our own records" in said
    assert "To decide on your application" in said


def test_a_person_takes_it_away_as_a_file(person: Applicant) -> None:
    answer = person.get("data.json")
    reference = Draft.objects.get(pk=person.draft).reference
    assert f'filename="application-{reference}.json"' in answer["Content-Disposition"]
    kept = json.loads(answer.content)
    assert kept["typed"]["income"] == {"": "3000"}
    assert kept["given"]["dti"] == 0.25
    assert kept["contact"] == CONTACT
    assert [each["purpose"] for each in kept["agreements"]] == [*PURPOSES, "asking_back"]
    assert len(kept["decisions"]) == 1


def test_a_person_sees_that_somebody_searched_for_them(person: Applicant) -> None:
    row = Draft.objects.get(pk=person.draft)
    searched("user.1", row.application)  # people of the lender's
    searched("user.2", "application-of-another")
    assert person.text("data").count("Found by a search") == 1
    assert "user.1" not in person.get("data").content.decode()
    assert len(json.loads(person.get("data.json").content)["searches"]) == 1


def test_a_person_takes_back_what_there_is_an_answer_without(person: Applicant) -> None:
    assert "Take this back" in person.text("data")
    assert person.post("data/withdraw", {"purpose": "asking_back"}).status_code == 302
    assert "Take this back" not in person.text("data")
    person.post("data/withdraw", {"purpose": "asking_back"})
    person.post("data/withdraw", {"purpose": "decision"})
    person.post("data/withdraw", {"purpose": "nothing"})
    kinds = [each.entry.kind for each in record.history(person.draft, DraftEvent)]
    assert kinds.count("draft.withdrew") == 1
    (kept,) = (
        each
        for each in json.loads(person.get("data.json").content)["agreements"]
        if each["withdrawn"]
    )
    assert (kept["purpose"], kept["text"]) == ("asking_back", 2)


def test_a_person_asks_to_be_erased_and_an_administrator_sees_it(person: Applicant) -> None:
    assert "must be kept" not in person.text("data")
    assert person.post("data/erase").status_code == 302
    person.post("data/erase")
    assert "tells you what must be kept" in person.text("data")
    assert len(record.history(person.draft, DraftErasureAsked)) == 1
    reference = Draft.objects.get(pk=person.draft).reference
    assert [each.reference for each in erasures_asked()] == [reference]
    subjects.erase(person.draft, "admin", "request")
    assert erasures_asked() == []


def test_what_was_not_sent_is_deleted_rather_than_asked_about() -> None:
    person = Applicant().begin().fill()
    assert "Delete what I typed" in person.text("data")
    assert person.get("data/erase")["Location"] == f"{person.home}delete"
    assert person.post("data/erase")["Location"] == f"{person.home}delete"
    assert erasures_asked() == []


def test_what_was_begun_just_now_is_shown_as_nothing_yet() -> None:
    assert "Nothing yet" in Applicant().begin().text("data")


def test_nobody_else_sees_it_and_looking_changes_nothing(person: Applicant) -> None:
    stranger = Applicant().begin()
    for page in ("data", "data.json", "data/erase"):
        assert stranger.client.get(person.home + page).status_code == 404
    before = [*Draft.objects.values()]
    for page in ("data", "data.json", "data/erase"):
        person.get(page)
    assert person.get("data/withdraw").status_code == 405
    assert [*Draft.objects.values()] == before


def test_it_is_told_in_the_persons_language(person: Applicant) -> None:
    person.client.post(f"{person.home}language", {"language": "zh", "page": "apply-progress"})
    said = person.text("data")
    assert "由您提供" in said
    assert "You told us" not in said


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ("US", "The law has us keep the decision until"),
        ("EU", "The law names no number of days for which we keep the decision: Regulation (EU)"),
        ("", ""),
    ],
)
def test_by_which_rule_a_decision_is_kept_is_said_before_it_is_asked_for(
    person: Applicant, law: str, said: str
) -> None:
    configuration = replace(settings.CONFIGURATION, jurisdiction=law)
    with override_settings(CONFIGURATION=configuration):
        page = person.text("data/erase").replace("The law may have us", "")
    assert said in page
    assert ("12 CFR 1002.12(b)" in page) == (law == "US")
    assert ("The law " in page) == bool(law)


def test_what_a_person_complained_of_is_in_their_file(person: Applicant) -> None:
    person.post("complain", {"words": "The page is slow."})
    kept = json.loads(person.get("data.json").content)
    (complaint,) = kept["complaints"]
    assert (complaint["words"], complaint["outcome"]) == ("The page is slow.", "")
    assert kept["feedback"] == []
