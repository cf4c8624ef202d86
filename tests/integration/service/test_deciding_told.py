"""What a person decides where the strategy left it to one reaches the applicant at once: on their
pages, by message and letter, and an offer can be taken and signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from applying import ANSWERS, CONTACT, Applicant, bureau
from at_the_desk import at
from fronting import ALL, accepted, begun, front
from lender import AUTHORITY
from letter_lender import SAFE, Heed, applied, bare, heeding_laws, publish_speaking, words
from people import send
from test_cases import officer
from test_deciding import differing

from equipoise.service.contexts.agreements.models import Agreement
from equipoise.service.contexts.arrivals import tasks as arrivals
from equipoise.service.contexts.arrivals.models import Wait
from equipoise.service.contexts.concerns import tasks as concerns
from equipoise.service.contexts.concerns.models import Concern
from equipoise.service.contexts.drafts import tasks as drafts
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.feedback import tasks as feedback
from equipoise.service.contexts.feedback.models import Ask
from equipoise.service.contexts.notices import tasks as notices
from equipoise.service.contexts.notices.models import Notice
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record.proving import verify_record
from equipoise.texts.dates import written_day

WORDS = "The doctor's letter of Planted & Sons was read."
SICK = {**SAFE, "on_sick_leave": True}
TERMS = {"amount": 8_000.0, "months": 36, "apr": 0.1}
STRAINED = "The loan would strain your income."


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking(authority=AUTHORITY)


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


def decided(**answer: Any) -> None:
    _, client = officer("senior")
    at = f"/v1/decisions/{Draft.objects.get().decision}/decide"
    made = send(client, "POST", at, {"words": WORDS, **answer})
    assert made.status_code == 201, made.content


def said_yes(**terms: Any) -> None:
    reasons = {"reasons": ["STRAINED"]} if terms else {}
    decided(answer="approve", terms={**TERMS, **terms}, **reasons)


def said_no() -> None:
    decided(answer="decline", reasons=["STRAINED"])


def told() -> list[str]:
    return [each.text.partition("@")[0] for each in Message.objects.order_by("made_at")]


def test_a_yes_is_an_offer_on_the_page_that_is_taken_and_signed(heeding: Any) -> None:
    heeding("")
    applicant = applied(SICK)
    waiting = applicant.text("progress")
    assert "Settle this" in waiting  # why it was referred is something to settle
    said_yes()
    page = applicant.text("progress")
    assert "A person at our company decided: yes." in page
    assert "It is your turn" in page
    assert "See the offer" in page
    assert "We will be in touch" not in page
    assert "We handed it to a person, who decides." in page  # its history stays
    offer = applicant.get("answer").content.decode()
    assert re.search(r"\b10(\.0+)?\s?%", offer)
    assert "Have this offer" not in offer  # a person's offer is as it is
    seen = re.findall(r'name="seen" value="([^"]*)"', offer)[0]
    taken = applicant.post("answer/take", {"amount": "", "months": "", "seen": seen})
    assert taken.status_code == 302
    agreement = applicant.get("agreement").content.decode()
    seen = re.findall(r'name="seen" value="([^"]*)"', agreement)[0]
    applicant.post("agreement/sign", {"name": "Ana López", "agreed": "on", "seen": seen})
    assert Agreement.objects.get().state == "signed"
    assert "You have signed the loan agreement." in applicant.text("progress")
    assert verify_record().valid
    assert not differing()


def test_a_no_says_why_by_page_message_and_letter_and_leaves_nothing_to_settle(
    heeding: Any,
) -> None:
    heeding("US")
    applicant = applied(SICK)
    concerns.raise_concerns.func()
    assert "Settle this" in applicant.text("progress")
    said_no()
    page = applicant.text("progress")
    assert "A person at our company decided: no." in page
    assert "See why, and what you can do" in page
    assert "Settle this" not in page
    why = applicant.text("decline")
    assert STRAINED in why
    assert "A program decided this" not in why
    assert "A person looks at it with you." not in why  # why it was referred is no reason for a no
    assert notices.make_notices.func() == 1, Notice.objects.get().lacks
    letter = words(applicant.get("letter").content)
    assert bare("and the answer is no.") in letter
    assert bare(STRAINED) in letter
    assert "EqualCreditOpportunityAct" in letter
    concerns.raise_concerns.func()
    assert Concern.objects.get().state == "closed"


def test_another_offer_says_what_stood_in_the_way_and_owes_its_letter(heeding: Any) -> None:
    heeding("US")
    applicant = applied(SICK)
    said_yes(amount=6_000.0)
    page = applicant.text("progress")
    assert "makes you another offer than you asked for" in page
    offer = applicant.text("answer")
    assert STRAINED in offer
    assert "6,000" in offer
    assert notices.make_notices.func() == 1, Notice.objects.get().lacks
    letter = words(applicant.get("letter").content)
    assert bare(STRAINED) in letter
    assert "6,000" in letter
    assert [each.letter for each in Notice.objects.all()] == ["counter_offer"]


def test_a_yes_is_written_too_where_the_lender_writes_letters(heeding: Any) -> None:
    heeding("US")
    applicant = applied(SICK)
    said_yes()
    notices.make_notices.func()
    letter = words(applicant.get("letter").content)
    assert bare("and the answer is yes.") in letter
    assert bare("You can read the offer and take it on the page of your application.") in letter


def test_in_chinese_no_sentence_of_it_is_english(heeding: Any) -> None:
    heeding("CN")
    applicant = applied(SICK, "zh")
    said_yes(amount=6_000.0)
    page = applicant.text("progress") + applicant.text("answer")
    assert "本机构工作人员的决定" in page
    assert "person" not in page
    notices.make_notices.func()
    assert "本机构工作人员" in words(applicant.get("letter").content)


def test_who_waited_is_written_to_asked_how_it_went_and_waits_no_more(heeding: Any) -> None:
    heeding("")
    with bureau(**SICK):
        applicant = Applicant().begin().fill()
        applicant.post("contact", {**CONTACT, "asking_back": "on"})
        applicant.send()
    arrivals.sum_up_waits.func()
    assert Wait.objects.filter(ended_at__isnull=True, stage__startswith="person").count() == 1
    before = told().count("answer_ready")
    said_no()
    for job in (arrivals.sum_up_waits, feedback.ask_how_it_went, drafts.tell_applicants):
        job.func()
    assert not Wait.objects.filter(ended_at__isnull=True).exists()
    assert told().count("answer_ready") == before + 1
    assert Ask.objects.get().outcome == "decline"


def test_a_front_end_reads_takes_and_signs_the_same(heeding: Any) -> None:
    heeding("")
    program = front()
    draft = begun(program)["id"]
    with bureau(**SICK):
        for what, body in (
            ("answers", {"answers": ANSWERS}),
            ("contact", {"email": "ada@example.com"}),
            ("consents", {"purposes": ["decision", "sources"]}),
            ("send", {}),
        ):
            assert send(program, "POST", f"{ALL}/{draft}/{what}", body).status_code == 200
    said_yes()
    stands = program.get(f"{ALL}/{draft}/standing").json()
    assert (stands["outcome"], stands["by_person"], stands["takeable"], stands["turn"]) == (
        "refer",
        "approve",
        True,
        "you",
    )
    offers = program.get(f"{ALL}/{draft}/offers").json()
    assert [each["apr"] for each in offers["offers"]] == [0.1]
    assert offers["boxes"] == []  # nothing else can be asked for
    other = {"amount": "7000", "months": "36", "wanted": True}
    assert send(program, "POST", f"{ALL}/{draft}/terms", other).json()["offer"] is None
    read = accepted(program, draft, offers["offers"][0]["seen"])
    signed = {"name": "Ana López", "seen": read["seen"]}
    assert send(program, "POST", f"{ALL}/{draft}/signature", signed).json()["state"] == "signed"


def test_nothing_that_a_person_wrote_for_colleagues_reaches_the_applicant(heeding: Any) -> None:
    heeding("US")
    applicant = applied(SICK)
    said_no()
    notices.make_notices.func()
    for page in ("progress", "answer", "data", "data.json", "progress/history"):
        answer = applicant.get(page)
        content = answer.content
        assert b"Planted &amp; Sons" not in content, page
        assert b"Planted & Sons" not in content, page
    assert bare("Planted & Sons") not in words(applicant.get("letter").content)


def test_a_persons_offer_ends_when_what_it_was_made_by_is_too_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    applicant = applied(SICK)
    said_yes()
    score_date = date.fromisoformat(SAFE["score_date"])
    last = score_date + timedelta(days=30)  # the contract's `fresh_days`, of the score
    until = written_day(last)
    assert f"You can take it until {until}." in applicant.text("progress")
    offer = applicant.get("answer").content.decode()
    seen = re.findall(r'name="seen" value="([^"]*)"', offer)[0]
    at(datetime.combine(last, time(12), UTC), monkeypatch)
    assert "It is your turn" in applicant.text("progress")
    at(datetime.combine(last + timedelta(days=1), time(12), UTC), monkeypatch)
    page = applicant.text("progress")
    assert "has ended: it was not taken in time." in page
    assert "See the offer" not in page
    assert "It is your turn" not in page
    applicant.post("answer/take", {"amount": "", "months": "", "seen": seen})
    assert not Agreement.objects.exists()
