"""Another offer than was asked for: with reasons it is the notice too, and without any American law
has it followed by one if it is not taken in ninety days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from letter_lender import (
    SAFE,
    WITH_AGENCY,
    Heed,
    applied,
    bare,
    heeding_laws,
    publish_speaking,
    words,
)
from test_arrivals import pass_checks
from test_letters import signed

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.outcomes import Outcome, add_outcome
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices import tasks
from equipoise.service.contexts.notices.events import NoticeDropped, NoticeDue, NoticeEvent
from equipoise.service.contexts.notices.models import Notice
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record

OFFICE = "Credit office, 2 Way, Town, 0800 2"
WITH_OFFICE = f"{WITH_AGENCY}  reasons: {{en: '{OFFICE}'}}\n"
LESS = {"rows": [{"tier": "low", "give": "full_up_less"}, {"tier": "high", "give": "decline"}]}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking(version=2, table=LESS, tiers=TIERS)


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


TIERS = [
    {"name": "low", "when": "pd < 0.1", "journeys": ["full"]},
    {"name": "high", "journeys": ["full"]},
]


def other_offer() -> Any:
    """Somebody whom nothing keeps from a loan, and whom the table gives less than asked for."""
    return applied(SAFE)


def notice() -> Notice:
    return Notice.objects.get()


def happened(kind: type[NoticeEvent]) -> list[Any]:
    return [each.event for each in record.history(notice().application, kind)]


def days_later(days: int) -> None:
    """The notice as it stands so many days after it fell due."""
    row = notice()
    assert row.due_on is not None
    Notice.objects.update(due_on=row.due_on - timedelta(days=days), tried_at=None)


def test_an_offer_without_reasons_is_followed_by_a_notice_on_the_ninetieth_day(
    heeding: Any,
) -> None:
    """12 CFR 1002.9(a)(1)(iv): ninety days after notifying the applicant of a counteroffer."""
    heeding("US", WITH_OFFICE)
    applicant = other_offer()
    assert tasks.make_notices.func() == 0
    sent = Draft.objects.get().sent_at
    assert sent is not None
    (due,) = happened(NoticeDue)
    assert (due.letter, due.rule) == ("offer_lapsed", "us.decision-after-counter-offer")
    assert due.due_on == (sent.date() + timedelta(days=90)).isoformat()
    assert "letter" not in applicant.text("answer").lower()
    days_later(80)
    assert tasks.make_notices.func() == 0  # there is time to take it
    days_later(6)
    assert tasks.make_notices.func() == 1, notice().lacks
    read = words(applicant.get("letter").content)
    assert bare("We made you another offer than you asked for, and you have not taken it.") in read
    assert bare(f"if you ask within 60 days of this letter. Ask: {OFFICE}.") in read
    assert "EqualCreditOpportunityAct" in read
    assert Message.objects.filter(text__startswith="letter_ready@").count() == 1
    assert verify_record().valid


def test_who_took_the_offer_is_owed_no_notice(heeding: Any) -> None:
    heeding("US", WITH_OFFICE)
    applicant = other_offer()
    tasks.make_notices.func()
    pass_checks(applicant)  # decided anew, and the same is offered
    signed(applicant, "Ana")
    for _ in range(2):
        tasks.make_notices.func()
        Notice.objects.update(due_on=datetime.now(UTC).date())
    assert {each.state for each in Notice.objects.all()} == {"dropped"}
    answer = record.history(Draft.objects.get().application, NoticeDropped)
    assert [each.event.why for each in answer] == ["taken", "taken"]


def test_who_is_decided_anew_is_owed_none_for_what_was_before(heeding: Any) -> None:
    heeding("US", WITH_OFFICE)
    applicant = other_offer()
    tasks.make_notices.func()
    pass_checks(applicant)
    Notice.objects.update(due_on=datetime.now(UTC).date())
    tasks.make_notices.func()
    before, _ = Notice.objects.order_by("id")
    events = record.history(before.application, NoticeDropped)
    assert [(each.event.notice, each.event.why) for each in events] == [(before.pk, "decided_anew")]


def test_who_withdrew_is_owed_no_notice(heeding: Any) -> None:
    """Comment 9-2: an expressly withdrawn application needs no notification."""
    heeding("US", WITH_OFFICE)
    other_offer()
    tasks.make_notices.func()
    decided = Decision.objects.get(pk=notice().decision)
    add_outcome(decided, Outcome.WITHDRAWN, FOR_APPLICANTS)
    days_later(90)
    tasks.make_notices.func()
    assert happened(NoticeDropped)[0].why == "withdrawn"


def test_a_notice_that_lacks_the_office_that_gives_reasons_is_not_made(heeding: Any) -> None:
    heeding("US", WITH_AGENCY)
    other_offer()
    tasks.make_notices.func()
    days_later(90)
    assert tasks.make_notices.func() == 0
    assert (notice().state, "reasons" in notice().lacks) == ("lacking", True)


@pytest.mark.parametrize(
    ("law", "language", "said"),
    [
        ("EU", "en", "No fact about you in particular stood in the way"),
        ("CN", "zh", "您个人的情况并未妨碍您申请的方案"),
    ],
)
def test_other_laws_have_the_offer_say_at_once_that_nothing_stood_in_the_way(
    heeding: Any, law: str, language: str, said: str
) -> None:
    heeding(law)
    applicant = applied(SAFE, language)
    assert tasks.make_notices.func() == 1, notice().lacks
    assert notice().letter == "counter_offer"
    assert bare(said) in words(applicant.get("letter").content)


def test_an_offer_that_is_not_taken_is_late_only_after_its_day(heeding: Any) -> None:
    from equipoise.service.contexts.notices.reading import late

    heeding("US", WITH_AGENCY)
    other_offer()
    tasks.make_notices.func()
    assert late() == 0
    Notice.objects.update(due_on=datetime.now(UTC).date() - timedelta(days=1))
    assert late() == 1
