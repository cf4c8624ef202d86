"""An applicant is written to, without asking, when there is something to know or to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from applying import CONTACT, Applicant, bureau, publish_asking
from django.utils import timezone

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.services import asked_of, decide_together
from equipoise.service.contexts.drafts import services, tasks
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.typed import opened_text
from equipoise.service.platform.messages import reading as outbox
from equipoise.service.platform.messages.models import Message, Refusal
from equipoise.service.platform.record import subjects

FRESH = {"score": 780.0, "score_date": timezone.now().date().isoformat()}
DEBTS = {**FRESH, "dti": 0.7, "on_sick_leave": False}  # the corner lender declines by a rule
SICK = {**FRESH, "dti": 0.2, "on_sick_leave": True}  # and has a person look at this


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def written() -> list[str]:
    """Which texts went out, in order."""
    rows = Message.objects.order_by("made_at", "pk").values_list("text", flat=True)
    return [each.partition("@")[0] for each in rows]


def sent(amount: str = "8,000", **known: Any) -> Applicant:
    with bureau(**known):
        person = Applicant().begin().fill(amount=amount)
        person.send()
    tasks.tell_applicants.func()
    return person


def decided_again(person: Applicant, **known: Any) -> None:
    """The lender knows more by now, and the same application is decided anew."""
    row = Draft.objects.get(pk=person.draft)
    typed = opened_text(subjects.several([row.id])[row.id], row.sealed)
    facts: Mapping[str, Any] = {**(typed.facts or {}), **known}
    ask = asked_of(
        facts, services.FOR_APPLICANTS, "-".join(sorted(known)), strategy=row.product, language="en"
    )
    (answer,) = decide_together((ask,))
    if isinstance(answer, Exception):
        raise answer
    assert answer.row.application == row.application
    tasks.tell_applicants.func()


def test_that_a_draft_is_kept_is_said_once_with_the_way_back() -> None:
    person = Applicant().begin()
    person.post("contact", {"email": "ada at", "phone": ""})
    assert written() == []
    person.post("contact", CONTACT)
    person.post("contact", CONTACT)
    assert written() == ["draft_saved"]
    (message,) = outbox.newest(9)
    assert f"{person.home}open" in message.said
    assert message.to == CONTACT["email"]


def test_whoever_mends_their_address_is_written_to_there_but_not_many_others() -> None:
    person = Applicant().begin()
    for name in ("ada", "adah", "eve", "bob", "carol"):
        person.post("contact", {"email": f"{name}@example.com", "phone": ""})
    rows = [each.to for each in reversed(outbox.newest(9))]
    assert rows == ["ada@example.com", "adah@example.com", "eve@example.com"]


def test_what_was_sent_is_received_and_an_answer_announced() -> None:
    person = sent(**DEBTS)
    assert written() == ["draft_saved", "received", "answer_ready"]
    reference = Draft.objects.get(pk=person.draft).reference
    newest = outbox.newest(1)[0]
    assert reference in newest.subject + newest.said
    tasks.tell_applicants.func()
    person.send()
    assert len(written()) == 3


def test_while_a_person_looks_at_it_nothing_is_announced_until_they_have() -> None:
    person = sent(**SICK)
    assert written() == ["draft_saved", "received"]
    decided_again(person, on_sick_leave=False, dti=0.7)
    assert written()[2:] == ["answer_ready"]


def test_what_is_asked_for_is_announced_once() -> None:
    person = sent("15,000", **SICK)  # large loans are checked
    decided_again(person, on_sick_leave=False)
    owed = Draft.objects.get(pk=person.draft).told
    assert owed.startswith("needs_you ")
    assert written()[2:] == ["needs_you"]
    decided_again(person, on_sick_leave=False, dti=0.21)
    assert written()[2:] == ["needs_you"]


def test_messages_are_in_the_language_that_was_chosen() -> None:
    with bureau(**DEBTS):
        person = Applicant().begin()
        person.type("amount", "1", "language-zh")
        person.fill().send()
    assert {each.language for each in Message.objects.all()} == {"zh"}


def left_for(person: Applicant, **time: float) -> None:
    Draft.objects.filter(pk=person.draft).update(changed_at=timezone.now() - timedelta(**time))


def test_the_end_of_a_draft_is_announced_five_days_before() -> None:
    person = Applicant().begin().fill()
    left_for(person, days=24, hours=23)
    assert tasks.warn_of_expiry.func() == 0
    left_for(person, days=25, hours=1)
    assert tasks.warn_of_expiry.func() == 1
    assert tasks.warn_of_expiry.func() == 0
    assert written()[1:] == ["draft_expires"]
    person.type("amount", "9000")
    left_for(person, days=25, hours=1)
    assert tasks.warn_of_expiry.func() == 1


def test_whoever_cannot_be_reached_loses_their_draft_all_the_same() -> None:
    person = Applicant().begin()
    left_for(person, days=25, hours=1)
    assert tasks.warn_of_expiry.func() == 0
    left_for(person, days=30, hours=1)
    assert tasks.expire_drafts.func() == 1


def test_whoever_opted_out_still_gets_the_answer() -> None:
    person = Applicant().begin()
    person.post("contact", CONTACT)
    (first,) = Message.objects.all()
    Refusal.objects.create(
        contact=first.contact, purpose="progress", message=first.id, since=timezone.now()
    )
    with bureau(**DEBTS):
        person.fill().send()
    tasks.tell_applicants.func()
    states = dict(Message.objects.values_list("text", "state"))
    assert states["received@2"] == "suppressed"
    assert states["answer_ready@1"] == "kept"


def test_an_erased_applicant_is_not_written_to_and_holds_nobody_up() -> None:
    person = sent(**SICK)
    subjects.erase(person.draft, "admin", "request")
    other = sent(**DEBTS)
    assert written()[2:] == ["draft_saved", "received", "answer_ready"]
    with pytest.raises(Unreadable):
        decided_again(person, on_sick_leave=False, dti=0.7)
    assert Draft.objects.get(pk=other.draft).state == DraftState.SENT
