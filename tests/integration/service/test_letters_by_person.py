"""What a person decides in place of the strategy is told by a letter of its own, by message and on
the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from applying import Applicant
from corner_lender import STRATEGY
from lender import AUTHORITY
from letter_lender import (
    SAFE,
    Heed,
    applied,
    bare,
    declined,
    heeding_laws,
    publish_speaking,
    words,
)
from people import send
from test_cases import officer

from equipoise.service.contexts.agreements.models import Agreement
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices import tasks
from equipoise.service.contexts.notices.events import NoticeDue, NoticeMade
from equipoise.service.contexts.notices.models import Notice
from equipoise.service.contexts.notices.reading import letter
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.texts.dates import written_day

LARGE_TO_PEOPLE = {**AUTHORITY, "matrix": [{"up_to": 1, "level": "system"}, {"level": "junior"}]}
REASON = {"en": "Your income could not be shown.", "zh": "您的收入无法证实。"}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking(authority=AUTHORITY)


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


def decision() -> str:
    return Draft.objects.get().decision


def overridden(answer: str, review: bool = False) -> None:
    """A person decides so, and settles the review if one waits."""
    _, client = officer("senior")
    sent = {"answer": answer, "reason": "INCOME", "words": "The payslips were read."}
    made = send(client, "POST", f"/v1/decisions/{decision()}/override", sent)
    assert made.status_code == 201, made.content
    if review:
        (row,) = send(client, "GET", "/v1/reviews").json()["items"]
        settled = {"outcome": "overturned", "words": "She is right."}
        answer_ = send(client, "POST", f"/v1/reviews/{row['id']}/settle", settled)
        assert answer_.status_code == 200, answer_.content


def told() -> list[str]:
    return [each.text.partition("@")[0] for each in Message.objects.order_by("made_at")]


@pytest.mark.parametrize(
    ("law", "language", "yes", "place"),
    [
        ("US", "en", "and the answer is yes.", "takes the place of the one that we wrote on"),
        ("", "en", "and the answer is yes.", "takes the place of the one that we wrote on"),
        ("CN", "zh", "结果为批准", "本函取代我们于"),
    ],
)
def test_a_review_that_turns_a_no_makes_a_second_letter_and_keeps_the_first(
    heeding: Any, law: str, language: str, yes: str, place: str
) -> None:
    heeding(law)
    applicant = declined(language)
    tasks.make_notices.func()
    first = applicant.get("letter").content
    applicant.post("decline/review", {"words": ""})
    overridden("approve", review=True)
    assert tasks.make_notices.func() == 1, Notice.objects.last().lacks
    second = applicant.get("letter").content
    read = words(second)
    assert bare(yes) in read
    assert bare(place) in read
    assert bare(STRATEGY["texts"]["STRAINED"]["en"]) not in read
    kept = Notice.objects.order_by("id")
    assert [each.letter for each in kept] == ["decline", "approval"]
    assert letter(kept[0].pk, FOR_APPLICANTS) == first  # archived as it was
    assert len(record.history(kept[0].application, NoticeMade)) == 2
    assert [listed.content for listed in _all_of(applicant)] == [second, first]
    assert verify_record().valid
    assert [e for e in verify_rows().differences if "notices" in e.table] == []


def _all_of(applicant: Applicant) -> list[Any]:
    """What is behind each link to a letter of the application's page, from the top."""
    page = applicant.get("progress").content.decode()
    return [applicant.get(each) for each in re.findall(r'href="[^"]*/(letter\?of=[^"]+)"', page)]


def test_each_letter_is_listed_by_what_it_is_about_and_when_it_was_made(heeding: Any) -> None:
    heeding("US")
    applicant, stranger = declined(), declined()
    tasks.make_notices.func()
    for page in ("progress", "progress/history", "data"):
        said = applicant.text(page)
        day = written_day(date.today())
        assert f"Our letters to you Our decision on your application {day} · PDF" in said, page
    theirs = Notice.objects.exclude(
        application=Draft.objects.get(pk=applicant.draft).application
    ).get()
    assert applicant.get(f"letter?of={theirs.pk}")["Location"] == applicant.home + "progress"
    assert stranger.get(f"letter?of={theirs.pk}")["Content-Type"] == "application/pdf"


def test_a_no_that_was_turned_before_its_letter_was_made_is_not_sent(heeding: Any) -> None:
    heeding("US")
    declined()
    overridden("approve")
    assert tasks.make_notices.func() == 1
    states = dict(Notice.objects.values_list("letter", "state"))
    assert (states["decline"], states["approval"]) == ("dropped", "sent")


