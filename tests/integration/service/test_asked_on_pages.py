"""One thing more, on the pages: an underwriter asks, the applicant reads why and by when, answers
there, and the case shows it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from applying import Applicant
from at_the_desk import at, follow
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from lender import AUTHORITY
from letter_lender import SAFE, applied, publish_speaking
from test_cases import officer
from test_papers import photo

from equipoise.service.contexts.asks import tasks as asks
from equipoise.service.contexts.asks.models import Ask
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.drafts import tasks as drafts
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform import clock
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record.proving import verify_record

WHY = "Your payslips begin in March."
WORDS = {
    "subject": "question:text",
    "question_en": "Since when do you work there?",
    "question_zh": "您从何时起在那里工作？",
    "why_en": WHY,
    "why_zh": "",
    "days": "3",
}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any, tmp_path: Path) -> Iterator[None]:
    before = settings.CONFIGURATION
    settings.CONFIGURATION = replace(
        before,
        papers=str(tmp_path / "papers"),
        messages="keep",
        address="https://apply.example.com",
    )
    publish_speaking(authority=AUTHORITY)
    yield
    settings.CONFIGURATION = before


def a_case(language: str = "en") -> tuple[Applicant, Any, str]:
    """Somebody whose application waits for a person, an officer who opened it, and its address."""
    applicant = applied(SAFE, language, amount="12000")
    follow()
    _, client = officer("senior")
    return applicant, client, opened(client)


def opened(client: Any) -> str:
    at = f"/cases/{Draft.objects.get().application}/"
    client.defaults["HTTP_ACCEPT"] = "text/html"
    assert client.post(f"{at}open").status_code == 302
    return at


def text_of(answer: Any) -> str:
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return html.unescape(plain)


def asked(client: Any, case: str, **changes: str) -> str:
    """Ask; the ask's id."""
    answer = client.post(f"{case}ask", {**WORDS, **changes})
    assert answer.status_code == 302, text_of(answer)
    return Ask.objects.latest("id").id


def test_the_whole_way_from_the_desk_to_the_applicant_and_back() -> None:
    applicant, client, case = a_case()
    assert "It is our turn" in applicant.text("progress")
    before = re.search(r'name="seen" value="(\w+)"', applicant.get("progress").content.decode())
    ask = asked(client, case)
    said = applicant.text("progress")
    assert "It is your turn." in said
    assert WORDS["question_en"] in said
    assert WHY in said
    assert "nothing is decided by that alone" in said
    assert before is not None
    assert (
        applicant.client.get(f"{applicant.home}progress/part?seen={before[1]}").status_code == 200
    )
    for _ in range(2):
        drafts.tell_applicants.func()
    (message,) = Message.objects.filter(text__startswith="needs_you@")
    assert WHY not in str(message.__dict__)
    page = applicant.get(f"asked/{ask}")
    assert WORDS["question_en"] in text_of(page)
    assert applicant.post(f"asked/{ask}", {"answer": ""}).status_code == 422
    done = applicant.post(f"asked/{ask}", {"answer": "Since May, at Planted & Sons."})
    assert done["Location"] == applicant.home + "progress"
    said = applicant.text("progress")
    assert "We have your answer." in said
    assert "It is our turn" in said
    assert "You answered what we asked." in said
    assert "Since May, at Planted & Sons." in html.unescape(applicant.text("data"))
    assert "Planted" in str(applicant.get("data.json").json()["asked"])
    follow()
    assert Work.objects.get().news == "answered"
    shown = text_of(client.get(case))
    assert "Since May, at Planted & Sons." in shown
    queue = text_of(client.get("/cases/"))
    assert "the customer has answered what was asked" in queue
    assert verify_record().valid


def test_each_kind_is_asked_with_boxes_of_its_own_and_read_by_them() -> None:
    applicant, client, case = a_case()
    kinds = {
        "question:number": ({"answer": "many"}, {"answer": "1,250.5"}, "1,250.5"),
        "question:yes_no": ({}, {"answer": "yes"}, "Yes"),
        "question:date": (
            {"answer-day": "31", "answer-month": "2", "answer-year": "2024"},
            {"answer-day": "1", "answer-month": "3", "answer-year": "2024"},
            "1 March 2024",
        ),
        "fact:income": ({"answer": "-4"}, {"answer": "3100"}, "3,100"),
    }
    for subject, (wrong, right, read) in kinds.items():
        ask = asked(client, case, subject=subject)
        refused = applicant.post(f"asked/{ask}", wrong)
        assert refused.status_code == 422, subject
        assert 'aria-invalid="true"' in refused.content.decode() or subject.endswith("yes_no")
        assert "There is something to mend" in text_of(refused)
        assert applicant.post(f"asked/{ask}", right).status_code == 302, subject
        assert read in applicant.text(f"asked/{ask}"), subject
        assert read in text_of(client.get(case)), subject
    shown = text_of(client.get(case))
    assert "the applicant, asked" in shown
    assert "With what the applicant answered since, the strategy says: to a person." in shown


