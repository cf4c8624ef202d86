"""A person goes on with what they typed as an application for another product."""

from __future__ import annotations

from typing import Any

import pytest
from applying import CONTACT, PURPOSES, Applicant, bureau, sealed_corner, sealed_garden
from lender import publish

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.events import DraftMoved
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.typed import opened_text
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish(raw=sealed_corner())
    publish(raw=sealed_garden())


def begun() -> Applicant:
    person = Applicant().begin("corner")
    person.type("amount", "8,000")
    person.type("employment", "permanent")
    person.type("aim", "car")
    person.post("contact", CONTACT)
    person.post("consents", PURPOSES)
    return person


def typed(person: Applicant) -> dict[str, dict[str, str]]:
    row = Draft.objects.get(pk=person.draft)
    kept = opened_text(subjects.several([row.id])[row.id], row.sealed)
    return {name: dict(raw) for name, raw in kept.raw.items()}


def test_the_list_leads_to_the_other_loan_and_says_first_what_stays_and_what_is_new() -> None:
    person = begun()
    assert person.home + "move" in person.get("").content.decode()
    assert "Garden loan" in person.text("move")
    page = person.text("move/garden")
    stays, asked = page.partition("What this loan asks besides")[::2]
    asked, aside = asked.partition("Answers that this loan does not need")[::2]
    assert "8,000" in stays.replace("\u202f", " ")
    assert "Vehicle" in stays, "the purpose is said in the other loan's words"
    assert "Is there a greenhouse?" in asked
    assert "How much you would like to borrow" not in asked
    assert "Your kind of work" in aside


def test_to_look_changes_nothing_and_to_confirm_moves_everything_that_was_typed() -> None:
    person = begun()
    person.get("move/garden")
    assert Draft.objects.get(pk=person.draft).product == "corner"
    assert person.client.post(person.home + "move/garden")["Location"] == person.home
    assert Draft.objects.get(pk=person.draft).product == "garden"
    assert typed(person)["amount"] == {"": "8,000"}
    assert typed(person)["spend_on"] == {"": "vehicle"}
    person.client.post(person.home + "move/garden")  # pressed twice
    moved = [each.event for each in record.history(person.draft, DraftMoved)]
    assert [(each.before, each.product) for each in moved] == [("corner", "garden")]


def test_who_comes_back_finds_everything_as_it_was() -> None:
    person = begun()
    before = typed(person)
    person.client.post(person.home + "move/garden")
    person.client.post(person.home + "move/corner")
    assert before.items() <= typed(person).items()


def test_what_the_loan_does_not_ask_is_not_kept_once_it_is_sent() -> None:
    person = begun()
    person.client.post(person.home + "move/garden")
    for question, text in (("term", "36"), ("income", "3000"), ("greenhouse", "no")):
        assert person.type(question, text).status_code == 302
    with bureau(score=780.0, dti=0.2, employment="permanent"):
        assert person.send()["Location"] == person.home + "progress"
    assert Decision.objects.get().strategy == "garden"
    assert "aim" not in typed(person)
    assert typed(person)["spend_on"] == {"": "vehicle"}


def test_only_another_product_in_force_can_be_moved_to_and_nothing_that_was_sent_moves() -> None:
    person = begun()
    for wrong in ("nothing", "corner"):
        assert person.get(f"move/{wrong}").status_code == 404
        assert person.client.post(f"{person.home}move/{wrong}").status_code == 404
    for question, text in (("term", "36"), ("income", "3000")):
        person.type(question, text)
    person.send()
    for page in ("move", "move/garden"):
        assert person.get(page)["Location"] == person.home + "progress"
    assert person.client.post(person.home + "move/garden")["Location"] == person.home + "progress"
    assert Draft.objects.get(pk=person.draft).product == "corner"