def test_who_asked_for_a_review_is_written_to_and_reads_it_on_the_page(heeding: Any) -> None:
    heeding("US")
    applicant = declined()
    applicant.post("decline/review", {"words": ""})
    overridden("approve", review=True)
    tasks.make_notices.func()
    assert told().count("review_settled") == 1
    page = applicant.text("progress")
    assert "A person at our company decided: yes." in page
    assert "Take our answer as a letter" in page
    assert "No: we cannot lend" not in page
    assert applicant.get("decline").status_code == 302
    assert applicant.get("answer").status_code == 200
    tasks.make_notices.func()
    assert told().count("review_settled") == 1


def test_a_review_that_keeps_the_answer_is_told_with_a_letter_that_says_why(heeding: Any) -> None:
    heeding("US")
    applicant = declined()
    tasks.make_notices.func()
    applicant.post("decline/review", {"words": ""})
    _, client = officer("senior")
    (row,) = send(client, "GET", "/v1/reviews").json()["items"]
    kept = {"outcome": "kept", "words": "It is as it was."}
    assert send(client, "POST", f"/v1/reviews/{row['id']}/settle", kept).status_code == 200
    tasks.make_notices.func()
    assert told().count("review_settled") == 1
    assert [each.letter for each in Notice.objects.order_by("id")] == ["decline", "upheld"]
    read = words(applicant.get("letter").content)
    assert bare("and came to the same answer.") in read
    assert bare(STRATEGY["texts"]["STRAINED"]["en"]) in read
    assert bare("takes the place of") not in read


def test_who_was_refused_by_a_person_asks_for_another_and_reads_what_came_of_it(
    heeding: Any,
) -> None:
    """Page, letter and message, by a person's no on a case that was left to one, and by what is
    unclear in it."""
    publish_speaking(authority=LARGE_TO_PEOPLE, version=2)
    heeding("US")
    applicant = applied(SAFE, "zh")
    assert Draft.objects.get().application
    _, first = officer("senior")
    no = {"answer": "decline", "words": "Planted for colleagues.", "reasons": ["STRAINED"]}
    made = send(first, "POST", f"/v1/decisions/{decision()}/decide", no)
    assert made.status_code == 201, made.content
    assert applicant.get("answer")["Location"] == applicant.home + "decline"
    page = applicant.text("decline")
    assert "本决定由本机构工作人员作出" in page
    assert "没有人工参与" not in page
    assert "Planted" not in page
    tasks.make_notices.func()
    applicant.post("decline/review", {"words": "合同已读"})
    assert "正在由人工重新审核" in applicant.text("progress")
    _, second = officer("senior")
    (row,) = send(second, "GET", "/v1/reviews").json()["items"]
    limits = second.get(f"/v1/decisions/{decision()}/deciding").json()["limits"]
    terms = {
        "amount": limits["amount"]["most"],
        "months": int(limits["months"]["most"]),
        "apr": limits["apr"]["most"],
    }
    settled = {"outcome": "overturned", "words": "Right.", "terms": terms, "reasons": ["STRAINED"]}
    done = send(second, "POST", f"/v1/reviews/{row['id']}/settle", settled)
    assert done.status_code == 200, done.content
    tasks.make_notices.func()
    assert told().count("review_settled") == 1
    assert [each.letter for each in Notice.objects.order_by("id")] == ["decline", "counter_offer"]
    read = words(applicant.get("letter").content)
    assert bare("本函取代我们于") in read
    assert bare("Planted") not in read
    assert applicant.get("answer").status_code == 200  # the offer
    assert applicant.get("decline").status_code == 302
    assert verify_record().valid


def test_a_person_who_declines_what_was_approved_owes_the_letter_of_a_no(heeding: Any) -> None:
    publish_speaking(authority=AUTHORITY, version=2, texts={"INCOME": REASON})
    heeding("US")
    applicant = applied(SAFE)
    overridden("decline")
    assert tasks.make_notices.func() == 1, Notice.objects.get().lacks
    read = words(applicant.get("letter").content)
    assert bare("and the answer is no.") in read
    assert bare(REASON["en"]) in read
    assert "EqualCreditOpportunityAct" in read
    (due,) = record.history(Notice.objects.get().application, NoticeDue)
    assert (due.event.letter, due.event.rule) == ("decline", "us.decision-complete")
    page = applicant.text("progress")
    assert "A person at our company decided: no." in page
    assert "See the offer" not in page


def test_what_a_person_declined_can_be_taken_no_more(heeding: Any) -> None:
    heeding("")
    applicant = applied(SAFE)
    page = applicant.get("answer").content.decode()
    offer = {
        field: re.findall(rf'name="{field}" value="([^"]*)"', page)[0]
        for field in ("amount", "months", "seen")
    }
    overridden("decline")
    applicant.post("answer/take", offer)
    assert not Agreement.objects.exists()


def test_a_no_whose_reason_has_no_text_for_applicants_is_not_sent_and_that_is_told(
    heeding: Any,
) -> None:
    heeding("US")
    applied(SAFE)
    overridden("decline")
    assert tasks.make_notices.func() == 0
    assert "reasons" in Notice.objects.get().lacks