def test_a_document_is_brought_on_the_spot() -> None:
    applicant, client, case = a_case()
    ask = asked(client, case, subject="question:document")
    at_ask = f"{applicant.home}asked/{ask}"
    assert applicant.client.post(at_ask, {"go": "on"}).status_code == 422
    bad = {"go": "on", "paper": SimpleUploadedFile("x.exe", b"MZ" + bytes(400))}
    assert applicant.client.post(at_ask, bad).status_code == 422
    good = {"go": "on", "paper": SimpleUploadedFile("lease.jpg", photo())}
    assert applicant.client.post(at_ask, good)["Location"] == applicant.home + "progress"
    assert "lease.jpg" in applicant.text(f"asked/{ask}")
    assert "lease.jpg" in text_of(client.get(case))


def test_in_chinese_and_what_is_in_another_language_is_marked_so() -> None:
    applicant, client, case = a_case("zh")
    ask = asked(client, case)
    said = applicant.text("progress")
    assert WORDS["question_zh"] in said
    assert "轮到您" in said or "请您" in said
    page = applicant.get(f"asked/{ask}").content.decode()
    assert f'<span lang="en">{WHY}</span>' in page
    assert "（原文为 English）" in page
    other = applicant.post(f"asked/{ask}", {"answer": "五月"}, go="language-en")
    assert 'value="五月"' in other.content.decode()
    assert WORDS["question_en"] in text_of(other)
    assert Ask.objects.get().state == "open"


def test_the_loser_of_two_is_told_by_whom_and_keeps_their_words() -> None:
    _, _, case = a_case()
    (first, one), (_, two) = officer("senior"), officer("senior")
    opened(one), opened(two)
    asked(one, case)
    lost = two.post(f"{case}ask", {**WORDS, "question_en": "Who pays the rent?"})
    assert lost.status_code == 409
    text = text_of(lost)
    assert first.username in text
    assert "Who pays the rent?" in text


def test_what_was_written_for_colleagues_is_not_sent_on() -> None:
    applicant, client, case = a_case()
    note = "The landlord at 7 Planted Lane doubts the contract."
    assert client.post(f"{case}note", {"note": note}).status_code == 302
    why = "We ask since THE LANDLORD at 7 Planted  Lane doubts it."
    refused = client.post(f"{case}ask", {**WORDS, "why_en": why})
    assert refused.status_code == 422
    assert "repeats what was written for colleagues" in text_of(refused)
    assert why in html.unescape(refused.content.decode())  # what was typed stands
    wrong = {"why_en": "Call +44 20 7946 0000", "days": "0", "subject": ""}
    for name, value in wrong.items():
        assert client.post(f"{case}ask", {**WORDS, name: value}).status_code == 422, name
    assert not Ask.objects.exists()
    assert "Planted" not in applicant.text("progress")


def test_taken_back_and_lapsed_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    applicant, client, case = a_case()
    ask = asked(client, case)
    assert client.post(f"{case}asks/{ask}/withdraw").status_code == 302
    assert "We do not need this any more." in applicant.text("progress")
    assert "It is our turn" in applicant.text("progress")
    assert applicant.post(f"asked/{ask}", {"answer": "May"}).status_code == 302
    assert Ask.objects.get().answered_at is None
    late = asked(client, case)
    at(clock.now() + timedelta(days=12), monkeypatch)
    asks.end_asks.func()
    said = applicant.text("progress")
    assert "We had no answer by" in said
    assert "This is not asked any more." in applicant.text(f"asked/{late}")


def test_others_asks_are_not_there_and_a_closed_case_asks_nothing() -> None:
    applicant, client, case = a_case()
    ask = asked(client, case)
    stranger = Applicant()
    stranger.home = applicant.home
    assert stranger.get(f"asked/{ask}").status_code == 404
    assert applicant.get("asked/ask-none").status_code == 404
    _, elsewhere = officer("senior", branch="south")
    del elsewhere
    _, unopened = officer("senior")
    unopened.defaults["HTTP_ACCEPT"] = "text/html"
    assert unopened.post(f"{case}ask", WORDS).status_code == 409  # the facts first
